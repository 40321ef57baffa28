import { counted } from './counted.ts'
import { inLanguage } from './languages.ts'

declare module './translation.ts' {
  interface English {
    newFlow: typeof newFlow
  }
}

/** Words for the page on which a new flow begins. */
const newFlow = {
  title: 'New flow',
  text: 'Each of these can be called at once, with words and hours of its own. You change them afterwards.',
  back: 'Back to all flows',
  choose: 'What to begin with',
  summary: (blocks: number, sentence: string) => `${counted(blocks, 'block', 'blocks')}. ${sentence}`,
  /** What a caller meets, by template. */
  sentences: {
    phoneMenu: 'Callers press a key and reach a team, or leave a message.',
    openingHours: 'Rings the front desk while you are open; else says why nobody is there.',
    voicemail: 'Takes a message of up to two minutes, which you hear under Messages.',
    callbackRequest: 'Takes the caller’s number and puts it on a list that you work through under Messages.',
    ticketLookUp: 'Asks your ticket service how a ticket stands, or puts callers through.',
    survey: 'Asks three questions by keypad; the answers go into a table.',
    emergencyMessage: 'A switch in a table lets callers hear an announcement first, without publishing.',
  },
  empty: { name: 'Empty flow', sentence: 'Only the incoming call. You add the rest.', first: 'New flow' },
  importing: { name: 'Import', sentence: 'A flow file that was exported here.' },
  heard: 'What callers hear first',
  seconds: (seconds: string) => `${seconds} s`,
  call: 'Call it now',
  callHint: 'Makes the flow and calls it here, on this computer. Nobody else is called.',
  name: 'Name',
  taken: (free: string) => `There is a flow of this name. It gets “${free}”.`,
  toSet: 'Set before people call',
  /** What is to be set, where, and what holds until then. */
  settables: {
    hours: { name: 'Your hours', until: 'Under Hours. Monday to Friday, 8:00 to 17:00 until then.' },
    numbers: { name: 'Who is rung', until: 'Under Tables. Nobody until then: callers leave a message.' },
    announcement: { name: 'The announcement', until: 'Under Tables. It is off until then.' },
    service: { name: 'The address of your ticket service', until: 'Under Settings, as ticketService.' },
    messages: {
      name: 'That messages are kept',
      until: 'Under Messages. Until then they are lost, though callers are thanked for them.',
    },
    called: { name: 'A number or an account', until: 'After publishing. It answers no calls until then.' },
  },
  submit: 'Create flow',
}

export const newFlowMessages = inLanguage('newFlow', newFlow)
