import { newBlock, newFlow } from '../newFlow.ts'
import { officeHours } from './officeHours.ts'
import { goodbye, say, type Template } from './template.ts'

const noted = (
  name: string,
  due: Record<string, string | number | typeof officeHours.choice>,
  created: string,
  y: number,
) =>
  newBlock(
    'createCallback',
    name,
    { ...{ from: 'variable', variable: 'number', reason: 'Asked to be called back' }, ...due },
    { created, merged: 'already', noNumber: 'again' },
    [1, y],
  )

/** Callers stand on the list of those to be called back. Whose number is withheld, or none to call, is asked for one. */
export const callbackRequest: Template = {
  calendars: officeHours.calendars,
  tables: {},
  values: {},
  flow: newFlow(
    'Callback request',
    {
      incoming: newBlock('incomingCall', 'Main number', {}, { next: 'welcome' }, [0, 0]),
      welcome: say('Welcome', 'Hello, and thank you for calling. We will call you back.', 'known', [0, 144]),
      known: newBlock(
        'setVariable',
        'Number of the caller',
        { assignments: [{ variable: 'number', value: 'caller.phone != "" ? caller.phone : caller.id' }] },
        { done: 'hours' },
        [0, 288],
      ),
      hours: newBlock(
        'businessHours',
        'Open?',
        { calendar: officeHours.choice },
        { open: 'soon', closed: 'later' },
        [0, 432],
      ),
      soon: noted('Within the hour', { minutes: 60 }, 'thanksSoon', 0),
      later: noted('When we open', { due: 'opening', calendar: officeHours.choice }, 'thanksLater', 288),
      thanksSoon: goodbye('Thanks', 'You are on our list. We call you within the hour. Goodbye.', [2, 0]),
      already: goodbye('On the list', 'You are on our list already. We have not forgotten you. Goodbye.', [2, 144]),
      thanksLater: goodbye(
        'Thanks, closed',
        'We are closed now. You are on our list, and we call you when we open. Goodbye.',
        [2, 288],
      ),
      again: newBlock(
        'loop',
        'Three times',
        { times: 3, variable: 'rounds' },
        { again: 'ask', done: 'none' },
        [2, 432],
      ),
      ask: newBlock(
        'collectDigits',
        'Ask for the number',
        {
          prompt: 'Please enter the number at which we reach you, with its area code, and then press the pound key.',
          variable: 'number',
          minDigits: 3,
          maxDigits: 15,
          noInputPrompt: 'I did not hear a key.',
          invalidPrompt: 'This is no telephone number.',
        },
        { collected: 'right', invalid: 'none', noInput: 'none' },
        [3, 0],
      ),
      right: newBlock(
        'confirm',
        'Read it back',
        {
          value: 'number',
          style: 'digits',
          prompt: 'Your number is ${value}. If that is right, press 1. To enter it again, press 2.',
        },
        { accepted: 'hours', redo: 'again', gaveUp: 'hours' },
        [3, 248],
      ),
      none: goodbye('No number', 'I am sorry, we cannot call you back without a number. Goodbye.', [3, 496]),
    },
    {
      number: { type: 'text', initial: '' },
      rounds: { type: 'number', initial: 0 },
    },
  ),
}
