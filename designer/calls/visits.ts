import { answerId, apologyId, hangUpId } from '#flow/addedBlocks.ts'
import { detailOf, failureOf } from '#flow/failure.ts'
import type { Trace, Visit } from '../canvas/trace.ts'
import type { CallStep } from '../wire.ts'

/** One stay of a call in one block, put together from its steps. */
export type Stay = {
  /** Its place in the call, from 1. */
  number: number
  block: string
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
}

/** The way of a call, block by block. Steps may come twice, and in any order. */
export function staysOf(steps: readonly CallStep[]): Stay[] {
  const stays: Stay[] = []
  for (const step of inOrder(steps)) {
    const { block, event, at, exit, detail } = step
    const last = stays.at(-1)
    if (event === 'entered' || !last || last.block !== block) {
      const number = stays.length + 1
      stays.push({ number, block, at, again: [], exit: null, problem: null, digits: null })
    }
    const stay = stays.at(-1)
    if (!stay || event === 'entered') continue
    const { reason, digits } = detailOf(detail)
    if (event === 'again') {
      stays[stays.length - 1] = typeof reason === 'string' ? { ...stay, again: [...stay.again, reason] } : stay
      continue
    }
    stays[stays.length - 1] = {
      ...stay,
      exit: exit ?? stay.exit,
      problem: failureOf(step) ?? stay.problem,
      digits: typeof digits === 'number' ? digits : stay.digits,
    }
  }
  return stays
}

function inOrder(steps: readonly CallStep[]): CallStep[] {
  return [...new Map(steps.map((step) => [step.seq, step])).values()].sort((a, b) => a.seq - b.seq)
}

/** Blocks that every flow has and nobody drew. */
export const isDrawn = (block: string): boolean => ![answerId, apologyId, hangUpId].includes(block)

/** The way of a call as the canvas lights it up. `live`: the call is in the last block now. */
export function traceOf(stays: readonly Stay[], live: boolean): Trace {
  const visits = new Map<string, Visit>()
  for (const { number, block, exit, problem } of stays) {
    if (!isDrawn(block)) continue
    const now = live && number === stays.length
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
