import type { Flow } from '#flow/flow.ts'
import type { CallStep } from '../wire.ts'
import type { Entry } from './entry.ts'
import type { News } from './line.ts'

/** One test call as far as the phone has heard of it. */
export type PhoneCall = {
  stage: 'ready' | 'dialling' | 'placed' | 'ended'
  /** The flow that was dialled. */
  flow: Flow | null
  entries: readonly Entry[]
  steps: readonly CallStep[]
  /** The latest step in a flow that this one has entered, by its number; 0 if there was none. */
  elsewhere: number
  /** The line broke, or the call could not be placed: what was thrown. */
  lost: boolean
  failure: unknown
}

export const noCall: PhoneCall = {
  stage: 'ready',
  flow: null,
  entries: [],
  steps: [],
  elsewhere: 0,
  lost: false,
  failure: null,
}

export type PhoneEvent =
  | News
  | { type: 'dialled'; flow: Flow }
  | { type: 'refused'; error: unknown }
  /** What was heard is put away, for another call. */
  | { type: 'cleared' }

/** Adds one piece of news to a call. What is told twice, after a break of the line, counts once. */
export function hear(call: PhoneCall, event: PhoneEvent): PhoneCall {
  switch (event.type) {
    case 'dialled':
      return { ...noCall, stage: 'dialling', flow: event.flow }
    case 'refused':
      return { ...noCall, failure: event.error }
    case 'cleared':
      return noCall
    case 'placed':
      return { ...call, stage: 'placed' }
    case 'entry': {
      if (call.entries.some(({ n }) => n === event.entry.n)) return call
      const entries = [...call.entries, event.entry].sort((a, b) => a.n - b.n)
      return { ...call, entries, stage: event.entry.kind === 'ended' ? 'ended' : call.stage }
    }
    case 'step': {
      // The phone stands beside the flow that was dialled: while that waits for another one, it is where it has called it.
      const { seq, versionId } = event.step
      if (versionId !== null) return { ...call, elsewhere: Math.max(call.elsewhere, seq) }
      if (call.steps.some((step) => step.seq === seq)) return call
      return { ...call, steps: [...call.steps, event.step].sort((a, b) => a.seq - b.seq) }
    }
    case 'lost':
      return { ...call, stage: 'ended', lost: true }
    case 'over':
      return call.stage === 'placed' ? { ...call, stage: 'ended' } : call
  }
}
