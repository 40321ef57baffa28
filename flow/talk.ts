import type { CellChange, Cells, RowMatch } from './table.ts'
import type { Variables } from './values.ts'

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
  /** The first row that matched; null when none did. */
  | { type: 'rowFound'; visit: number; cells: Cells | null }
  /** `found`: false when there was no row to change. */
  | { type: 'rowWritten'; visit: number; found: boolean }
  /** `merged`: the caller was on the list already. */
  | { type: 'callbackKept'; visit: number; merged: boolean }
  /** What came of a request to a service. */
  | { type: 'responded'; visit: number; answer: ServiceAnswer }
  /** The caller has spoken and is done. `byKey`: a key that was to end it has. */
  | { type: 'recordingEnded'; visit: number; byKey: boolean }
  /** The caller was to be recorded, and said nothing. */
  | { type: 'nothingSaid'; visit: number }
  /** What was recorded has come. `spokenMs`: from the first sound to the last; 0 when there is none. */
  | { type: 'recordingTaken'; visit: number; spokenMs: number }
  /** The keys that were to be sent have gone out. */
  | { type: 'tonesSent'; visit: number }
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

/**
 * A request to a service, worked out but for the secret, which goes by its name: it is put in when the request is sent, and stands in no
 * state, command or history.
 */
export type ServiceRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  /** Names in lower case. */
  headers: { readonly [name: string]: string }
  body: string | null
  /** Where the secret goes: into Authorization, or a header of this name. */
  auth: null | { kind: 'bearer' | 'basic' | 'header'; secret: string; user: string; header: string }
  timeoutMs: number
  /** Further tries; only of methods that may be repeated. */
  retries: number
  /** Hosts besides its own that a redirect may lead to. */
  redirectsTo: readonly string[]
}

/**
 * What came of it: a status with the values that the block takes from the answer, or why there is none. `problem` is a word for the
 * history, and holds nothing of what was sent or answered.
 */
export type ServiceAnswer =
  | { status: number; ms: number; values: Variables }
  | { failed: 'timeout' | 'network' | 'badBody' | 'error'; problem: string; ms: number }

/** Somebody who is to be called back. */
export type Callback = {
  /** E.164, the object id of an account, or the digits of a number as people of one country write it. */
  number: string
  name: string
  reason: string
  /** In milliseconds since 1970. */
  due: number
  /** Who is to call, in words; empty for nobody yet. */
  owner: string
  /** The number is not that of the caller, who may be anybody: what was known of it stays. */
  typed: boolean
}

/** What a block asks for; the engine adds the visit. */
export type Ask =
  | { type: 'answer' }
  /** Instead of an answer: the caller hears that it is busy, or not permitted, or gives up. */
  | { type: 'reject'; reason: RejectReason }
  /** Instead of an answer: these ring, all at once, for so long (null: the telephone's own time). Who takes the call is not told. */
  | { type: 'redirect'; targets: readonly Target[]; seconds: number | null }
  | { type: 'subscribeTones' }
  /**
   * One queue of prompts, at most 20 (Graph's limit for one request). `fresh`: some of them are known only now, and nobody may keep
   * those for longer than the call. What needs several requests has `more` in all but the last, whose end is that of them all, and
   * `behind` in all but the first: what sounds before.
   */
  | { type: 'play'; prompts: readonly string[]; fresh?: true; more?: true; behind?: readonly string[] }
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
  /** Presses these keys for the other side, one after the other, at most `maxTones`. Answered by `tonesSent`. */
  | { type: 'sendTones'; tones: string; gapMs: number }
  /** Fetches what was recorded last. It is kept where the tenant keeps messages, if it is one. */
  | { type: 'takeRecording' }
  /** A second timer of the same name replaces the first. */
  | { type: 'startTimer'; timer: Timer; ms: number }
  | { type: 'transfer'; target: Target }
  /** A row of a table as it was when the call began; answered by `rowFound`. */
  | { type: 'lookUp'; table: string; match: RowMatch }
  /** Changes cells of the first row that matches now, or adds one (`match` null). A cell that is null becomes empty. Answered by `rowWritten`. */
  | { type: 'writeRow'; table: string; match: RowMatch | null; cells: CellChange }
  /**
   * Puts somebody on the list of callbacks; or, where the same flow has put the same number there for the same owner within `mergeMs`
   * and nobody has called since, adds to that. Answered by `callbackKept`.
   */
  | { type: 'createCallback'; callback: Callback; mergeMs: number }
  | { type: 'request'; request: ServiceRequest }
  | { type: 'hangUp' }

export type Command = Ask & { visit: number }

/** Prompts are asked for as they were written; `names` is what they may speak of besides the variables. */
export type BlockAsk = Ask & { names?: Variables }

/** The most prompts that one `play` may hold. https://learn.microsoft.com/graph/api/call-playprompt */
export const maxPromptsPerPlay = 20

/** How long each time of a recording may be. https://learn.microsoft.com/graph/api/call-record */
export const recordLimits = { minSeconds: 1, maxSeconds: 120 } as const

/** The most keys that are sent at once. Graph names no limit; nobody dials more. */
export const maxTones = 50
