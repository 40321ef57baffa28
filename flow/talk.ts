import type { CellChange, Cells, RowMatch } from './table.ts'

/**
 * The two vocabularies between a flow and the world: what a flow hears (events) and what it asks for (commands).
 * They are ours and not Graph's, so that a flow can one day be spoken over another telephone.
 *
 * `visit` counts the turns of a call. A command carries the visit that asked for it and the answer brings it back,
 * so that an answer to a turn already over is known as late and dropped.
 */

export type Caller = { id: string; name: string; phone: string }
export type Called = { id: string; name: string; phone: string }

/** Why a call is over, in the telephone's own numbers (`code`/`subcode` are Graph's resultInfo). */
export type EndReason = { code: number | null; subcode: number | null }

export type FlowEvent =
  | { type: 'callOffered' }
  /** `audio`: media flows too, so that a prompt would be heard from its first word. */
  | { type: 'callEstablished'; audio: boolean }
  | { type: 'tonesSubscribed'; visit: number }
  /** Keys come once each, and in the order in which they were pressed. */
  | { type: 'tonePressed'; key: string }
  | { type: 'promptFinished'; visit: number }
  | { type: 'promptFailed'; visit: number; problem: string }
  | { type: 'timerElapsed'; visit: number; timer: Timer }
  /** The first row that matched; null when none did. */
  | { type: 'rowFound'; visit: number; cells: Cells | null }
  /** `found`: false when there was no row to change. */
  | { type: 'rowWritten'; visit: number; found: boolean }
  | { type: 'transferAccepted' }
  | { type: 'transferFailed' }
  /** A command was refused or never answered. */
  | { type: 'commandFailed'; visit: number; command: Command['type']; problem: string }
  | { type: 'callEnded'; reason: EndReason; transferred: boolean }

/** `block` is the running block's own timer. */
export type Timer = 'block'

/** Whom a call is given to: a person and a voice app (queue, attendant) by the object id of the account, a number in E.164. */
export type Target = { kind: 'person' | 'number' | 'queue'; id: string; name: string }

/** What a block asks for; the engine adds the visit. */
export type Ask =
  | { type: 'answer' }
  | { type: 'subscribeTones' }
  /** One queue of prompts, at most 20 (Graph's limit for one request). */
  | { type: 'play'; prompts: readonly string[] }
  | { type: 'cancelMedia' }
  /** A second timer of the same name replaces the first. */
  | { type: 'startTimer'; timer: Timer; ms: number }
  | { type: 'transfer'; target: Target }
  /** A row of a table as it was when the call began; answered by `rowFound`. */
  | { type: 'lookUp'; table: string; match: RowMatch }
  /** Changes cells of the first row that matches now, or adds one (`match` null). A cell that is null becomes empty. Answered by `rowWritten`. */
  | { type: 'writeRow'; table: string; match: RowMatch | null; cells: CellChange }
  | { type: 'hangUp' }

export type Command = Ask & { visit: number }

/** The most prompts that one `play` may hold. https://learn.microsoft.com/graph/api/call-playprompt */
export const maxPromptsPerPlay = 20
