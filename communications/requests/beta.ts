import type { Graph, GraphAnswer } from '../road/graph.ts'
import { inPath, limit, limitContext, limitCount, limitWhole } from '../road/limits.ts'
import { readOperation } from '../wire/read.ts'
import type { Call, CommsOperation } from '../wire/types.ts'
import { type CallRef, callPath, type Options, onceOnly, repeatable } from './ask.ts'
import { createBody, type NewCall, type Prompt, playPromptBody, type Recording, recordBody } from './callBodies.ts'
import { newCallIn } from './calls.ts'

/** How loud one participant hears others. The numbers are percent in the only example; no page gives their ranges. */
export type ParticipantMixerLevel = {
  /** Ids of participants. */
  participant: string
  exclusive: boolean
  ducking: { rampActive: number; rampInactive: number; lowerLevel: number; upperLevel: number }
  sourceLevels: { participant: string; level: number; duckOthers: boolean }[]
}

export type RoutingPolicy =
  | 'none'
  | 'noMissedCall'
  | 'disableForwardingExceptPhone'
  | 'disableForwarding'
  | 'preferSkypeForBusiness'

/**
 * Graph's beta: it may change or end on any day, and Microsoft supports no use of it in production. What the record knows of each is
 * said beside it. "Catalogue only" is known from the permission catalogue alone: no page describes body, answer or status, so none is
 * sent, and an operation is read from the answer where there is one.
 *
 * None is sent twice after a failure that may hide success, except where said. Every method throws GraphError.
 */
export type Beta = {
  /** v1.0's `create`, and how long it rings (115 s at most, peer-to-peer only) and how it is routed. Joins channel meetings too. */
  create(
    call: NewCall & { ringingTimeoutInSeconds?: number; routingPolicies?: RoutingPolicy[] },
    options?: Options,
  ): Promise<Call & { id: string }>
  /** v1.0's, and the prompts again and again: an old page says `loop: true` is for ever, and that no end is told then. */
  playPrompt(
    call: CallRef,
    play: { prompts: Prompt[]; clientContext: string; loop?: boolean },
    options?: Options,
  ): Promise<CommsOperation>
  /** v1.0's; its end has a completionReason. `streamWhileRecording` is listed without a word on it. */
  recordResponse(
    call: CallRef,
    recording: Recording & { streamWhileRecording?: boolean },
    options?: Options,
  ): Promise<CommsOperation>
  /** Those who are named, or all when none is. Sent again when unanswered. */
  muteAll(
    call: CallRef,
    mute: { participants?: string[]; clientContext: string },
    options?: Options,
  ): Promise<CommsOperation>
  /** Absent from the newest beta types, so possibly withdrawn. Sent again when unanswered. */
  configureMixer(
    call: CallRef,
    mixer: { participantMixerLevels: ParticipantMixerLevel[]; clientContext: string },
    options?: Options,
  ): Promise<CommsOperation>
  /** The meeting's own recording. No body. */
  startRecording(call: CallRef, options?: Options): Promise<CommsOperation>
  /** Catalogue only. */
  stopRecording(call: CallRef, options?: Options): Promise<CommsOperation>
  /** en-us is the only language that is documented. */
  startTranscription(call: CallRef, transcription: { language: string }, options?: Options): Promise<CommsOperation>
  /** Catalogue only. */
  stopTranscription(call: CallRef, options?: Options): Promise<CommsOperation>
  /** Catalogue only: the bot's own hand. */
  raiseHand(call: CallRef, options?: Options): Promise<CommsOperation>
  lowerHand(call: CallRef, options?: Options): Promise<CommsOperation>
  /** Catalogue only: of the participants together. */
  admitAllFromLobby(call: CallRef, options?: Options): Promise<CommsOperation>
  lowerAllHands(call: CallRef, options?: Options): Promise<CommsOperation>
  /** Catalogue only: of one participant. */
  admitFromLobby(call: CallRef, participantId: string, options?: Options): Promise<CommsOperation>
  removeFromLobby(call: CallRef, participantId: string, options?: Options): Promise<CommsOperation>
  lowerParticipantHand(call: CallRef, participantId: string, options?: Options): Promise<CommsOperation>
  /** Catalogue only (Calls.ReportSyntheticMedia.All). */
  reportSyntheticMedia(call: CallRef, participantId: string, options?: Options): Promise<CommsOperation>
}

/** The operations of beta, one a function, over the same road as those of v1.0. */
export function createBeta(graph: Graph): Beta {
  async function post(
    [operation, below]: [operation: string, below: string],
    call: CallRef,
    body?: object,
    options?: Options,
    how = onceOnly,
  ): Promise<CommsOperation> {
    const answer = await graph.send({
      operation: `beta.${operation}`,
      version: 'beta',
      method: 'POST',
      path: callPath(`beta.${operation}`, call, below),
      tenantId: call.tenantId,
      ...(body && { body }),
      ...how,
      ...options,
    })
    return operationOf(answer)
  }

  const onCall = (operation: string) => (call: CallRef, options?: Options) =>
    post([operation, `/${operation}`], call, undefined, options)

  const onAll = (operation: string) => (call: CallRef, options?: Options) =>
    post([operation, `/participants/${operation}`], call, undefined, options)

  const onOne =
    (operation: string, action = operation) =>
    async (call: CallRef, participantId: string, options?: Options) => {
      const participant = inPath(`beta.${operation}`, 'participant', participantId)
      return post([operation, `/participants/${participant}/${action}`], call, undefined, options)
    }

  return {
    async create({ ringingTimeoutInSeconds, routingPolicies, ...call }, options) {
      limitWhole('beta.create', 'ringingTimeoutInSeconds', ringingTimeoutInSeconds, 1, 115)
      const answer = await graph.send({
        operation: 'beta.create',
        version: 'beta',
        method: 'POST',
        path: '/communications/calls',
        tenantId: call.tenantId,
        body: { ...createBody(call), ringingTimeoutInSeconds, routingPolicies },
        ...onceOnly,
        ...options,
      })
      return newCallIn('beta.create', answer)
    },

    async playPrompt(call, { loop, ...play }, options) {
      return post(['playPrompt', '/playPrompt'], call, { ...playPromptBody(play), loop }, options)
    },

    async recordResponse(call, { streamWhileRecording, ...recording }, options) {
      const body = { ...recordBody(recording), streamWhileRecording }
      return post(['recordResponse', '/recordResponse'], call, body, options)
    },

    async muteAll(call, { participants = [], clientContext }, options) {
      limitContext('beta.muteAll', clientContext)
      const body = { participants, clientContext }
      return post(['muteAll', '/participants/muteAll'], call, body, options, repeatable)
    },

    async configureMixer(call, { participantMixerLevels, clientContext }, options) {
      limitCount('beta.configureMixer', 'participantMixerLevels', participantMixerLevels, 1, 1_000)
      limitContext('beta.configureMixer', clientContext)
      const body = { participantMixerLevels, clientContext }
      return post(['configureMixer', '/participants/configureMixer'], call, body, options, repeatable)
    },

    async startTranscription(call, { language }, options) {
      limit('beta.startTranscription', language !== '', 'a language such as en-us is needed')
      return post(['startTranscription', '/startTranscription'], call, { language }, options)
    },

    startRecording: onCall('startRecording'),
    stopRecording: onCall('stopRecording'),
    stopTranscription: onCall('stopTranscription'),
    raiseHand: onCall('raiseHand'),
    lowerHand: onCall('lowerHand'),
    admitAllFromLobby: onAll('admitAllFromLobby'),
    lowerAllHands: onAll('lowerAllHands'),
    admitFromLobby: onOne('admitFromLobby'),
    removeFromLobby: onOne('removeFromLobby'),
    lowerParticipantHand: onOne('lowerParticipantHand', 'lowerHand'),
    reportSyntheticMedia: onOne('reportSyntheticMedia'),
  }
}

/** Beta has more kinds of operations than v1.0: what it is, the answer says, if it says anything. */
const operationOf = ({ body }: GraphAnswer): CommsOperation => readOperation(body) ?? {}
