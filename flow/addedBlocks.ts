/** Blocks that every program has: the end that nobody drew, and the words for when nothing else handles a failure. */
export const apologyId = '$apology'
export const hangUpId = '$hangUp'
