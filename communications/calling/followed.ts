import type { Notification } from '../inbound/notifications.ts'
import type { Call, CallOptions, CommsOperation, Participant, ToneInfo } from '../wire/types.ts'
import type { Ledger, Patience } from './ledger.ts'
import type { CallView, Ended, CallEvent as Observation } from './observe.ts'
import type { Roster, RosterChange, RosterNews } from './roster.ts'
import type { Tones } from './tones.ts'

/** The vocabulary of `follow`: what is known of a call, what can be learnt of it, and what comes of that. Types only. */

/** What one call is known to be. Plain data: it can be put away as JSON, and another process can go on from it. */
export type Followed = {
  readonly view: CallView
  /** Null while the call lives. */
  readonly ended: Ended | null
  /** Graph said 404 of the call: it is over, and why may still be on its way. */
  readonly gone: { readonly subcode: number | null } | null
  readonly tones: Tones
  readonly roster: Roster
  readonly rosterQuestion: RosterQuestion
  readonly operations: Ledger
  /** The transfer that was asked for here, until the call ends or is back. */
  readonly transfer: { readonly patience: Patience; readonly asked: number } | null
  /** How often the state has changed: an answer to a question from before is old. */
  readonly changes: number
  /** How often Graph was asked whether the call is established. */
  readonly looks: number
}

type RosterQuestion = {
  /** What was known when Graph was asked, and was heard since then. Null while it is not asked. */
  readonly open: { readonly before: Roster; readonly meanwhile: readonly RosterNews[] } | null
  /** It was asked less than a second ago. */
  readonly resting: boolean
  readonly again: boolean
}

/** The times that whoever follows a call allows, in milliseconds. */
export type Pace = {
  /** Until Graph is asked whether the call is established; twice as long each time, up to `keepAliveMs`. */
  establishedMs: number
  keepAliveMs: number
  /** How long a key waits for one before it that has not come. */
  toneGapMs: number
  /** How long the end of a call that Graph knows no more may still be on its way. It says how the call ended, 404 does not. */
  goneMs: number
}

/** Whatever can be learnt of a call: what is heard, what was asked and answered, and timers. */
export type News =
  | { type: 'heard'; notification: Notification }
  | { type: 'rang'; timer: string }
  /** A request goes out. Operations are known by their client context. */
  | { type: 'begun'; request: 'answer'; callOptions?: CallOptions | undefined }
  | { type: 'begun'; request: 'transfer'; patience: Patience }
  | { type: 'begun'; request: 'operation'; context: string; patience: Patience }
  /** Graph took it. */
  | { type: 'taken'; request: 'answer' | 'hangUp' | 'transfer' }
  | { type: 'taken'; request: 'operation'; context: string; operation: CommsOperation }
  /** Graph refused it, or nobody waits for it any more. */
  | { type: 'dropped'; request: 'transfer' }
  | { type: 'dropped'; request: 'operation'; context: string }
  /** 404, of the call itself or of what may be one of its parts only. */
  | { type: 'gone'; of: 'call' | 'part'; subcode: number | null }
  /** Answers to what was asked here; null where Graph could not tell. */
  | { type: 'call'; call: Call | null; since: number; about: string | null }
  | { type: 'operation'; operation: CommsOperation | null; context: string }
  | { type: 'participants'; participants: readonly Participant[] | null }
  | { type: 'keptAlive'; isDone: boolean }
  /** The roster is to be asked for. */
  | { type: 'rosterWanted' }

/** What happened, in the order in which it is to be told. */
export type CallEvent =
  | Observation
  | { type: 'tone'; tone: ToneInfo }
  | { type: 'roster'; change: RosterChange }
  /** An operation is over, also one that was not begun here. */
  | { type: 'operation'; operation: CommsOperation }
  /** One that was begun here is over, or null: Graph never said how it went, and could not tell when asked. */
  | { type: 'operationEnded'; context: string; operation: CommsOperation | null }
  /** Nothing was heard of the transfer, and the call is there. */
  | { type: 'transferUnknown' }
  | { type: 'other'; notification: Notification }

/** What is to be done. A timer that is set again is replaced; `since` and `about` go back with the answer. All end with the call. */
export type Ask =
  | { type: 'getCall'; since: number; about: string | null }
  | { type: 'getOperation'; context: string; id: string }
  | { type: 'listParticipants' }
  | { type: 'keepAlive' }
  | { type: 'wait'; timer: string; ms: number }
  | { type: 'cancel'; timer: string }

export type Step = { known: Followed; told: CallEvent[]; asks: Ask[] }
