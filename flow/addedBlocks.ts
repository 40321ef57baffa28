/** Blocks that every program has: the end that nobody drew, the words for when nothing else handles a failure, and the answer before them. */
export const answerId = '$answer'
export const apologyId = '$apology'
export const hangUpId = '$hangUp'
