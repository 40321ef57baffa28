import { type Flow, readFlow, schemaVersion } from './flow.ts'
import { flowMessages } from './messages/index.ts'

/** What stands in the history for the flow and the version of a call that no rule was for. No flow has it. */
export const nobodyId = '00000000-0000-0000-0000-000000000000'

const { nobodyAnswers: words } = flowMessages

/** What callers hear whom no rule is for and nobody answers by default: never silence. */
export const nobodyAnswers: Flow = readFlow({
  schemaVersion,
  name: words.flow,
  language: 'en-US',
  start: 'incoming',
  onHangUp: null,
  onError: null,
  apology: '',
  variables: {},
  blocks: {
    incoming: {
      type: 'incomingCall',
      name: words.incoming,
      settings: {},
      exits: { next: 'say' },
      position: { x: 0, y: 0 },
    },
    say: {
      type: 'play',
      name: words.say,
      settings: { prompts: [words.said], bargeIn: 'off', keys: '', typeAhead: false },
      exits: { done: 'bye' },
      position: { x: 0, y: 144 },
    },
    bye: {
      type: 'hangUp',
      name: words.bye,
      settings: { prompt: '', reason: '' },
      exits: {},
      position: { x: 0, y: 288 },
    },
  },
})
