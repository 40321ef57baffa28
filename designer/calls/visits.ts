import { answerId, apologyId, hangUpId } from '#flow/addedBlocks.ts'
import { detailOf, failureOf } from '#flow/failure.ts'
import type { Trace, Visit } from '../canvas/trace.ts'
import type { CallStep } from '../wire.ts'

/** One stay of a call in one block, put together from its steps. */
export type Stay = {
  /** Its place in the call, from 1. */
  number: number
  block: string
  /** The version that the block is of, where that is not the one that the call began with. */
  version: string | null
  /** When the call came in. */
  at: string
  /** Why the caller was asked again, each time: the name of an exit. */
  again: readonly string[]
  /** The exit by which it was left; null while the call is here. */
  exit: string | null
  /** The code of what failed. */
  problem: string | null
  /** How many digits were typed. */
  digits: number | null
  /** How long the caller spoke into a recording. */
  seconds: number | null
  /** What a milestone has noted: "Booked: day Friday, people 4". */
  noted: string | null
}

const nothingTold = { again: [], exit: null, problem: null, digits: null, seconds: null, noted: null }

/** The way of a call, block by block. Steps may come twice, and in any order. */
export function staysOf(steps: readonly CallStep[]): Stay[] {
  const stays: Stay[] = []
  for (const step of inOrder(steps)) {
    const { block, event, at, exit, detail, versionId: version } = step
    // A block that has called another flow is left when that has come back.
    let place = event === 'entered' ? -1 : stays.findLastIndex((one) => one.block === block && one.version === version)
    if (place < 0) {
      const number = stays.length + 1
      place = stays.push({ number, block, version, at, ...nothingTold }) - 1
    }
    const stay = stays[place]
    if (!stay || event === 'entered') continue
    const { reason, digits, seconds, milestone, fields } = detailOf(detail)
    if (event === 'again') {
      stays[place] = typeof reason === 'string' ? { ...stay, again: [...stay.again, reason] } : stay
      continue
    }
    stays[place] = {
      ...stay,
      exit: exit ?? stay.exit,
      problem: failureOf(step) ?? stay.problem,
      digits: typeof digits === 'number' ? digits : stay.digits,
      seconds: typeof seconds === 'number' ? seconds : stay.seconds,
      noted: typeof milestone === 'string' ? notedWords(milestone, detailOf(fields)) : stay.noted,
    }
  }
  return stays
}

function notedWords(milestone: string, fields: Readonly<Record<string, unknown>>): string {
  const values = Object.entries(fields).map(([name, value]) => `${name} ${value}`)
  return values.length === 0 ? milestone : `${milestone}: ${values.join(', ')}`
}

function inOrder(steps: readonly CallStep[]): CallStep[] {
  return [...new Map(steps.map((step) => [step.seq, step])).values()].sort((a, b) => a.seq - b.seq)
}

/** Blocks that every flow has and nobody drew. */
export const isDrawn = (block: string): boolean => ![answerId, apologyId, hangUpId].includes(block)

/** The way of a call through one of its flows, as the canvas lights it up. `live`: the call is in the last block now. */
export function traceOf(all: readonly Stay[], live: boolean, version: string | null = null): Trace {
  const visits = new Map<string, Visit>()
  const stays = all.filter((stay) => stay.version === version)
  for (const { number, block, exit, problem } of stays) {
    if (!isDrawn(block)) continue
    // What has called another flow waits for it.
    const now = live && (number === all.length || (exit === null && number === stays.at(-1)?.number))
    visits.set(block, {
      block,
      number,
      times: (visits.get(block)?.times ?? 0) + 1,
      ...(exit !== null && { exit }),
      state: problem !== null ? 'failed' : now ? 'now' : 'visited',
    })
  }
  return { visits: [...visits.values()] }
}
