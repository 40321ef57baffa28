import { randomUUID } from 'node:crypto'
import type { Cancel, Clock } from '#communications/clock.ts'
import type {
  CallDirection,
  CallState,
  IdentitySet,
  InvitationParticipantInfo,
  MediaInfo,
  ParticipantInfo,
  ResultInfo,
} from '#communications/words.ts'
import type { Prompt } from './prompts.ts'
import { type Entry, Transcript, type TransferOutcome } from './transcript.ts'

/** A playPrompt request that waits for its turn, or sounds. Aborted when it is cancelled or the call ends. */
export type PlayOperation = { id: string; clientContext: string | null; media: MediaInfo[]; abort: AbortController }

export type Playing = { operationId: string; clientContext: string | null; text: string | null; index: number }

/** A transfer under way. `whenAsked` is there while a person at the control API has to say how it goes. */
export type Transfer = {
  target: InvitationParticipantInfo
  whenAsked: ((outcome: TransferOutcome) => void) | null
}

/** One call between a bot and a person, as the service keeps it. Only `exchange.ts` and `player.ts` change it. */
export type Call = {
  readonly id: string
  readonly chainId: string
  readonly myParticipantId: string
  readonly tenantId: string
  readonly appId: string
  readonly direction: CallDirection
  readonly source: ParticipantInfo
  readonly targets: InvitationParticipantInfo[]
  /** What this call's person does when transferred, if it was said when the call was placed. */
  readonly transfers: TransferOutcome | 'ask' | undefined
  readonly startedAt: string
  readonly transcript: Transcript

  state: CallState
  audio: 'active' | 'inactive' | null
  /** Where notifications go: the webhook, until a request names a callbackUri. */
  callbackUri: string
  media: 'serviceHosted' | 'appHosted' | null
  answeredAt: string | null
  endedAt: string | null
  result: ResultInfo | null
  tonesHeard: boolean
  toneSequence: number
  transfer: Transfer | null

  /** Operations that wait or sound, in order. */
  readonly queue: PlayOperation[]
  playing: Playing | null
  /** The WAV files that sounded; the first ones go when there are too many. */
  readonly sounded: Map<number, Prompt>

  /** Aborted when the emulator is told to forget the call: then nothing more is said about it. */
  readonly forgotten: AbortController
  /** What is still to happen by itself. */
  readonly timers: Set<Cancel>
  /** Settles when the operation that was asked for last is over. */
  player: Promise<void>
  /** Settles when the notification that was posted last is delivered. */
  outbox: Promise<void>
}

type Placed = Pick<
  Call,
  'tenantId' | 'appId' | 'direction' | 'source' | 'targets' | 'transfers' | 'state' | 'callbackUri' | 'media'
>

export function newCall(clock: Clock, placed: Placed): Call {
  return {
    ...placed,
    id: randomUUID(),
    chainId: randomUUID(),
    myParticipantId: randomUUID(),
    startedAt: new Date(clock.now()).toISOString(),
    transcript: new Transcript(clock),
    audio: null,
    answeredAt: null,
    endedAt: null,
    result: null,
    tonesHeard: false,
    toneSequence: 0,
    transfer: null,
    queue: [],
    playing: null,
    sounded: new Map(),
    forgotten: new AbortController(),
    timers: new Set(),
    player: Promise.resolve(),
    outbox: Promise.resolve(),
  }
}

export const hasEnded = (call: Call): boolean => call.state === 'terminated'

/** Ids are GUIDs, and the pages write them in capitals and without hyphens too. */
export const plainId = (id: string): string => id.toLowerCase().replaceAll('-', '')

/** Who somebody is, without Graph's type names: { user: { id, displayName } }. */
type PlainIdentity = Record<string, { id: string | null; displayName: string | null }>
function plainIdentity(identity: IdentitySet | undefined): PlainIdentity {
  const plain: PlainIdentity = {}
  for (const [kind, one] of Object.entries(identity ?? {})) {
    if (one && typeof one === 'object') plain[kind] = { id: one.id ?? null, displayName: one.displayName ?? null }
  }
  return plain
}

/** A call as the control API shows it. */
export type CallView = {
  id: string
  tenantId: string
  appId: string
  direction: CallDirection
  state: CallState
  from: PlainIdentity
  to: PlainIdentity
  startedAt: string
  answeredAt: string | null
  endedAt: string | null
  result: ResultInfo | null
  playing: Playing | null
  tonesHeard: boolean
  /** True while a transfer waits for a person to say how it goes. */
  transferWaits: boolean
  transcript: Entry[]
}

export function viewOf(call: Call): CallView {
  const { id, tenantId, appId, direction, state, startedAt, answeredAt, endedAt, result, playing, tonesHeard } = call
  return {
    ...{ id, tenantId, appId, direction, state, startedAt, answeredAt, endedAt, result, playing, tonesHeard },
    from: plainIdentity(call.source.identity),
    to: plainIdentity(call.targets[0]?.identity),
    transferWaits: Boolean(call.transfer?.whenAsked),
    transcript: call.transcript.after(0),
  }
}
