import { inPath, limit, limitContext, limitCount, limitWhole } from '../road/limits.ts'
import { readOperation } from '../wire/read.ts'
import type { CommsOperation } from '../wire/types.ts'
import { answered, type CallRef, type Outcome, onceOnly, repeatable } from './ask.ts'
import { createBody, type NewCall, type Prompt, playPromptBody, type Recording, recordBody } from './callBodies.ts'
import { newCallIn } from './calls.ts'
import { at, body, type Methods } from './operation.ts'

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

const calls = '/communications/calls'
const onCall = at<CallRef>(({ id, tenantId }, operation) => ({
  version: 'beta',
  path: `${calls}/${inPath(operation, 'call', id)}`,
  tenantId,
}))

const newCall = at<NewCall & { ringingTimeoutInSeconds?: number; routingPolicies?: RoutingPolicy[] }>(
  ({ ringingTimeoutInSeconds, routingPolicies, ...call }, operation) => {
    limitWhole(operation, 'ringingTimeoutInSeconds', ringingTimeoutInSeconds, 1, 115)
    const asked = { ...createBody(call), ringingTimeoutInSeconds, routingPolicies }
    return { version: 'beta', path: calls, tenantId: call.tenantId, body: asked }
  },
)

/** Beta has more kinds of operations than v1.0: what it is, the answer says, if it says anything. */
const begun: Outcome<CommsOperation> = answered((answer) => readOperation(answer.body) ?? {})

const promptsBody = ({ loop, ...play }: { prompts: Prompt[]; clientContext: string; loop?: boolean }) => ({
  ...playPromptBody(play),
  loop,
})

const streamBody = ({ streamWhileRecording, ...recording }: Recording & { streamWhileRecording?: boolean }) => ({
  ...recordBody(recording),
  streamWhileRecording,
})

type MuteAll = { participants?: string[]; clientContext: string }
function muteAllBody({ participants = [], clientContext }: MuteAll, operation: string) {
  limitContext(operation, clientContext)
  return { participants, clientContext }
}

type Mixer = { participantMixerLevels: ParticipantMixerLevel[]; clientContext: string }
function mixerBody({ participantMixerLevels, clientContext }: Mixer, operation: string) {
  limitCount(operation, 'participantMixerLevels', participantMixerLevels, 1, 1_000)
  limitContext(operation, clientContext)
  return { participantMixerLevels, clientContext }
}

function languageBody({ language }: { language: string }, operation: string) {
  limit(operation, language !== '', 'a language such as en-us is needed')
  return { language }
}

/**
 * Graph's beta: it may change or end on any day, and Microsoft supports no use of it in production. What the record knows of each is
 * said beside it. "Catalogue only" is known from the permission catalogue alone: no page describes body, answer or status, so none is
 * sent, and an operation is read from the answer where there is one.
 *
 * None is sent twice after a failure that may hide success, except where said. Every method throws GraphError.
 */
export type Beta = Methods<typeof beta>

const somebody = '/participants/{participant}'

export const beta = {
  /** v1.0's `create`, and how long it rings (115 s at most, peer-to-peer only) and how it is routed. Joins channel meetings too. */
  create: newCall('POST', '', onceOnly, answered(newCallIn)),
  /** v1.0's, and the prompts again and again: an old page says `loop: true` is for ever, and that no end is told then. */
  playPrompt: onCall('POST', '/playPrompt', onceOnly, begun, body(promptsBody)),
  /** v1.0's; its end has a completionReason. `streamWhileRecording` is listed without a word on it. */
  recordResponse: onCall('POST', '/recordResponse', onceOnly, begun, body(streamBody)),
  /** Those who are named, or all when none is. Sent again when unanswered. */
  muteAll: onCall('POST', '/participants/muteAll', repeatable, begun, body(muteAllBody)),
  /** Absent from the newest beta types, so possibly withdrawn. Sent again when unanswered. */
  configureMixer: onCall('POST', '/participants/configureMixer', repeatable, begun, body(mixerBody)),
  /** The meeting's own recording. No body. */
  startRecording: onCall('POST', '/startRecording', onceOnly, begun),
  /** Catalogue only. */
  stopRecording: onCall('POST', '/stopRecording', onceOnly, begun),
  /** en-us is the only language that is documented. */
  startTranscription: onCall('POST', '/startTranscription', onceOnly, begun, body(languageBody)),
  /** Catalogue only. */
  stopTranscription: onCall('POST', '/stopTranscription', onceOnly, begun),
  /** Catalogue only: the bot's own hand. */
  raiseHand: onCall('POST', '/raiseHand', onceOnly, begun),
  lowerHand: onCall('POST', '/lowerHand', onceOnly, begun),
  /** Catalogue only: of the participants together. */
  admitAllFromLobby: onCall('POST', '/participants/admitAllFromLobby', onceOnly, begun),
  lowerAllHands: onCall('POST', '/participants/lowerAllHands', onceOnly, begun),
  /** Catalogue only: of one participant. */
  admitFromLobby: onCall('POST', `${somebody}/admitFromLobby`, onceOnly, begun),
  removeFromLobby: onCall('POST', `${somebody}/removeFromLobby`, onceOnly, begun),
  lowerParticipantHand: onCall('POST', `${somebody}/lowerHand`, onceOnly, begun),
  /** Catalogue only (Calls.ReportSyntheticMedia.All). */
  reportSyntheticMedia: onCall('POST', `${somebody}/reportSyntheticMedia`, onceOnly, begun),
}
