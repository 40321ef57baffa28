import type { Clock } from '#ground/clock.ts'
import type { Notification } from '../inbound/notifications.ts'
import type { Client } from '../requests/client.ts'
import type { RecordingRef } from '../requests/recordings.ts'
import type {
  Call,
  CallDirection,
  CallState,
  ChatInfo,
  CommsOperation,
  InvitationParticipantInfo,
  MeetingInfo,
  Participant,
  ParticipantInfo,
  ResultInfo,
  ToneInfo,
} from '../wire/types.ts'
import type { Ended } from './observe.ts'
import type { RosterChange } from './roster.ts'

/** One call that is followed: what it tells, and what can be asked of it. Types only; call.ts makes it. */

/** What a call tells, by the name of the event. `ended` comes once and last. */
export type CallEvents = {
  stateChanged: { from: CallState; to: CallState }
  /** Once, even if Graph says it again. */
  established: undefined
  /** Established and audio flows, once: the moment for the first prompt. */
  mediaActive: undefined
  /** Audio began or stopped to flow; it stops during a transfer. */
  mediaState: { active: boolean }
  /** Each key once, in the order in which they were pressed. */
  tone: ToneInfo
  roster: RosterChange
  /** An operation is over, also one that another process asked for before this one resumed the call. */
  operation: CommsOperation
  /** The other side is with somebody else; the end of the call follows. */
  transferred: undefined
  /** The call is back. */
  transferFailed: { resultInfo: ResultInfo | null }
  ended: Ended
  /** What Graph tells besides: shared content, policy recording, resources that are newer than this program. */
  other: Notification
}

type Calls = Client['calls']
type Participants = Client['participants']

/** What an operation is asked with: the call and the client context come from here. */
type Ask<F extends (...all: never[]) => unknown> = Parameters<F>[1] extends infer Body
  ? Omit<Body, 'clientContext' | 'callbackUri'>
  : never
/** The same for an operation on one participant. */
type AskOne<F extends (...all: never[]) => unknown> = Omit<Parameters<F>[2], 'clientContext'>

/**
 * `guardMs`: how long to wait for the end before Graph is asked, such as the length of the prompt and a margin. A second at least;
 * Infinity never asks. `signal` gives up waiting, with OperationError `aborted`, and stops no prompt: `cancelMediaProcessing` does.
 */
export type Guarded = { guardMs?: number | undefined; signal?: AbortSignal | undefined }

/** How long `until` waits: milliseconds (Infinity, and none, for as long as the call lives), and a signal that ends it. */
export type Wait = number | { timeoutMs?: number | undefined; signal?: AbortSignal | undefined }

/**
 * One call, followed from here. Its members always show the newest that is known.
 *
 * Methods throw GraphError when Graph refuses, and OperationError `callEnded` when the call is over or ends before they are done.
 * Operations are promises of their end, whichever of notification, answer or question brings it: they resolve with the operation as
 * Graph ended it, and reject with OperationError when it failed. One that nobody awaits never ends the process: how it ended is told by
 * the event `operation`, and a refusal by Graph (GraphError), which no event tells, by `onError`.
 */
export type LiveCall = CallActions & {
  readonly id: string
  readonly tenantId: string
  readonly state: CallState
  /** `incoming` as well where Graph has not said. */
  readonly direction: CallDirection
  readonly source: ParticipantInfo | null
  readonly targets: readonly InvitationParticipantInfo[]
  readonly chatInfo: ChatInfo | null
  readonly meetingInfo: MeetingInfo | null
  readonly mediaActive: boolean
  readonly myParticipantId: string | null
  /** Who is in the call, the bot included, by participant id in lower case with hyphens. Empty until Graph has told it. */
  readonly roster: ReadonlyMap<string, Participant>
  /** Null while the call lives. */
  readonly ended: Ended | null
  /** Everything that Graph said of the call. */
  readonly details: Call

  /** Told as it happens. A handler is not waited for; what it throws goes to `onError`. Gives back what ends it. */
  on<E extends keyof CallEvents>(event: E, handler: (news: CallEvents[E], call: LiveCall) => unknown): () => void
  once<E extends keyof CallEvents>(event: E, handler: (news: CallEvents[E], call: LiveCall) => unknown): () => void
  /**
   * The next such event; `established`, `mediaActive` and `ended` also resolve when they have happened already. Rejects with
   * OperationError: `timeout` after `timeoutMs`, `aborted` by the signal, `callEnded` when the call ends first. In a `Promise.race` give
   * it a signal, so that the loser leaves nothing behind. For one key after the other use `tones`: between two `until` some are lost.
   */
  until<E extends keyof CallEvents>(event: E, wait?: Wait): Promise<CallEvents[E]>
  /**
   * The keys from this moment on, each once and in order, kept until they are read: `for await (const { tone } of call.tones())`. It ends
   * with the call, after the last key, or when the loop is left. Ask before the first key can come, so before the prompt.
   */
  tones(): AsyncIterableIterator<ToneInfo>
}

/** What can be asked of a call. */
export type CallActions = {
  /** Within 15 s of `incoming`. Resolves when Graph has taken it; `until('mediaActive')` is when it can be heard. */
  answer(ask?: Partial<Ask<Calls['answer']>>): Promise<void>
  /** Resolves when Graph has taken it, or when the call has ended meanwhile; as `redirect` does. */
  reject(ask: Ask<Calls['reject']>): Promise<void>
  redirect(ask: Ask<Calls['redirect']>): Promise<void>
  /** Ends the bot's leg. Resolves when the call is over; also when it was over already. */
  hangUp(): Promise<void>

  /** Graph gives no length of a prompt: for long ones say `guardMs`. */
  playPrompt(ask: Ask<Calls['playPrompt']> & Guarded): Promise<CommsOperation>
  /** Resolves with what `downloadRecording` takes: fetch it at once. OperationError `noRecording` when Graph did not say where it is. */
  recordResponse(ask: Ask<Calls['recordResponse']> & Guarded): Promise<CommsOperation & RecordingRef>
  subscribeToTone(ask?: Guarded): Promise<CommsOperation>
  /** Ends what plays and records, and all that waits: each rejects with `cancelled`. */
  cancelMediaProcessing(ask?: Guarded): Promise<CommsOperation>
  sendDtmfTones(ask: Ask<Calls['sendDtmfTones']> & Guarded): Promise<CommsOperation>
  /**
   * Resolves when the other side has been taken over; rejects with `transferFailed` when the call is back. One at a time: a second one
   * is refused with GraphError `badRequest`.
   */
  transfer(ask: Ask<Calls['transfer']> & Pick<Guarded, 'guardMs'>): Promise<void>
  mute(ask?: Guarded): Promise<CommsOperation>
  unmute(ask?: Guarded): Promise<CommsOperation>
  updateRecordingStatus(ask: Ask<Calls['updateRecordingStatus']> & Guarded): Promise<CommsOperation>
  changeScreenSharingRole(ask: Ask<Calls['changeScreenSharingRole']>): Promise<void>
  addLargeGalleryView(ask?: Guarded): Promise<CommsOperation>

  /** An unanswered invitation failed by itself after about 60 s (observed). */
  invite(ask: Ask<Participants['invite']> & Guarded): Promise<CommsOperation>
  muteParticipant(participantId: string, ask?: Guarded): Promise<CommsOperation>
  removeParticipant(participantId: string): Promise<void>
  /** Resolves when the music plays (inferred). */
  startHoldMusic(participantId: string, ask?: AskOne<Participants['startHoldMusic']> & Guarded): Promise<CommsOperation>
  stopHoldMusic(participantId: string, ask?: Guarded): Promise<CommsOperation>
}

export type CallSettings = {
  client: Pick<Client, 'calls' | 'participants'>
  clock: Clock
  callbackUri: () => string
  keepAliveMs: number
  establishGuardMs: number
  operationGuardMs: number
  toneGapMs: number
  onError: (error: unknown, call: LiveCall) => void
}

/** The call for the bot, and for the one who follows it. */
export type FollowedCall = {
  call: LiveCall
  hear(news: Notification): void
  /** Asks Graph who is in the call. Throws nothing: what goes wrong is told to `onError`. */
  fetchRoster(): Promise<void>
  /** Stops following: timers end, promises reject with `closed`. Nothing is sent. */
  close(): void
}
