/** What the client is to those who use it: all that README.md names. The other modules can be imported one by one. */

export { type Cancel, type Clock, realClock, sleep } from '#ground/clock.ts'
export { type Calling, type CallingEvents, type CallingSettings, createCalling } from './calling/calling.ts'
export type { CallEvents, Guarded, LiveCall, Wait } from './calling/liveCall.ts'
export type { CallView, Ended } from './calling/observe.ts'
export { isOnlyTheEnd, OperationError, type OperationErrorCode } from './calling/operations.ts'
export type { RosterChange } from './calling/roster.ts'
export { type Notification, NotificationError, normalId, parseNotifications, sameId } from './inbound/notifications.ts'
export {
  createProof,
  type Proof,
  ProofError,
  type ProofReason,
  type ProofSettings,
  type Proven,
} from './inbound/proof.ts'
export type {
  AppCatalog,
  SignedIn,
  TeamsApp,
  TeamsAppDefinition,
  TeamsAppDistributionMethod,
  TeamsAppPublishingState,
} from './requests/appCatalog.ts'
export type { CallRef, Options, UserRef } from './requests/ask.ts'
export type { AudioRoutingGroups, NewAudioRoutingGroup } from './requests/audioRoutingGroups.ts'
export type { Beta, ParticipantMixerLevel, RoutingPolicy } from './requests/beta.ts'
export type {
  Answer,
  NewCall,
  Prompt,
  Recording,
  Redirection,
  Rejection,
  Tones,
  Transfer,
} from './requests/callBodies.ts'
export { type CallOperations, type Calls, type CallsSettings, createCalls } from './requests/calls.ts'
export { type Client, createClient } from './requests/client.ts'
export type { ContentSharingSessions } from './requests/contentSharingSessions.ts'
export {
  type JoinInfo,
  JoinUrlError,
  type JoinUrlReason,
  type JoinUrlSettings,
  parseJoinUrl,
  parseMeetingId,
} from './requests/joinUrl.ts'
export type {
  MeetingRef,
  NamedOnlineMeeting,
  NewOnlineMeeting,
  OnlineMeetings,
  UpTo,
} from './requests/onlineMeetings.ts'
export type { Invitation, Participants } from './requests/participants.ts'
export type { Party, Source } from './requests/parties.ts'
export {
  type CallToPlace,
  createPlacer,
  type Placed,
  type Placer,
  type PlacerSettings,
  type Whose,
} from './requests/placeCall.ts'
export type { Presence, Presences, SessionPresence, StatusMessage } from './requests/presence.ts'
export {
  type Download,
  type DownloadSettings,
  downloadRecording,
  type RecordingRef,
} from './requests/recordings.ts'
export type { PeopleSearch, User, Users } from './requests/users.ts'
export { type Cloud, cloud, type GovernmentCloud, type Unpublished } from './road/clouds.ts'
export { GraphError } from './road/error.ts'
export type { Content, GraphSettings, SentRequest } from './road/graph.ts'
export { RoundTripError, type Transport } from './road/http.ts'
export { createThrottle, type Rate, type Throttle, type ThrottleSettings } from './road/throttle.ts'
export { type Credential, createTokens, type TokenSettings, type Tokens } from './road/tokens.ts'
export type {
  AttendanceInterval,
  AttendanceRecord,
  AudioConferencing,
  CallRecording,
  CallTranscript,
  JoinMeetingIdSettings,
  LobbyBypassScope,
  LobbyBypassSettings,
  MeetingAttendanceReport,
  MeetingParticipantInfo,
  MeetingParticipants,
  OnlineMeeting,
  OnlineMeetingPresenters,
  OnlineMeetingRole,
  OnlineMeetingSettings,
} from './wire/readMeeting.ts'
export { type Described, describeResult, type Evidence, explainResult, type ResultOf } from './wire/results.ts'
export type { ResultKey } from './wire/resultWords.ts'
export type * from './wire/types.ts'
