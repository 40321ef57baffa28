/**
 * The two vocabularies between a flow and the world: what a flow hears (events) and what it asks for (commands).
 * They are ours and not Graph's, so that a flow can one day be spoken over another telephone.
 *
 * `visit` counts the turns of a call. A command carries the visit that asked for it and the answer brings it back,
 * so that an answer to a turn already over is known as late and dropped.
 */

export type Caller = { id: string; name: string; phone: string }
export type Called = { id: string; name: string; phone: string }
/** Who is on the line, and who forwarded the call, if it is told; empty where nobody did. */
export type People = { caller: Caller; called: Called; transferor?: Caller }

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
  | { type: 'transferAccepted' }
  | { type: 'transferFailed' }
  /** A command was refused or never answered. */
  | { type: 'commandFailed'; visit: number; command: Command['type']; problem: string }
  | { type: 'callEnded'; reason: EndReason; transferred: boolean }

/**
 * `block` is the running block's own timer. The others are the call's, and outlast its blocks: a caller who still rings then is
 * answered, or turned away.
 */
export type Timer = 'block' | 'answersLate' | 'rejectsLate'

/** How a call stands, as far as its flow has asked and heard. `leaving`: it is rejected or sent on; `lost`: it could not be answered. */
export type Line = 'ringing' | 'answering' | 'established' | 'audible' | 'leaving' | 'lost'

/** Whom a call is given to: a person and a voice app (queue, attendant) by the object id of the account, a number in E.164. */
export type Target = { kind: 'person' | 'number' | 'queue'; id: string; name: string }

export const rejectReasons = ['busy', 'forbidden', 'none'] as const
export type RejectReason = (typeof rejectReasons)[number]

/** What a block asks for; the engine adds the visit. */
export type Ask =
  | { type: 'answer' }
  /** Instead of an answer: the caller hears that it is busy, or not permitted, or gives up. */
  | { type: 'reject'; reason: RejectReason }
  /** Instead of an answer: these ring, all at once, for so long (null: the telephone's own time). Who takes the call is not told. */
  | { type: 'redirect'; targets: readonly Target[]; seconds: number | null }
  | { type: 'subscribeTones' }
  /** One queue of prompts, at most 20 (Graph's limit for one request). */
  | { type: 'play'; prompts: readonly string[] }
  | { type: 'cancelMedia' }
  /** A second timer of the same name replaces the first. */
  | { type: 'startTimer'; timer: Timer; ms: number }
  | { type: 'transfer'; target: Target }
  | { type: 'hangUp' }

export type Command = Ask & { visit: number }

/** The most prompts that one `play` may hold. https://learn.microsoft.com/graph/api/call-playprompt */
export const maxPromptsPerPlay = 20
