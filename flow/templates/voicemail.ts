import { newBlock, newFlow } from '../newFlow.ts'
import { goodbye, recording, say, type Template } from './template.ts'

/** Takes a message; whoever said nothing is asked once more. */
export const voicemail: Template = {
  calendars: {},
  tables: {},
  values: {},
  flow: newFlow(
    'Voicemail',
    {
      incoming: newBlock('incomingCall', 'Main number', {}, { next: 'greeting' }, [0, 0]),
      greeting: say(
        'Greeting',
        'You have reached our voicemail. Nobody can take your call right now.',
        'message',
        [0, 144],
      ),
      message: recording({ recorded: 'more', noAudio: 'again', tooShort: 'short' }, [0, 288]),
      more: newBlock(
        'menu',
        'Anything else?',
        {
          prompt: 'Thank you for your message. To add something, press 1. If that was all, you can hang up.',
          options: [{ key: '1', label: 'Add something' }],
          noInputRetries: 0,
          noMatchRetries: 0,
        },
        { '1': 'message', noInput: 'bye', noMatch: 'bye' },
        [1, 144],
      ),
      short: say('Too short', 'That was too short to be understood.', 'again', [1, 392]),
      again: newBlock(
        'loop',
        'Once more',
        { times: 1, variable: 'rounds' },
        { again: 'message', done: 'nothing' },
        [1, 536],
      ),
      bye: goodbye('Goodbye', 'Goodbye.', [2, 144]),
      nothing: goodbye('Nothing heard', 'I did not hear anything. Please call again. Goodbye.', [2, 536]),
    },
    { rounds: { type: 'number', initial: 0 } },
  ),
}
