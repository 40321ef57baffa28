import { newBlock, newFlow } from '../newFlow.ts'
import { goodbye, messageTaking, ringing, say, type Template, teamNumbers, teamVariables } from './template.ts'

const helpDesk = teamNumbers('5ee1b1d4-6f0e-4c34-9c39-0d5a3a1c7b03', 'Help desk numbers', ['Help desk'])

/** Asks a service how a ticket stands. Whoever has none, or wants to speak to somebody, is put through. */
export const ticketLookUp: Template = {
  calendars: {},
  tables: helpDesk.tables,
  // Nobody has that name (RFC 2606): until the real one is set, callers hear that the tickets cannot be had, and are put through.
  values: { ticketService: 'https://tickets.example' },
  flow: newFlow(
    'Ticket look-up',
    {
      incoming: newBlock('incomingCall', 'Help desk number', {}, { next: 'welcome' }, [0, 0]),
      welcome: say('Welcome', 'Hello, this is the help desk.', 'ask', [0, 144]),
      ask: newBlock(
        'collectDigits',
        'Ticket number',
        {
          prompt: 'Please enter your ticket number, and then press the pound key.',
          variable: 'ticket',
          format: 'pattern',
          pattern: '[0-9]+',
          noInputPrompt: 'I did not hear a key.',
          invalidPrompt: 'A ticket number has digits only.',
        },
        { collected: 'look', invalid: 'who', noInput: 'who' },
        [0, 288],
      ),
      look: newBlock(
        'httpRequest',
        'Look the ticket up',
        {
          url: '${env.ticketService}/tickets/${ticket}',
          statuses: ['2xx', '404'],
          map: [{ variable: 'state', value: 'response.body.state' }],
        },
        { '2xx': 'state', '404': 'unknown', other: 'away', network: 'away' },
        [1, 0],
      ),
      state: newBlock(
        'menu',
        'How it stands',
        {
          prompt:
            'Your ticket ${digits(ticket)} is ${state}. To look up another one, press 1. To speak to somebody, press 2.',
          options: [
            { key: '1', label: 'Another ticket' },
            { key: '2', label: 'Speak to somebody' },
          ],
          noMatchPrompt: 'This key is not in use.',
        },
        { '1': 'ask', '2': 'who', noInput: 'bye', noMatch: 'bye' },
        [2, 0],
      ),
      unknown: say('No such ticket', 'There is no ticket with this number.', 'again', [1, 336]),
      again: newBlock('loop', 'Twice more', { times: 2, variable: 'rounds' }, { again: 'ask', done: 'who' }, [1, 480]),
      away: say('Service away', 'The tickets cannot be looked up right now.', 'who', [2, 288]),
      bye: goodbye('Goodbye', 'Thank you for calling. Goodbye.', [3, 0]),
      ...ringing(helpDesk, '"Help desk"', [2, 480]),
      ...messageTaking([3, 840]),
    },
    {
      ...teamVariables,
      ticket: { type: 'digits', initial: '' },
      state: { type: 'text', initial: '' },
      rounds: { type: 'number', initial: 0 },
    },
  ),
}
