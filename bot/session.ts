import type { Followed } from '#communications/calling/followed.ts'
import type { CallRef } from '#communications/requests/calls.ts'
import type { RecordingRef } from '#communications/requests/recordings.ts'
import { programAt } from '#flow/compile.ts'
import type { CallOutcome } from '#flow/outcome.ts'
import type { CallState } from '#flow/step.ts'
import type { Command, EndReason } from '#flow/talk.ts'
import type { Program } from './program.ts'

/** A command that is due, with the opaque id that Graph sees in place of the visit. */
export type Due = { readonly command: Command; readonly context: string }

/** A request whose end will come later as the end of an operation: which block of the flow it is for. */
export type Expected = {
  readonly context: string
  readonly visit: number
  readonly command: 'play' | 'record' | 'subscribeTones' | 'sendTones'
  /** Its end is not worth telling: another one of the same prompts follows right behind. */
  readonly more?: true
  /** Of a recording: less than that is no message. */
  readonly leastMs?: number
}

/** Where Graph has what a caller has said, and by which token it is fetched. Nothing of it is logged. */
export type Recorded = RecordingRef & { readonly context: string; readonly leastMs: number }

/**
 * Everything that is known of one live call. Plain data but for the program, which is found again by its version.
 * It is never changed, only replaced as a whole.
 */
export type Session = {
  /** Ours, random: the history knows the call by it. */
  readonly id: string
  /** Graph's, in the form that ids are compared in. */
  readonly callId: string
  /** For requests: Graph's id as Graph wrote it, and whose call it is. */
  readonly ref: CallRef
  /** The version that the call began with, whatever is published meanwhile. */
  readonly program: Program
  /** When it began, in milliseconds since 1970: what people change afterwards counts for the next call. */
  readonly began: number
  /** How far its flow takes the time for later than it is; not 0 in some test calls only. */
  readonly movedMs: number
  /** Where the flow stands. */
  readonly state: CallState
  /** What is known of the call. */
  readonly heard: Followed
  /** Commands not carried out yet: another process could finish them. */
  readonly due: readonly Due[]
  readonly expected: readonly Expected[]
  /** How it came out, once the caller has left and the flow tidies up. */
  readonly left?: { outcome: CallOutcome; reason: EndReason } | undefined
  /** The recording of the call that ended last, until the call is over. */
  readonly recorded: Recorded | null
  /** Steps told to the history so far. */
  readonly told: number
  /** Counts the writes; a write is refused when somebody else wrote in between. */
  readonly revision: number
}

/** The program of the flow that a call stands in. */
export const programOf = ({ program, state }: Pick<Session, 'program' | 'state'>): Program => programAt(program, state)

/**
 * Where live calls are kept: `createMemorySessions` for one process; a shared one for several fits behind the same three
 * functions, which is why they may be asynchronous.
 */
export interface Sessions {
  /** The call's session; `over` for a call that ended a short while ago; undefined for one never heard of. */
  load(callId: string): Session | 'over' | undefined | Promise<Session | 'over' | undefined>
  /** Writes if the stored revision is still `before` (null: not there yet). False: somebody else wrote first. */
  save(session: Session, before: number | null): boolean | Promise<boolean>
  /** The call is over. Its id is remembered for a while, so that late news of it is known as such. */
  end(callId: string): void | Promise<void>
  /** The calls that this process looks after. */
  live(): Iterable<Session>
  readonly count: number
}
