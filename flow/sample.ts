import { type Flow, readFlow, schemaVersion } from './flow.ts'

const at = (column: number, y: number) => ({ x: column * 320, y })

/** The flow that a new installation holds, ready to dial. */
export const frontDesk: Flow = readFlow({
  schemaVersion,
  name: 'Front desk',
  language: 'en-US',
  start: 'incoming',
  onHangUp: null,
  onError: null,
  apology: 'Sorry, something went wrong on our side. Please call again in a few minutes.',
  variables: {},
  blocks: {
    incoming: {
      type: 'incomingCall',
      name: 'Main number',
      settings: {},
      exits: { next: 'welcome' },
      position: at(0, 0),
    },
    welcome: {
      type: 'play',
      name: 'Welcome',
      settings: { prompts: ['Welcome to Contoso.'], bargeIn: 'off', keys: '', typeAhead: true },
      exits: { done: 'menu' },
      position: at(0, 144),
    },
    menu: {
      type: 'menu',
      name: 'Main menu',
      settings: {
        prompt: 'For sales, press 1. For support, press 2. For directions, press 3.',
        bargeIn: true,
        options: [
          { key: '1', label: 'Sales' },
          { key: '2', label: 'Support' },
          { key: '3', label: 'Directions' },
        ],
        waitSeconds: 5,
        noInputRetries: 2,
        noInputPrompt: 'Sorry, I did not hear a key.',
        noMatchRetries: 2,
        noMatchPrompt: 'This key is not in use.',
        maxRetries: null,
        maxRetriesPrompt: '',
        typeAhead: true,
      },
      exits: { '1': 'sales', '2': 'support', '3': 'directions', noInput: 'goodbye', noMatch: 'goodbye' },
      position: at(0, 288),
    },
    sales: {
      type: 'transferToPerson',
      name: 'Sales',
      settings: {
        person: { id: 'b1f5a3d2-7c1e-4b8e-9a55-0c1d2e3f4a5b', name: 'Adele Vance' },
        announcement: 'I am connecting you to sales.',
      },
      exits: { failed: 'nobody' },
      position: at(1, 144),
    },
    support: {
      type: 'play',
      name: 'Support hours',
      settings: {
        prompts: ['Support is here from eight to five. Please write to us at any time.'],
        bargeIn: 'off',
        keys: '',
        typeAhead: true,
      },
      exits: { done: 'goodbye' },
      position: at(1, 320),
    },
    directions: {
      type: 'play',
      name: 'Directions',
      settings: { prompts: ['You find us at 1 Harbour Street.'], bargeIn: 'off', keys: '', typeAhead: true },
      exits: { done: 'menu' },
      position: at(1, 464),
    },
    nobody: {
      type: 'play',
      name: 'Nobody free',
      settings: {
        prompts: ['Nobody in sales can take your call right now. Please call again later.'],
        bargeIn: 'off',
        keys: '',
        typeAhead: true,
      },
      exits: { done: 'goodbye' },
      position: at(2, 144),
    },
    goodbye: {
      type: 'hangUp',
      name: 'Goodbye',
      settings: { prompt: 'Thank you for calling. Goodbye.', reason: '' },
      exits: {},
      position: at(2, 288),
    },
  },
})

/** A flow with nothing in it but the incoming call. */
export const emptyFlow = (name: string): Flow =>
  readFlow({
    schemaVersion,
    name,
    language: 'en-US',
    start: 'incoming',
    onHangUp: null,
    onError: null,
    apology: frontDesk.apology,
    variables: {},
    blocks: {
      incoming: { type: 'incomingCall', name: 'Incoming call', settings: {}, exits: {}, position: at(0, 0) },
    },
  })
