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
  /** The caller has spoken and is done. `byKey`: a key that was to end it has. */
  | { type: 'recordingEnded'; visit: number; byKey: boolean }
  /** The caller was to be recorded, and said nothing. */
  | { type: 'nothingSaid'; visit: number }
  /** What was recorded has come. `spokenMs`: from the first sound to the last; 0 when there is none. */
  | { type: 'recordingTaken'; visit: number; spokenMs: number }
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
  /**
   * Records the caller, behind a prompt (one at most) and a beep; each time within `recordLimits`. It ends after `firstSeconds` in which
   * nothing is said, after `silenceSeconds` of silence, by one of the keys, or after `maxSeconds`. Less than `leastMs` is no message.
   */
  | {
      type: 'record'
      prompts: readonly string[]
      beep: boolean
      firstSeconds: number
      silenceSeconds: number
      maxSeconds: number
      stopKeys: string
      leastMs: number
    }
  /** Fetches what was recorded last. It is kept where the tenant keeps messages, if it is one. */
  | { type: 'takeRecording' }
  /** A second timer of the same name replaces the first. */
  | { type: 'startTimer'; timer: Timer; ms: number }
  | { type: 'transfer'; target: Target }
  | { type: 'hangUp' }

export type Command = Ask & { visit: number }

/** The most prompts that one `play` may hold. https://learn.microsoft.com/graph/api/call-playprompt */
export const maxPromptsPerPlay = 20

/** How long each time of a recording may be. https://learn.microsoft.com/graph/api/call-record */
export const recordLimits = { minSeconds: 1, maxSeconds: 120 } as const
