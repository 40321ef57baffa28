import type { CallOutcome } from '#flow/outcome.ts'
import type { Trace } from '#flow/step.ts'
import type { FlowEvent } from '#flow/talk.ts'
import type { Session } from './session.ts'

/** The outcome of a call that `event` has just ended. First how it stood before, `trail` what then happened. */
export function outcomeOf(
  { program, state, heard }: Pick<Session, 'program' | 'state' | 'heard'>,
  trail: readonly Trace[],
  event: FlowEvent,
): CallOutcome {
  if (event.type === 'callEnded' && event.transferred) return 'transferred'
  if (state.fault !== null && !heard.view.established) return 'notAnswered'
  if (event.type !== 'callEnded') return trail.some(({ exit }) => exit === 'lost') ? 'lost' : 'failed'
  if (state.fault !== null) return state.fault
  const { code } = event.reason
  // 404 too: Graph knows the call no more, and nobody has said why.
  if (code !== null && code >= 400) return 'lost'
  if (trail.find(({ event }) => event === 'left')?.exit === 'hangup') return 'callerHungUp'
  return program.nodes.get(state.at ?? '')?.kind.handsOver ? 'transferred' : 'endedByFlow'
}
