/**
 * How a call came out, as lists show it: the bot's word, and whether the caller was served. A stable list: the history keeps
 * these words. Nothing but `served` may ever look like success; `left` is the caller's own doing, or what was drawn for callers who are not
 * to be served here.
 */
export const callOutcomes = {
  /** Somebody else has the caller now. */
  transferred: 'served',
  /** The flow came to an end that somebody drew, and nothing had failed on the way. */
  endedByFlow: 'served',
  /** The caller hung up after the call was answered, and nothing had failed on the way. */
  callerHungUp: 'left',
  /** The flow turned the caller away unanswered, as somebody drew it. */
  rejected: 'left',
  /** The flow sent the caller on unanswered. Whether anybody took the call is not told. */
  redirected: 'left',
  /** No flow is there for what was called: the caller was told so, and no more. */
  noFlow: 'notServed',
  /** The bot could not answer. A caller who gave up before that has hung up, and one whom Graph lost is lost. */
  notAnswered: 'notServed',
  /** A transfer failed, and none after it went well: however the call then ended, the caller did not reach the person. */
  notTransferred: 'notServed',
  /** Something failed, and an error exit, the failure path or the apology was taken. */
  failed: 'notServed',
  /** The network or the platform ended the call, or nobody knows. */
  lost: 'notServed',
} as const

export type CallOutcome = keyof typeof callOutcomes
