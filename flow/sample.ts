import type { Flow } from './flow.ts'
import { newBlock as block, newFlow as flow } from './newFlow.ts'

/** The flow that a new installation holds, ready to dial. */
export const frontDesk: Flow = flow('Front desk', {
  incoming: block('incomingCall', 'Main number', {}, { next: 'welcome' }, [0, 0]),
  welcome: block('play', 'Welcome', { prompts: ['Welcome to Contoso.'] }, { done: 'menu' }, [0, 144]),
  menu: block(
    'menu',
    'Main menu',
    {
      prompt: 'For sales, press 1. For support, press 2. For directions, press 3.',
      options: [
        { key: '1', label: 'Sales' },
        { key: '2', label: 'Support' },
        { key: '3', label: 'Directions' },
      ],
      noInputPrompt: 'Sorry, I did not hear a key.',
      noMatchPrompt: 'This key is not in use.',
    },
    { '1': 'sales', '2': 'support', '3': 'directions', noInput: 'goodbye', noMatch: 'goodbye' },
    [0, 288],
  ),
  sales: block(
    'transferToPerson',
    'Sales',
    {
      person: { id: 'b1f5a3d2-7c1e-4b8e-9a55-0c1d2e3f4a5b', name: 'Adele Vance' },
      announcement: 'I am connecting you to sales.',
    },
    { failed: 'nobody' },
    [1, 144],
  ),
  support: block(
    'play',
    'Support hours',
    { prompts: ['Support is here from eight to five. Please write to us at any time.'] },
    { done: 'goodbye' },
    [1, 320],
  ),
  directions: block(
    'play',
    'Directions',
    { prompts: ['You find us at 1 Harbour Street.'] },
    { done: 'menu' },
    [1, 464],
  ),
  nobody: block(
    'play',
    'Nobody free',
    { prompts: ['Nobody in sales can take your call right now. Please call again later.'] },
    { done: 'goodbye' },
    [2, 144],
  ),
  goodbye: block('hangUp', 'Goodbye', { prompt: 'Thank you for calling. Goodbye.' }, {}, [2, 288]),
})

/** A flow with nothing in it but the incoming call. */
export const emptyFlow = (name: string): Flow =>
  flow(name, { incoming: block('incomingCall', 'Incoming call', {}, {}, [0, 0]) })
