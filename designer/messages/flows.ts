import { bundleLimits, flowLimits } from '#flow/flowLimits.ts'
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
    publishing: 'Publishing…',
    progress: (done: string, total: string) => `Publishing, ${done} of ${total} prompts`,
  },
  noProblems: 'None',
  now: 'Now',
  callers: (number: number) => counted(number, 'caller', 'callers'),
  notCalled: 'Not called yet',
  test: (name: string) => `Test ${name}`,
  actionsOf: (name: string) => `Actions for ${name}`,
  versions: 'Versions',
  exported: 'Export as a file',
  remove: 'Delete',
  sortBy: (column: string) => `Sort by ${column}`,
  more: 'Show more flows',
  count: (shown: number, total: number) => `${shown} of ${counted(total, 'flow', 'flows')}`,
  empty: {
    title: 'No flows yet',
    text: 'A flow says what callers hear and what their keys do. Start with an empty one, or with a sample that already works.',
    sample: 'Add the sample',
  },
  sampleName: 'Front desk',
  importing: {
    action: 'Import',
    title: 'Import a flow',
    hint: 'A file that was exported here. It becomes a new flow, with the flows that it enters and the hours and tables in it that are not here yet; nothing that is here changes.',
    choose: 'Choose a file',
    submit: 'Import',
    cancel: 'Cancel',
    close: 'Close',
    open: 'Open the flow',
    found: (name: string, blocks: number) => `“${name}”, ${counted(blocks, 'block', 'blocks')}`,
    foundWith: (shared: string[]) => `With ${shared.join(', ')}.`,
    foundNames: (names: string[]) => `It names what each place has of its own: ${names.join(', ')}.`,
    /** Hours, tables and flows within a sentence. */
    shared: {
      flow: (name: string) => `the flow “${name}”`,
      calendar: (name: string) => `the hours “${name}”`,
      table: (name: string) => `the table “${name}”`,
      tableWith: (name: string, rows: number | null) =>
        rows === null
          ? `the table “${name}” without its rows`
          : `the table “${name}” with ${counted(rows, 'row', 'rows')}`,
    },
    made: (shared: string[]) => `New here: ${shared.join(', ')}.`,
    madeBeside: (name: string, was: string) =>
      `A table called “${was}” is here with other columns, so that of the file is called “${name}”.`,
    publishFirst: 'Publish the flows that it enters before you publish it.',
    matched: (shared: string[]) => `Here already, and left as they are: ${shared.join(', ')}.`,
    missing: (shared: string[]) =>
      `Neither here nor in the file: ${shared.join(', ')}. Choose others in the flow before you publish.`,
    done: (name: string, blocks: number) => `“${name}” is here, with ${counted(blocks, 'block', 'blocks')}.`,
    renamed: (name: string, was: string) => `There is a flow called “${was}”, so it is called “${name}”.`,
    unknown: (names: string[]) =>
      names.length === 1
        ? `One is kept as it is, and cannot run here: ${names[0]}.`
        : `${names.length} are kept as they are, and cannot run here: ${names.join(', ')}.`,
    unresolved: (names: string[]) =>
      `It names what is not here: ${names.join(', ')}. Set ${names.length === 1 ? 'it' : 'them'} under Settings before you publish.`,
    /** Into the draft that is open. */
    here: {
      title: 'Import into this draft',
      hint: 'A file that was exported here. Its flow takes the place of this draft, which keeps its name. Callers notice nothing until you publish.',
      submit: 'Replace the draft',
      done: (blocks: number) => `The draft is what the file holds now: ${counted(blocks, 'block', 'blocks')}.`,
    },
    refused: {
      tooLarge: (mb: number) => `This file is larger than ${mb} MB, so it is no flow. Nothing was changed.`,
      notText: 'This file is no text. Choose one that ends in .json.',
      notJson: (where: string) =>
        `This file is no JSON${where}. It may have been cut off, or edited by hand. Export it again where it came from.`,
      ofTwilio: 'This is a flow of Twilio Studio. Flows of other products cannot be imported yet.',
      ofAmazon: 'This is a flow of Amazon Connect. Flows of other products cannot be imported yet.',
      noFlow: (place: string) => `This is JSON, but no flow of ours: ${place}. Choose a file that was exported here.`,
      flowTooNew: (version: string) =>
        `A later version of this program wrote this file (form ${version}). Bring this program up to date, then import it.`,
      flowTooLarge: `This flow has more than ${flowLimits.blocks} blocks, ${flowLimits.variables} variables or ${flowLimits.settings} values in the settings of a block, or its file more than ${bundleLimits.shared} hours or tables or ${bundleLimits.flows} flows. Split it, then import the parts.`,
    },
  },
  exporting: {
    title: 'Export as a file',
    text: 'The file holds the flow, the flows that it enters, the hours and tables that they use, and the names of its secrets and values: never a secret.',
    rows: 'With the rows of its tables',
    rowsHint: 'They may hold names and phone numbers.',
    submit: 'Export',
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
  removed: {
    title: 'Deleted flows',
    back: 'Back to all flows',
    text: 'They answer no calls. For 30 days each can be restored as it was.',
    none: { title: 'No deleted flows', text: 'What you delete is kept here for 30 days.' },
    columns: { flow: 'Flow', deleted: 'Deleted', left: 'Can be restored', answered: 'Answered', actions: 'Actions' },
    left: (days: number) => (days <= 1 ? 'Until tomorrow at most' : `For ${days} more days`),
    nothing: 'No calls',
    restore: (name: string) => `Restore ${name}`,
    done: (name: string) => `“${name}” is back.`,
    renamed: (name: string) => `There is another flow of its name, so it is called “${name}” now.`,
    taken: (called: string, by: string) => `${called} stays with “${by}”, which has taken it meanwhile.`,
    takenDefault: (by: string) => `Calls that no other flow answers stay with “${by}”.`,
    open: 'Open it',
    here: {
      title: (name: string) => `“${name}” was deleted`,
      text: (moment: string, by: string, until: string) =>
        `Deleted ${moment}, by ${by || 'somebody'}. It can be restored until ${until}, with its drafts, versions and calls.`,
    },
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
