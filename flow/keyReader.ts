/** What keys may come to: whether these are an answer, and whether a further key could make another answer of them. */
export type Answers = { is(entry: string): boolean; grows(entry: string): boolean }

/** What the keys so far are; `typed` remains for whoever listens next. */
export type Reading = { is: 'answer' | 'more' | 'wrong'; entry: string; typed: string }

/** Key by key. One that makes no answer of those before it is not theirs: they are the answer, if they are one. */
export function readKeys({ is, grows }: Answers, before: string, typed: string): Reading {
  let entry = before
  for (let n = 0; n < typed.length; n += 1) {
    const next = entry + typed[n]
    const rest = typed.slice(n + 1)
    if (!grows(next)) {
      if (is(next)) return { is: 'answer', entry: next, typed: rest }
      if (is(entry)) return { is: 'answer', entry, typed: typed.slice(n) }
      return { is: 'wrong', entry: next, typed: rest }
    }
    entry = next
  }
  return { is: 'more', entry, typed: '' }
}

/** Answers that are listed. */
export const answersOf = (all: readonly string[]): Answers => ({
  is: (entry) => all.includes(entry),
  grows: (entry) => growsTo(all, entry),
})

/** Whether one of these begins with the entry and is longer. */
export const growsTo = (all: readonly string[], entry: string): boolean =>
  all.some((keys) => keys.length > entry.length && keys.startsWith(entry))
