import { newBlock, newFlow } from '../newFlow.ts'
import { messageTaking, ringing, say, type Template, teamNumbers, teamVariables } from './template.ts'

const teams = teamNumbers('5ee1b1d4-6f0e-4c34-9c39-0d5a3a1c7b01', 'Phone menu numbers', ['Sales', 'Support'])

const chosen = (team: string, y: number) =>
  newBlock('setVariable', team, { assignments: [{ variable: 'team', value: `"${team}"` }] }, { done: 'who' }, [1, y])

/** A key leads to a team, to a text, or to a message. */
export const phoneMenu: Template = {
  calendars: {},
  tables: teams.tables,
  values: {},
  flow: newFlow(
    'Phone menu',
    {
      incoming: newBlock('incomingCall', 'Main number', {}, { next: 'welcome' }, [0, 0]),
      welcome: say('Welcome', 'Hello, and thank you for calling.', 'menu', [0, 144]),
      menu: newBlock(
        'menu',
        'Main menu',
        {
          prompt:
            'For sales, press 1. For support, press 2. To hear where you find us, press 3. To leave a message, press 0.',
          options: [
            { key: '1', label: 'Sales' },
            { key: '2', label: 'Support' },
            { key: '3', label: 'Where we are' },
            { key: '0', label: 'Message' },
          ],
          noInputPrompt: 'I did not hear a key.',
          noMatchPrompt: 'This key is not in use.',
        },
        { '1': 'sales', '2': 'support', '3': 'where', '0': 'message', noInput: 'message', noMatch: 'message' },
        [0, 288],
      ),
      sales: chosen('Sales', 144),
      support: chosen('Support', 288),
      where: say('Where we are', 'You find us at 1 Harbour Street. Please ring at the blue door.', 'menu', [1, 432]),
      ...ringing(teams, 'team', [2, 144]),
      ...messageTaking([2, 504]),
    },
    { ...teamVariables, team: { type: 'text', initial: '' } },
  ),
}
