import { counted } from './counted.ts'
import { inLanguage } from './languages.ts'

declare module './translation.ts' {
  interface English {
    mailbox: typeof mailbox
  }
}

/** Words for the messages that callers have left. */
const mailbox = {
  list: 'Messages',
  /** What those hear who do not see the list. */
  count: (shown: number, open: number) =>
    `${counted(shown, 'message', 'messages')}, ${open === 0 ? 'nothing to do' : `${open} to do`}`,
  toDo: (open: string) => (open === '0' ? 'Nothing to do' : `${open} to do`),
  callbacks: {
    list: 'Callbacks',
    toDo: (open: string, overdue: string | null) =>
      open === '0'
        ? 'Nobody to call back'
        : `${open} to call back${overdue === null ? '' : `, ${overdue} of them overdue`}`,
    times: (times: number) => `asked ${counted(times, 'time', 'times')}`,
    dial: (number: string) => `Dial ${number}`,
    noReason: 'No reason given',
    due: (when: string, late: boolean) => (late ? `Overdue: ${when}` : `Due: ${when}`),
    owner: (owner: string) => `By ${owner}`,
    nobody: 'By nobody yet',
    doneBy: (by: string, when: string) => `Called by ${by}, ${when}`,
    take: 'Take',
    takeOf: (who: string) => `Take: callback to ${who}`,
    giveBack: 'Give back',
    giveBackOf: (who: string) => `Give back: callback to ${who}`,
    doneOf: (who: string) => `Done: callback to ${who}`,
    undoneOf: (who: string) => `To do again: callback to ${who}`,
    more: 'More callbacks',
    kept: (days: number) => `Each stays for ${counted(days, 'day', 'days')} after it is done, or was due.`,
  },
  keeping: {
    title: 'Keep messages',
    on: (days: number) =>
      `What callers say in “Record message” is kept here, sealed, and deleted after ${counted(days, 'day', 'days')}. Callers must be told: a flow that does not say so has a warning.`,
    off: 'What callers say in “Record message” is not kept: nothing of it outlives the call. What was kept before stays until its days are over.',
    impossible:
      'Nothing can be kept, because nothing could be sealed: this server has no DATA_KEY. Whoever looks after it must set one, for the designer and the bot.',
    days: 'Days that messages are kept',
    daysRefused: 'Write a number from 1 to 3,650.',
    save: 'Save',
    saved: 'Saved.',
  },
  empty: {
    title: 'No messages yet',
    on: 'Call a flow with “Record message” and leave one. It appears here by itself.',
    off: 'Put on “Keep messages”, and callers of a flow with “Record message” can leave one.',
  },
  noFlow: 'a flow that is gone',
  length: (length: string) => `${length} long`,
  test: 'Test',
  play: (caller: string, when: string) => `Message of ${caller}, ${when}`,
  heardBy: (by: string, when: string) => `Last heard by ${by}, ${when}`,
  /** `more`: of so many only the last are told. */
  listens: (count: string, more: boolean) => `All who listened (${more ? 'the last ' : ''}${count})`,
  heard: (by: string, when: string) => `${by}, ${when}`,
  notHeard: 'Nobody has heard it yet',
  doneBy: (by: string, when: string) => `Done by ${by}, ${when}`,
  done: 'Done',
  setDone: (caller: string) => `Done: message of ${caller}`,
  undone: 'To do again',
  setUndone: (caller: string) => `To do again: message of ${caller}`,
  call: (caller: string) => `Show the call of ${caller}`,
  remove: (caller: string) => `Delete the message of ${caller}`,
  removing: {
    title: (caller: string) => `Delete the message of ${caller}?`,
    text: 'It can be taken back until tomorrow. Then it is gone for good, and with it who listened.',
    submit: 'Delete',
    cancel: 'Keep it',
    done: (caller: string) => `The message of ${caller} was deleted.`,
    restore: 'Restore',
    restored: (caller: string) => `The message of ${caller} is back.`,
  },
  more: 'Earlier messages',
  disconnected: 'Connection lost. Trying again.',
} as const

export const mailboxMessages = inLanguage('mailbox', mailbox)
