/**
 * Keys in the order in which they were pressed. Notifications may come twice, late or in another order; the sequence
 * number of each key tells. A key that is ahead of its turn is held until the missing one comes or a short time is
 * over. Where sequences begin is not documented (the one example shows 1), so the first key of a call is taken at
 * once when it is 0 or 1, and held for a moment when it is higher.
 */
export type Keys = {
  /** The sequence of the last key that was let through. */
  readonly last: number | null
  readonly held: readonly { readonly key: string; readonly sequence: number }[]
}

export const noKeys: Keys = { last: null, held: [] }

/** One key came in: which keys may be heard now, in order? `waiting` is true while one is held. */
export function hearKey(keys: Keys, key: string, sequence: number): { keys: Keys; heard: string; waiting: boolean } {
  const seen = (keys.last !== null && sequence <= keys.last) || keys.held.some((other) => other.sequence === sequence)
  if (seen) return { keys, heard: '', waiting: keys.held.length > 0 }
  const held = [...keys.held, { key, sequence }].sort((a, b) => a.sequence - b.sequence)
  return letThrough({ last: keys.last, held }, false)
}

/** The wait is over: what is held is heard, gaps or not. */
export const hearHeldKeys = (keys: Keys): { keys: Keys; heard: string; waiting: boolean } => letThrough(keys, true)

function letThrough({ last, held }: Keys, all: boolean): { keys: Keys; heard: string; waiting: boolean } {
  let heard = ''
  let next = 0
  for (const { key, sequence } of held) {
    const inTurn = last === null ? sequence <= 1 : sequence === last + 1
    if (!all && !inTurn) break
    heard += key
    last = sequence
    next += 1
  }
  const rest = next === held.length ? noKeys.held : held.slice(next)
  return { keys: { last, held: rest }, heard, waiting: rest.length > 0 }
}
