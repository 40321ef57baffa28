import type { Command } from './talk.ts'

/** How a call stands for the service: the states that one with a flow can come to. */
export type LineState =
  | 'incoming'
  | 'redirecting'
  | 'establishing'
  | 'established'
  | 'transferring'
  | 'transferAccepted'
  | 'terminating'
  | 'terminated'

/** What the service is not asked for. A recording is fetched by an address of its own, also after the call. */
const own = ['startTimer', 'takeRecording', 'request', 'lookUp', 'writeRow', 'createCallback'] as const
type Own = (typeof own)[number]
const isOwn = (type: Command['type']): type is Own => own.some((one) => one === type)

const talking: readonly LineState[] = ['established']

/**
 * In which states the service takes a command (Graph: `allowed` of the contract's state-machine.json). Timers and requests to others
 * are our own.
 */
const takenIn: Record<Exclude<Command['type'], Own>, readonly LineState[]> = {
  answer: ['incoming'],
  reject: ['incoming'],
  redirect: ['incoming'],
  subscribeTones: talking,
  play: talking,
  record: talking,
  sendTones: talking,
  cancelMedia: talking,
  transfer: talking,
  hangUp: ['incoming', 'redirecting', 'establishing', 'established', 'transferring', 'transferAccepted'],
}

/** What the service says to a command that a call does not take as it stands; null when it takes it. The codes are Graph's. */
export function refusalOf(state: LineState, command: Command['type']): string | null {
  if (isOwn(command) || takenIn[command].includes(state)) return null
  if (state === 'terminated') return '404'
  if (state === 'terminating') return '400/8528'
  const tooEarly = state === 'incoming' || state === 'establishing'
  return tooEarly && command !== 'answer' ? '400/8501' : '400/8585'
}
