import { inLanguage } from './languages.ts'

declare module './translation.ts' {
  interface English {
    calls: typeof calls
  }
}

/** Words for calls: how they went, and why they ended. */
const calls = {
  list: 'Calls',
  /** The headings of the list, each with how many there are. */
  groups: {
    notReached: (many: string) => `Not reached, ${many}`,
    now: (many: string) => `Now, ${many}`,
    today: (many: string) => `Earlier today, ${many}`,
  },
  /** More than were counted. */
  moreThan: (many: string) => `more than ${many}`,
  search: 'Search calls',
  searchHint: 'Number, person, block or outcome',
  searchShort: 'Of one or two letters only the latest calls are looked through.',
  export: 'Export these calls',
  hits: (number: string) => `${number} ${number === '1' ? 'call' : 'calls'} found`,
  filters: {
    flow: 'Flow',
    allFlows: 'All flows',
    time: 'Time',
    result: 'Outcome',
    anyResult: 'Any outcome',
    cause: (cause: string) => `Only: ${cause}`,
    clearCause: 'Show all outcomes again',
    day: 'Day',
    textRefused: 'This cannot be searched for. Write at most 100 letters and digits.',
    dayRefused: 'There are no calls of such a day. Choose another one.',
  },
  times: {
    any: 'Any time',
    today: 'Today',
    yesterday: 'Yesterday',
    week: 'Last 7 days',
    month: 'Last 30 days',
    day: 'A day…',
  },
  noHits: {
    title: 'No such calls',
    text: (text: string) => (text === '' ? 'Nothing fits what is chosen above.' : `Nothing fits “${text}”.`),
    button: 'Show all calls',
  },
  older: 'Earlier calls',
  moreOf: 'Show more',
  /** The banner over everything. */
  banner: {
    all: (reached: string, callers: string, place: string, since: string) =>
      `${reached} of ${callers} callers not reached, all ${place} since ${since}:`,
    some: (reached: string, callers: string, of: string, place: string, since: string) =>
      `${reached} of ${callers} callers not reached, ${of} of them ${place} since ${since}:`,
    one: (callers: string, place: string, since: string) =>
      `1 of ${callers} callers not reached, ${place} at ${since}:`,
    inBlock: (block: string) => `in ${block},`,
    moreCauses: (number: number) => (number === 1 ? 'And one more reason.' : `And ${number} more reasons.`),
    show: (number: number) => (number === 1 ? 'Show this one' : `Show these ${number}`),
    write: 'Write to an administrator',
    copyMessage: 'Copy message',
    region: 'Callers not reached',
  },
  /** What an administrator is written. */
  letter: {
    subject: (product: string, title: string) => `${product}: ${title}`,
    hello: 'Hello,',
    what: (reached: string, callers: string, block: string, since: string) =>
      `${reached} of ${callers} callers of our Teams bot were not reached${block === '' ? '' : ` in “${block}”`} since ${since}.`,
    why: (cause: string) => `The reason: ${cause}.`,
    todo: 'What is needed:',
    ids: (flow: string, code: string) => `For support: flow ${flow}, code ${code}.`,
  },
  test: 'Test',
  unknownCaller: 'Unknown caller',
  back: 'Back to all calls',
  disconnected: 'Connection lost. Trying again.',
  running: (number: number) => `${number} ${number === 1 ? 'call is' : 'calls are'} running`,
  empty: {
    title: 'No calls yet',
    text: 'Call a flow to see it here: open one and choose “Test call”.',
    button: 'Go to the flows',
  },
  choose: 'Choose a call to see the way it took.',
  flowVersion: (flow: string, version: number | null) =>
    version === null ? `${flow}, test of a draft` : `${flow}, version ${version}`,
  inFlow: (flow: string) => `In ${flow}`,
  openFlow: 'Open the flow',
  steps: 'Steps',
  noSteps: 'Nothing has happened yet.',
  readOnly: 'Shown as it was. Open the flow to edit it.',
  step: (number: number, all: number) => `Step ${number} of ${all}`,
  stepBar: 'Steps of the call',
  previous: 'Previous step',
  next: 'Next step',
  copy: 'Copy for support',
  copied: 'Copied',
  copyRefused: 'The browser did not let this page copy',
  again: { noInput: 'nothing pressed', noMatch: 'wrong key', invalid: 'wrong number' } as Readonly<
    Record<string, string>
  >,
  askedAgain: (times: number) => (times === 1 ? 'asked again once' : `asked again ${times} times`),
  pressed: (key: string, label: string) => (label === '' ? `Pressed ${key}` : `Pressed ${key}: ${label}`),
  digits: (count: number) => `${count} ${count === 1 ? 'digit' : 'digits'}`,
  /** Blocks that no one drew. */
  apology: 'Apology',
  answeredFirst: 'Answered, to say so',
  end: 'Call ended',
  played: 'Played to the end',
  failedHere: 'Failed',
  said: (code: string) => `the service said ${code}`,
  /** Of the block that failed: the reason, and what then became of the caller. */
  why: (block: string, cause: string) => `“${block}” did not work: ${cause}.`,
  /** Of a call that no block failed in. */
  whyLost: (cause: string) => `The call broke off: ${cause}.`,
  wentOn: (caller: string, block: string) => `${caller} was led on to ${block}.`,
  endedThere: 'The call ended there.',
  someone: 'The caller',
  whatToDo: 'What to do',
  teamsSaid: (code: string) => `Teams said ${code}`,
  fix: 'Fix this block',
  mayNotTransfer: 'The app may not transfer calls',
  callPermissions: 'Calls.Initiate.All, Calls.AccessMedia.All',
  /** The bot's word for how a call ended, where there is no more room. */
  outcomes: {
    transferred: 'Transferred',
    endedByFlow: 'Heard to the end',
    callerHungUp: 'Caller hung up',
    rejected: 'Turned away',
    redirected: 'Sent on',
    noFlow: 'No flow answers',
    notAnswered: 'Could not be answered',
    notTransferred: 'Transfer failed',
    failed: 'Failed',
    lost: 'Connection lost',
  } as Readonly<Record<string, string>>,
  /** How calls came out, as a filter. A text that is part of one finds its calls. */
  results: {
    notReached: 'Not reached',
    live: 'Running now',
    transferred: 'Transferred',
    finished: 'Heard to the end',
    left: 'Caller hung up',
  },
  /** What happened in a call, in a few words. A block may have no name. */
  answering: 'Being answered',
  in: (block: string) => `In ${block}`,
  ringing: (block: string) => `In ${block}, ringing`,
  transferredTo: (block: string) => (block === '' ? 'Transferred' : `Transferred to ${block}`),
  sentOnBy: (block: string) => (block === '' ? 'Sent on' : `Sent on: ${block}`),
  rejectedBy: (block: string) => (block === '' ? 'Turned away' : `Turned away: ${block}`),
  heard: (block: string) => (block === '' ? 'Heard to the end' : `Heard ${block}`),
  hungUpIn: (block: string) => (block === '' ? 'Caller hung up' : `Caller hung up in ${block}`),
  hungUpUnanswered: 'Caller hung up before the call was answered',
  ended: (block: string) => (block === '' ? 'The call ended' : `The call ended in ${block}`),
  lostIn: (block: string) => (block === '' ? 'Connection lost' : `Connection lost in ${block}`),
  soundLostIn: (block: string) => (block === '' ? 'Sound lost' : `Sound lost in ${block}`),
  lostUnanswered: 'Lost before it was answered',
  failedIn: (block: string) => (block === '' ? 'Failed' : `Failed in ${block}`),
  noFlow: 'No flow answers this number',
  notAnswered: 'Could not be answered',
  someBlock: 'A block',
  blockFailed: (block: string) => `${block} failed`,
  refused: (block: string) => `${block} refused`,
  notTaken: (block: string) => `${block} did not take the call`,
  noAnswer: (block: string) => `${block} did not answer`,
  notReachable: (block: string) => `${block} was not reached`,
  afterwards: {
    hungUp: 'hung up',
    lost: 'connection lost',
    ended: 'call ended',
    apology: 'heard the apology',
    heard: (block: string) => `heard ${block}`,
  },
  /** The first line of an export, and its columns. */
  columns: {
    started: 'Started',
    length: 'Length',
    caller: 'Caller',
    number: 'Number',
    result: 'Outcome',
    what: 'What happened',
    flow: 'Flow',
    version: 'Version',
    test: 'Test',
    code: 'Code',
    id: 'Call id',
  },
  exportedOnly: (many: string) => `Only the latest ${many} calls are in this file.`,
  /** By code/subcode of a call's end; the contract's result codes name the source of each. */
  ends: {
    '200/0': 'The call ended as it should',
    '200/4097': 'The caller hung up',
    '200/4521': 'The caller hung up',
    '200/5000': 'Somebody removed the bot from the call',
    '200/5001': 'The conversation ended',
    '200/5002': 'Everybody else left',
    '200/5003': 'The conversation ended',
    '200/5007': 'Whoever began the group call left it',
    '200/5010': 'Nobody else was left in the call',
    '200/5012': 'Nobody was in the call any more',
    '200/5013': 'Nobody joined the group call',
    '200/5014': 'No host could be found for the call',
    '200/5020': 'Nobody else was left in the call',
    '200/5030': 'The time of the breakout room was over',
    '200/5300': 'Somebody removed the bot from the call',
    '200/5855': 'Nobody let the bot in from the lobby',
    '200/7000': 'The flow hung up',
    '200/7015': 'The call was transferred',
    '0/7015': 'The call was transferred',
    '200/10550': 'The flow hung up',
    '200/18503': 'The caller hung up',
    '200/540000': 'The caller hung up',
    '200/560000': 'The caller hung up',
  } as Readonly<Record<string, string>>,
  endUnknown: (code: string) => `Ended with ${code}`,
}

export const callsMessages = inLanguage('calls', calls)
