import { counted } from './counted.ts'
import { inLanguage } from './languages.ts'

declare module './translation.ts' {
  interface English {
    answers: typeof answers
  }
}

/** Words for the page on which is said which flow answers which call. */
const answers = {
  title: 'Who answers what',
  intro: (count: number) =>
    count === 0
      ? 'Add a line for each number or account that a flow of its own is to answer. A call takes the first line that fits, from the top.'
      : `${counted(count, 'line leads', 'lines lead')} to a flow. A call takes the first line that fits, from the top.`,
  add: 'Add a line',
  columns: { called: 'Called', when: 'When', flow: 'Answered by', now: 'Now', actions: 'Actions' },
  anyCalled: 'Anything',
  anyCalledHint: 'Whatever is called',
  account: 'Account in Teams',
  number: 'Telephone number',
  everythingElse: 'Everything else',
  everythingElseHint: 'Calls that no line is for',
  always: 'Always',
  hours: (name: string, state: string) => `${name}: ${state}`,
  hoursGone: 'Hours that are gone',
  states: { open: 'open', closed: 'closed, and on holidays', holiday: 'on holidays' },
  from: (caller: string) => `Only callers from ${caller}`,
  only: (caller: string) => `Only the user ${caller}`,
  version: (number: number) => `Version ${number}`,
  nobody: 'Nobody',
  nobodyHint: 'Callers hear that nobody answers',
  yes: 'Yes',
  no: 'No',
  actionsOf: (line: string) => `More for ${line}`,
  line: (number: number) => `line ${number}`,
  edit: 'Edit',
  remove: 'Remove',
  up: (line: string) => `Move ${line} up`,
  down: (line: string) => `Move ${line} down`,
  moved: (number: number) => `It is line ${number} now.`,
  failed: (why: string) => `Not changed: ${why}`,
  gap: {
    title: 'One gap: calls that no line is for',
    text: 'Nobody answers them. Callers hear that nobody answers calls to this number.',
    fix: 'Choose a flow',
  },
  noFlows: {
    title: 'No flow is published yet',
    text: 'A line leads to what callers hear: publish a flow first, and then say here what it answers.',
    go: 'Go to the flows',
  },

  dialog: {
    add: 'Add a line',
    edit: 'Edit a line',
    default: 'Everything else',
    called: 'Called',
    calledHint: 'A number with + and the country, or the object id of a resource account. Empty: whatever is called.',
    calledNotRight: 'This is neither. A number begins with + and the country; an object id has 32 letters and digits.',
    caller: 'Only callers',
    callerHint: 'The beginning of a number, as +49 or +49 30, or the object id of a user. Empty: anybody.',
    callerNotRight: 'This is neither the beginning of a number with + nor an object id.',
    hours: 'Hours',
    always: 'Always',
    state: 'When the hours say',
    states: { open: 'Open', closed: 'Closed, holidays as well', holiday: 'Holiday' },
    flow: 'Answered by',
    chooseFlow: 'Choose a flow',
    flowNeeded: 'Choose the flow that callers hear.',
    taken: (flow: string) => `${flow} answers under the same conditions. Change that line, or other conditions here.`,
    save: 'Save',
    cancel: 'Cancel',
  },

  removing: {
    title: (line: string) => `Remove ${line}?`,
    text: 'Calls that it was for take the next line that fits.',
    submit: 'Remove',
    cancel: 'Cancel',
  },

  tries: {
    title: 'Who would answer?',
    called: 'Called',
    caller: 'Caller',
    callerHint: 'A number or an object id. Empty: somebody unknown.',
    day: 'Day',
    time: 'Time',
    now: 'Set to now',
    answered: (flow: string, version: number) => `${flow}, version ${version}`,
    lineNumber: (number: number) => `Line ${number}`,
    verdicts: {
      fits: 'Fits',
      otherCalled: 'Something else is called',
      otherCaller: 'Somebody else calls',
      otherTime: 'At another time',
      noCalendar: 'Its hours are gone',
    },
    under: 'Reckoned here, as the bot does it. Nobody is called.',
  },
}

export const answersMessages = inLanguage('answers', answers)
