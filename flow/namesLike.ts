import { flowLimits } from './flowLimits.ts'

/** Names for what is to be called `name`, the best first: "Desk", "Desk 2", "Desk 3". */
export function* namesLike(name: string): Generator<string> {
  yield name
  const base = name.replace(/ \d{1,4}$/, '')
  for (let number = 2; ; number += 1) {
    const ending = ` ${number}`
    // By code points: half of a pair could not be kept.
    const points = [...base]
    while (points.join('').length + ending.length > flowLimits.name) points.pop()
    yield points.join('').trimEnd() + ending
  }
}

/** The first of them that nobody has. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  for (const next of namesLike(name)) if (!isTaken(next)) return next
  return name // never: there is always a next one
}
