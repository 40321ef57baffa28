import type { Trace } from '#flow/step.ts'
import type { FlowEvent } from '#flow/talk.ts'
import type { Session } from './session.ts'

/** How a call came out, in one word for lists. `lost`: the network or the platform ended it, or nobody knows. */
export type CallOutcome = 'transferred' | 'endedByFlow' | 'callerHungUp' | 'failed' | 'lost'

/** The outcome of a call that `event` has just ended. First how it stood before, `trail` what then happened. */
export function outcomeOf(
  { program, state }: Pick<Session, 'program' | 'state'>,
  trail: readonly Trace[],
  event: FlowEvent,
): CallOutcome {
  if (event.type !== 'callEnded') return trail.some(({ exit }) => exit === 'lost') ? 'lost' : 'failed'
  if (event.transferred) return 'transferred'
  if (state.phase === 'failing') return 'failed'
  const { code } = event.reason
  // 404 too: Graph knows the call no more, and nobody has said why.
  if (code !== null && code >= 400) return 'lost'
  if (trail.find(({ event }) => event === 'left')?.exit === 'hangup') return 'callerHungUp'
  return program.nodes.get(state.at ?? '')?.kind.handsOver ? 'transferred' : 'endedByFlow'
}
