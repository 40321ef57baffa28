import { newBlock, newFlow } from '../newFlow.ts'
import type { Table } from '../table.ts'
import { frontDesk, frontDeskTeam } from './frontDesk.ts'
import { goodbye, messageTaking, ringing, say, type Template, teamVariables } from './template.ts'

const id = '5ee1b1d4-6f0e-4c34-9c39-0d5a3a1c7b31'

const announcements: Table = {
  name: 'Announcements',
  columns: [
    { id: 'name', name: 'Name', type: 'text' },
    { id: 'on', name: 'Callers hear it', type: 'switch' },
    { id: 'text', name: 'Text', type: 'text' },
  ],
}

/** While a switch in a table is on, callers hear its text before anything else. Nothing is published for that. */
export const emergencyMessage: Template = {
  calendars: {},
  tables: {
    ...frontDesk.tables,
    [id]: {
      table: announcements,
      rows: [{ name: 'Emergency', text: 'We are closed today because of the weather. We are back tomorrow at eight.' }],
    },
  },
  values: {},
  flow: newFlow(
    'Emergency message',
    {
      incoming: newBlock('incomingCall', 'Main number', {}, { next: 'look' }, [0, 0]),
      look: newBlock(
        'tableLookUp',
        'Look at the switch',
        {
          table: { id, name: announcements.name },
          match: { kind: 'column', column: 'name', value: '"Emergency"' },
          results: [
            { column: 'on', variable: 'isOn' },
            { column: 'text', variable: 'announcement' },
          ],
        },
        { found: 'switch', notFound: 'welcome' },
        [0, 144],
      ),
      switch: newBlock(
        'branch',
        'Switched on?',
        {
          conditions: [
            { id: 'on', label: 'On', when: { kind: 'expression', expression: 'isOn && announcement != ""' } },
          ],
        },
        { on: 'announce', else: 'welcome' },
        [1, 0],
      ),
      announce: newBlock(
        'menu',
        'Announcement',
        {
          prompt: '${announcement} To hear this again, press 1. To speak to us all the same, press 2.',
          options: [
            { key: '1', label: 'Again' },
            { key: '2', label: 'Speak to us' },
          ],
          noInputRetries: 0,
          noMatchPrompt: 'This key is not in use.',
        },
        { '1': 'announce', '2': 'who', noInput: 'bye', noMatch: 'bye' },
        [2, 0],
      ),
      bye: goodbye('Goodbye', 'Thank you for calling. Goodbye.', [3, 0]),
      welcome: say('Welcome', 'Hello, and thank you for calling.', 'who', [1, 288]),
      ...ringing(frontDesk, frontDeskTeam, [2, 288]),
      ...messageTaking([3, 648]),
    },
    {
      ...teamVariables,
      isOn: { type: 'boolean', initial: false },
      announcement: { type: 'text', initial: '' },
    },
  ),
}
