/** What is wrong, where, and what to do about it, in sentences for the person at the keyboard. */
export type Problem = { what: string; where: string; fix: string }
