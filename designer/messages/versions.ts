import { counted } from './counted.ts'
import { inLanguage } from './languages.ts'

declare module './translation.ts' {
  interface English {
    versions: typeof versions
  }
}

/** Words for what callers heard before, and for the way back to it. */
const versions = {
  title: 'Versions',
  back: 'Back to the flow',
  backToAll: 'Back to all versions',
  intro: 'Every version that was published stays as it was. Looking changes nothing.',
  none: {
    title: 'Nothing is published yet',
    text: 'The first version comes with the first publishing. Until then there is only the draft.',
  },
  draft: {
    title: 'Draft',
    by: (moment: string, by: string) => `Changed ${moment}, by ${by}`,
    same: 'It is what callers hear.',
    changed: 'It has changes that callers do not hear yet.',
    never: 'Callers have never heard it.',
    open: 'Open draft',
    discard: 'Throw changes away',
  },
  columns: { version: 'Version', published: 'Published', note: 'What has changed', actions: 'Actions' },
  name: (number: number) => `Version ${number}`,
  keptName: 'Draft put aside',
  heard: 'Callers hear it',
  heardBy: (answers: string[]) => `Answers ${answers.join(', ')}`,
  heardByNobody: 'The latest; it answers no calls yet',
  everythingElse: 'all calls that no other flow answers',
  live: (count: number) => `${counted(count, 'caller is', 'callers are')} in it now`,
  noNote: 'No note',
  by: (by: string) => `by ${by}`,
  actionsOf: (version: string) => `Actions for ${version}`,
  earlier: 'Show earlier versions',
  restore: {
    action: 'Restore as draft',
    title: (version: number) => `Put version ${version} in the place of the draft?`,
    titleKept: 'Put this draft in the place of the one of now?',
    text: 'Callers hear no difference until you publish. The draft of now is kept under “Drafts put aside”.',
    submit: 'Restore as draft',
    done: (version: number) => `The draft is version ${version} again.`,
    doneKept: 'The draft that was put aside is back.',
  },
  discard: {
    title: 'Throw away the changes of the draft?',
    text: (number: number) =>
      `The draft becomes version ${number} again, which callers hear. What you throw away is kept under “Drafts put aside”.`,
    submit: 'Throw changes away',
    done: 'The changes were thrown away.',
  },
  rollBack: {
    action: (number: number) => `Roll back to version ${number}`,
    short: 'Roll back',
    title: (number: number) => `Roll back to version ${number}?`,
    text: (number: number, next: number) =>
      `Version ${next} will be equal to version ${number}. New calls hear it at once. The draft stays as it is.`,
    live: (count: number, number: number) =>
      `${counted(count, 'call under way stays', 'calls under way stay')} on version ${number}.`,
    submit: 'Roll back',
    done: (number: number, to: number) => `Callers hear version ${number} now. It is equal to version ${to}.`,
    refused: 'This version has errors by the rules of today. Restore it as a draft, mend them, and publish.',
    /** Kept with the version, so in the language of the server. */
    note: (number: number, more: string) => `Rolled back to version ${number}.${more === '' ? '' : ` ${more}`}`,
  },
  kept: {
    title: 'Drafts put aside',
    text: 'When something else was put in the place of a draft, the draft came here.',
    by: (moment: string, by: string) => `${moment}, last changed by ${by}`,
  },
  cancel: 'Cancel',
  undo: 'Undo',
  undone: 'The draft is as it was.',
  exported: 'Export as a file',
  fixed: 'A version cannot be changed. Restore it as a draft to edit it.',
  outline: 'Blocks in the order of a call',
  settingsOf: (block: string) => `Settings of ${block}`,
  closeSettings: 'Back to the blocks',
  choose: 'Version shown',
  chooseHeard: (number: number) => `Version ${number}, callers hear it`,
}

export const versionsMessages = inLanguage('versions', versions)
