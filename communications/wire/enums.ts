/**
 * The enumerations on the wire, each with its members in Graph's canonical spelling: once, for the types (`types.ts`), for what reads
 * them in any spelling (`read.ts`) and for what checks requests.
 */

type Member<Members extends readonly string[]> = Members[number]

export const endpointTypes = [
  'default',
  'voicemail',
  'skypeForBusiness',
  'skypeForBusinessVoipPhone',
  'unknownFutureValue',
] as const
export type EndpointType = Member<typeof endpointTypes>

export const callStates = [
  'incoming',
  'establishing',
  'ringing',
  'established',
  'hold',
  'transferring',
  'transferAccepted',
  'redirecting',
  'terminating',
  'terminated',
  'unknownFutureValue',
] as const
/** `ringing` stands on the pages but not in the v1.0 metadata: never wait for it. */
export type CallState = Member<typeof callStates>

export const callDirections = ['incoming', 'outgoing'] as const
export type CallDirection = Member<typeof callDirections>

export const modalities = ['audio', 'video', 'videoBasedScreenSharing', 'data', 'unknownFutureValue'] as const
export type Modality = Member<typeof modalities>

export const mediaStates = ['active', 'inactive', 'unknownFutureValue'] as const
export type MediaState = Member<typeof mediaStates>

const digits = ['tone0', 'tone1', 'tone2', 'tone3', 'tone4', 'tone5', 'tone6', 'tone7', 'tone8', 'tone9'] as const
export const tones = [...digits, 'star', 'pound', 'a', 'b', 'c', 'd', 'flash'] as const
export type Tone = Member<typeof tones>

export const transcriptionStates = ['notStarted', 'active', 'inactive', 'unknownFutureValue'] as const
export type TranscriptionState = Member<typeof transcriptionStates>

export const operationStatuses = ['notStarted', 'running', 'completed', 'failed'] as const
export type OperationStatus = Member<typeof operationStatuses>

export const operationTypes = [
  '#microsoft.graph.addLargeGalleryViewOperation',
  '#microsoft.graph.cancelMediaProcessingOperation',
  '#microsoft.graph.inviteParticipantsOperation',
  '#microsoft.graph.muteParticipantOperation',
  '#microsoft.graph.playPromptOperation',
  '#microsoft.graph.recordOperation',
  '#microsoft.graph.sendDtmfTonesOperation',
  '#microsoft.graph.startHoldMusicOperation',
  '#microsoft.graph.stopHoldMusicOperation',
  '#microsoft.graph.subscribeToToneOperation',
  '#microsoft.graph.unmuteParticipantOperation',
  '#microsoft.graph.updateRecordingStatusOperation',
] as const
export type OperationType = Member<typeof operationTypes>

export const sendDtmfCompletionReasons = [
  'unknown',
  'completedSuccessfully',
  'mediaOperationCanceled',
  'unknownFutureValue',
] as const
export type SendDtmfCompletionReason = Member<typeof sendDtmfCompletionReasons>

export const mediaDirections = ['inactive', 'sendOnly', 'receiveOnly', 'sendReceive'] as const
export type MediaDirection = Member<typeof mediaDirections>

export const recordingStatuses = ['unknown', 'notRecording', 'recording', 'failed', 'unknownFutureValue'] as const
export type RecordingStatus = Member<typeof recordingStatuses>

export const restrictions = ['watermarkProtection', 'unknownFutureValue'] as const
export type Restriction = Member<typeof restrictions>

export const routingModes = ['oneToOne', 'multicast', 'unknownFutureValue'] as const
export type RoutingMode = Member<typeof routingModes>

export const changeTypes = ['created', 'updated', 'deleted'] as const
export type ChangeType = Member<typeof changeTypes>

export const rejectReasons = ['none', 'busy', 'forbidden'] as const
export type RejectReason = Member<typeof rejectReasons>

export const screenSharingRoles = ['viewer', 'sharer'] as const
export type ScreenSharingRole = Member<typeof screenSharingRoles>
