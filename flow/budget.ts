import { FlowError } from './error.ts'

/**
 * What one event of a call may work out: a number that is counted down, never a clock, so that a step stays pure and runs
 * alike on every machine and in every replay. One unit is about a tenth of a microsecond on a slow server (bench/budget.ts
 * measures that); all of it is 20 ms, and with what the count leaves out an event stays below 50.
 */
export type Budget = { left: number }

export const budgetLimits = {
  event: 200_000,
  /** The failure path has something of its own: a flow that was cut off must still be able to say so. */
  failurePath: 20_000,
  /** One value that is taken from what a service has answered, which may be a megabyte: worked out by itself, in 40 ms. */
  answer: 400_000,
} as const

/** How often one block may be entered while nothing is waited for: a circle that never speaks and never listens. */
export const maxRounds = 20

export const openBudget = (): Budget => ({ left: budgetLimits.event })

/** Counts work off. @throws FlowError `tooMuch` once nothing is left, and from then on each time. */
export function spend(budget: Budget, units: number): void {
  budget.left -= units
  if (budget.left < 0) throw spentOut
}

// Made once: `all` and `exists` go on to the next of thousands, and each error of its own would cost more than what it stops.
const spentOut = new FlowError('tooMuch', 'too much for one event')

/** To copy one variable along with all others. */
export const copyCost = 8

/** Characters that are gone through in one unit. */
const charactersPerUnit = 8
/** To look at one value, as comparing does. */
const unitsPerValue = 2
/** Characters that are compared in one unit while a text is looked for in another. */
const comparedPerUnit = 100
/** What walks through values is stopped here: more than any budget has. */
const mostWeight = 1_000_000

const weights = new WeakMap<object, number>()

/** What it costs to go through a value once. Values are never changed, so that each is weighed once. */
export function weightOf(value: unknown): number {
  if (typeof value === 'string') return unitsPerValue + value.length / charactersPerUnit
  if (typeof value !== 'object' || value === null) return unitsPerValue
  const known = weights.get(value)
  if (known !== undefined) return known
  let weight = 0
  const inside: unknown[] = [value]
  while (inside.length > 0 && weight < mostWeight) {
    const next = inside.pop()
    if (typeof next !== 'object' || next === null) weight += weightOf(next)
    else {
      const weighed = weights.get(next)
      weight += weighed ?? unitsPerValue
      if (weighed === undefined) for (const part of partsOf(next)) inside.push(part)
    }
  }
  weights.set(value, weight)
  return weight
}

/** What it costs at worst to look for so many characters in so many: an engine may compare all of the one at each place of the other. */
export const searchCost = (within: number, length: number): number =>
  (length * Math.max(0, within - length + 1)) / comparedPerUnit

/** Bytes are one part each; of a map its keys count too. */
function partsOf(value: object): Iterable<unknown> {
  if (ArrayBuffer.isView(value)) return ['x'.repeat(value.byteLength)]
  if (value instanceof Map) return [...value.keys(), ...value.values()]
  return Array.isArray(value) ? value : [...Object.keys(value), ...Object.values(value)]
}
