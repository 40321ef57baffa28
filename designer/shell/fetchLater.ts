/** Long enough for what is on the page to have been drawn and used first. */
const waitMs = 3000

/**
 * Fetches what is not needed yet, so that it is here when the connection is not: a part that cannot be fetched would take
 * the whole page down. Gives back how to call it off.
 */
export function fetchLater(...parts: readonly (() => Promise<unknown>)[]): () => void {
  // What fails now is fetched again when somebody asks for it.
  const timer = setTimeout(() => void Promise.allSettled(parts.map((part) => part())), waitMs)
  return () => clearTimeout(timer)
}
