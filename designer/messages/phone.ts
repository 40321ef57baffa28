import { inLanguage } from './languages.ts'

declare module './translation.ts' {
  interface English {
    phone: typeof phone
  }
}

/** Words of the test phone. */
const phone = {
  title: 'Test call',
  subtitle: 'Draft, on this computer only',
  close: 'Close the test phone',
  caller: { label: 'Caller', hint: 'The name that the flow sees.', first: 'Anna Berger' },
  number: {
    label: 'Number',
    hint: 'Only for a call from a telephone: the flow then sees the number, and no name.',
    fault: 'Write it with + and the country, such as +49 40 5550142.',
  },
  moved: {
    label: 'At another time',
    day: 'Day',
    time: 'Time',
    hint: (place: string) => `On the clocks of ${place}. Only this call takes it for that time.`,
    fault: 'Choose a day and a time within ten years.',
    hours: (name: string, state: string) => `${name}: ${state}`,
    asAt: (moment: string) => `as if it were ${moment}`,
  },
  values: {
    title: 'Values at the start',
    hint: 'For this call only. Empty: as the flow says.',
    fault: 'The variable cannot hold this.',
  },
  ready: 'Call to hear what your callers hear. Nobody else is called.',
  errors: (count: number) =>
    `The draft has ${count === 1 ? 'an error' : `${count} errors`}: a call that comes there takes the failure path, or ends where nothing follows.`,
  soundHint: 'Sound starts with the call. All of it is shown as text too.',
  call: 'Call',
  again: 'Call again',
  change: 'Change the call',
  hangUp: 'Hang up',
  stages: {
    ready: 'Ready',
    dialling: 'Dialling',
    ringing: 'Ringing',
    connected: 'Connected',
    waiting: 'Connected',
    recording: 'Recording',
    transferring: 'Transferring',
    ended: 'Ended',
  },
  /** The call is in a flow that this one has entered. */
  inFlow: (name: string) => `In “${name}”`,
  recording: {
    title: 'The flow records what you say',
    speaking: 'You speak now',
    silent: 'Nothing is said: that ends it by itself.',
    speak: (seconds: number) => `Speak for ${seconds} s`,
    finish: 'Finish',
    done: (seconds: string) => `Recorded for ${seconds} s.`,
    silence: 'Nothing was said.',
  },
  transcript: 'What was said',
  unknownText: 'A message plays.',
  pressed: (keys: string, meaning: string | null) => (meaning ? `Pressed ${keys}: ${meaning}` : `Pressed ${keys}`),
  askedAgain: {
    noInput: (seconds: number | null) =>
      seconds === null ? 'Nothing pressed. Asking again.' : `Nothing pressed for ${seconds} s. Asking again.`,
    other: 'Wrong key. Asking again.',
    invalid: 'The number is wrong. Asking again.',
  },
  transfer: {
    ringing: (name: string) => `Ringing ${name}.`,
    accept: (name: string) => `${name} answered.`,
    decline: (name: string) => `${name} declined.`,
    noAnswer: (name: string) => `${name} did not answer.`,
    somebody: 'the person',
    question: (name: string) => `What does ${name} do?`,
    answers: { accept: 'Answer', decline: 'Decline', noAnswer: 'Let it ring' },
  },
  blockFailed: (name: string, why: string) => `${name} failed. ${why}`,
  serviceFailed: {
    playPrompt: 'A message could not be played.',
    notification: 'The bot did not take a piece of news.',
  } as Readonly<Record<string, string>>,
  waiting: 'Waiting for a key',
  waitingDigits: 'Waiting for digits',
  left: (seconds: number) => `${seconds} s left`,
  after: {
    again: 'Then “Nothing pressed”: asks again',
    lastTime: 'Then “Nothing pressed”: asks a last time',
    goes: (name: string) => `Then “Nothing pressed”: goes on to ${name}`,
    ends: 'Then “Nothing pressed”: the call ends',
    counts: 'Then what was typed counts',
  },
  keypad: 'Keypad',
  /** Keys whose sign is no word. */
  keyNames: { '*': 'Star', '#': 'Hash' } as Readonly<Record<string, string>>,
  meanings: {
    done: 'Done',
    clear: 'Start over',
    interrupt: 'Interrupt',
    accept: 'Right',
    redo: 'Again',
    next: 'Next',
    previous: 'Before',
    repeat: 'Repeat',
    stop: 'Stop',
    choose: 'Choose',
  },
  sound: 'Sound',
  soundOn: 'Sound is on',
  soundOff: 'Sound is off',
  volume: 'Volume',
  soundBlocked: 'The browser does not let the sound play. Press the sound button.',
  ended: {
    bot: 'The flow hung up.',
    caller: 'You hung up.',
    transferred: (name: string) => `The call was transferred to ${name}.`,
    rejected: 'The flow turned the call away, unanswered.',
    redirected: (name: string) => `The call was sent on, and ${name} took it.`,
    redirectedInVain: 'The call was sent on, and nobody took it.',
    lost: 'The connection to the test service broke. Call again.',
    service: 'The service ended the call.',
  },
  notDialled: 'The call could not be placed.',
}

export const phoneMessages = inLanguage('phone', phone)
