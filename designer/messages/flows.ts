import { counted } from './counted.ts'
import { inLanguage } from './languages.ts'

declare module './translation.ts' {
  interface English {
    flows: typeof flows
  }
}

/** Words for the list of flows. */
const flows = {
  oneFlow: 'Flow',
  newFlow: 'New flow',
  search: 'Find a flow or number',
  noHits: (words: string) => `No flow matches “${words}”.`,
  clear: 'Clear',
  columns: {
    flow: 'Flow',
    status: 'Status',
    problems: 'Problems in draft',
    lastCall: 'Last call',
    changed: 'Changed',
    actions: 'Actions',
  },
  answers: {
    default: 'All calls that no other flow answers',
    none: 'Answers no calls yet',
    more: (n: number) => ` and ${n} more`,
  },
  status: {
    live: 'Live',
    published: 'Published',
    draft: 'Draft',
    version: (number: number, changed: boolean) => `Version ${number}${changed ? ', draft has changes' : ''}`,
    never: 'Never published',
  },
  noProblems: 'None',
  now: 'Now',
  callers: (number: number) => counted(number, 'caller', 'callers'),
  notCalled: 'Not called yet',
  test: (name: string) => `Test ${name}`,
  remove: (name: string) => `Delete ${name}`,
  empty: {
    title: 'No flows yet',
    text: 'A flow says what callers hear and what their keys do. Start with an empty one, or with a sample that already works.',
    sample: 'Add the sample',
  },
  sampleName: 'Front desk',
  create: {
    title: 'New flow',
    name: 'Name',
    first: 'New flow',
    hint: 'For example the department that callers reach.',
    submit: 'Create',
    cancel: 'Cancel',
  },
  removing: {
    title: (name: string) => `Delete “${name}”?`,
    text: 'It no longer answers calls. Calls under way end as they would. You can restore it for 30 days.',
    submit: 'Delete',
    cancel: 'Keep it',
    done: (name: string) => `“${name}” was deleted.`,
    restore: 'Restore',
  },
  tour: {
    title: 'Your first call in three steps',
    skip: 'Skip',
    call: {
      title: (flow: string) => `Call ${flow}`,
      text: 'Press a key and hear where it leads. It runs on this computer; nobody else is called.',
      button: (flow: string) => `Call ${flow}`,
    },
    change: {
      title: 'Change what callers hear',
      text: 'Select a block, edit its words, call again.',
      button: (flow: string) => `Open ${flow}`,
    },
    follow: {
      title: 'Follow a call',
      text: 'Calls shows every call, running or over, step by step on the flow that it took.',
      button: 'Open Calls',
    },
  },
}

export const flowsMessages = inLanguage('flows', flows)
