import { programAt } from '#flow/compile.ts'
import { nobodyId } from '#flow/nobodyAnswers.ts'
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
  const { kind } = programAt(program, state).nodes.get(state.at ?? '') ?? {}
  // Graph tells nothing more of a call that was sent away, and that it is gone is no loss.
  if (event.type === 'callEnded' && state.line === 'leaving') return kind?.outcome ?? 'rejected'
  if (event.type !== 'callEnded') {
    if (trail.some(({ exit }) => exit === 'lost')) return 'lost'
    return heard.view.established ? 'failed' : 'notAnswered'
  }
  if (state.fault !== null) return state.fault
  const { code } = event.reason
  // 404 too: Graph knows the call no more, and nobody has said why.
  if (code !== null && code >= 400) return 'lost'
  if (program.flowId === nobodyId) return 'noFlow'
  const exit = trail.find(({ event }) => event === 'left')?.exit
  if (exit === 'hangup' || exit === 'missed') return 'callerHungUp'
  return kind?.handsOver ? 'transferred' : drawnEnd(heard)
}

/** How a call comes out that the flow ends: who was never answered was turned away, whatever the block is called that did it. */
export const drawnEnd = ({ view }: Session['heard']): CallOutcome => (view.established ? 'endedByFlow' : 'rejected')
