/** A text as JSON; undefined when it is none. */
export function json(text: string): unknown {
  // Most of Graph's answers are empty, and an error costs more than all the rest of reading them.
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
