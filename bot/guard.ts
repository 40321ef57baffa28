import type { CallRef, Calls } from '#communications/requests/calls.ts'
import { GraphError } from '#communications/road/error.ts'
import type { Call } from '#communications/wire/types.ts'
import type { FlowEvent } from '#flow/talk.ts'
import type { Clock } from '#ground/clock.ts'
import { operationEnded } from './hear.ts'

/**
 * Graph documents no repeat of a notification that got lost, and a caller would wait in silence for ever. So whatever must be told is
 * given a time; when that is over and nothing was told, Graph is asked once. What was told in time costs no request.
 */
export type Awaited =
  /** After the answer: that the call is established and sound flows. */
  | { what: 'established' }
  | { what: 'promptEnd'; visit: number; operationId: string | null; durationMs: number }
  | { what: 'transferEnd'; visit: number }
  /** After the hang-up. */
  | { what: 'end' }

/** Beyond what the thing itself takes: how late Graph tells it. Nothing of this is documented. */
const marginMs = { established: 10_000, promptEnd: 10_000, transferEnd: 90_000, end: 20_000 }
/** A prompt whose operation still runs is given this again, so many times. */
const patienceMs = 10_000
const mostRounds = 6

type GuardParts = {
  calls: Pick<Calls, 'get' | 'getOperation'>
  tell(callId: string, event: FlowEvent): void
  /** The call as Graph has it now, to be heard like a notification. */
  found(callId: string, call: Call): void
  /** Says whether that is still awaited: what has come meanwhile needs no asking. */
  awaits(callId: string, awaited: Awaited): Promise<boolean>
  clock: Pick<Clock, 'after'>
}

export type Guard = ReturnType<typeof createGuard>

export function createGuard({ calls, tell, found, awaits, clock }: GuardParts) {
  const watches = new Map<string, Set<() => void>>()

  function watch(callId: string, ref: CallRef, awaited: Awaited, ms: number, round = 1) {
    const mine = watches.get(callId) ?? new Set()
    watches.set(callId, mine)
    const stop = clock.after(ms, () => {
      mine.delete(stop)
      void awaits(callId, awaited).then((still) => (still ? ask(callId, ref, awaited, round) : undefined))
    })
    mine.add(stop)
  }

  async function ask(callId: string, ref: CallRef, awaited: Awaited, round: number) {
    const again = () => {
      if (round < mostRounds && watches.has(callId)) watch(callId, ref, awaited, patienceMs, round + 1)
    }
    if (awaited.what === 'promptEnd' && awaited.operationId) {
      // No page documents this request, so a refusal of it says nothing.
      const operation = await calls.getOperation(ref, awaited.operationId).catch(() => null)
      const event = operation && operationEnded({ '@odata.type': promptType, ...operation }, awaited.visit)
      if (event) return tell(callId, event)
      if (operation?.status === 'running' && round < mostRounds) return again()
    }
    try {
      const call = await calls.get(ref)
      if (awaited.what === 'promptEnd') return tell(callId, { type: 'promptFinished', visit: awaited.visit })
      if (awaited.what === 'transferEnd' && call.state === 'established')
        return tell(callId, { type: 'transferFailed' })
      found(callId, call)
      again()
    } catch (problem) {
      if (problem instanceof GraphError && problem.gone) {
        const transferred = awaited.what === 'transferEnd'
        const reason = { code: 404, subcode: problem.subcode }
        return tell(callId, { type: 'callEnded', reason, transferred })
      }
      // Refused or unanswered: nothing is known. A caller in silence is worse than a prompt that is cut short.
      if (awaited.what === 'promptEnd') return tell(callId, { type: 'promptFinished', visit: awaited.visit })
      again()
    }
  }

  return {
    /** Begins to wait for it. */
    expect(callId: string, ref: CallRef, awaited: Awaited): void {
      const own = awaited.what === 'promptEnd' ? awaited.durationMs : 0
      watch(callId, ref, awaited, own + marginMs[awaited.what])
    },
    /** The call is over. */
    stop(callId: string): void {
      for (const stop of watches.get(callId) ?? []) stop()
      watches.delete(callId)
    },
    close(): void {
      for (const callId of [...watches.keys()]) this.stop(callId)
    },
    get size() {
      return watches.size
    },
  }
}

const promptType = '#microsoft.graph.playPromptOperation'
