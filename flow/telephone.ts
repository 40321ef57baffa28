import type { Command } from './talk.ts'

/** How a call stands for the service: the states that one with a flow can come to. */
export type LineState =
  | 'incoming'
  | 'establishing'
  | 'established'
  | 'transferring'
  | 'transferAccepted'
  | 'terminating'
  | 'terminated'

const talking: readonly LineState[] = ['established']

/** What is our own, and no business of the service. */
const ours = ['startTimer', 'lookUp', 'writeRow'] as const
type Ours = (typeof ours)[number]
const isOurs = (command: Command['type']): command is Ours => ours.some((one) => one === command)

/** In which states the service takes a command (Graph: `allowed` of the contract's state-machine.json). */
const takenIn: Record<Exclude<Command['type'], Ours>, readonly LineState[]> = {
  answer: ['incoming'],
  subscribeTones: talking,
  play: talking,
  cancelMedia: talking,
  transfer: talking,
  hangUp: ['incoming', 'establishing', 'established', 'transferring', 'transferAccepted'],
}

/** What the service says to a command that a call does not take as it stands; null when it takes it. The codes are Graph's. */
export function refusalOf(state: LineState, command: Command['type']): string | null {
  if (isOurs(command) || takenIn[command].includes(state)) return null
  if (state === 'terminated') return '404'
  if (state === 'terminating') return '400/8528'
  const tooEarly = state === 'incoming' || state === 'establishing'
  return tooEarly && command !== 'answer' ? '400/8501' : '400/8585'
}
