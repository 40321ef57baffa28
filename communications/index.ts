/** What the client is to those who use it: all that README.md names. The other modules can be imported one by one. */

export { type Cancel, type Clock, realClock, sleep } from '#ground/clock.ts'
export type {
  AppCatalog,
  SignedIn,
  TeamsApp,
  TeamsAppDefinition,
  TeamsAppDistributionMethod,
  TeamsAppPublishingState,
} from './appCatalog.ts'
export type { CallRef, Options, UserRef } from './ask.ts'
export type { AudioRoutingGroups, NewAudioRoutingGroup } from './audioRoutingGroups.ts'
export type { Beta } from './beta.ts'
export type { Answer, NewCall, Prompt, Recording, Redirection, Rejection, Tones, Transfer } from './callBodies.ts'
export { type Calling, type CallingEvents, type CallingSettings, createCalling } from './calling.ts'
export { type CallOperations, type Calls, type CallsSettings, createCalls } from './calls.ts'
export { type Client, createClient } from './client.ts'
export { type Cloud, cloud, type GovernmentCloud, type Unpublished } from './clouds.ts'
export type { ContentSharingSessions } from './contentSharingSessions.ts'
export { GraphError } from './error.ts'
export type { Content, GraphSettings, SentRequest } from './graph.ts'
export { ExchangeError, type Transport } from './http.ts'
export {
  type JoinInfo,
  JoinUrlError,
  type JoinUrlReason,
  type JoinUrlSettings,
  parseJoinUrl,
  parseMeetingId,
} from './joinUrl.ts'
export type { CallEvents, Guarded, LiveCall, Wait } from './liveCall.ts'
export type * from './meetingWords.ts'
export { type Notification, NotificationError, normalId, parseNotifications, sameId } from './notifications.ts'
export type { CallView, Ended } from './observe.ts'
export type { MeetingRef, NewOnlineMeeting, OnlineMeetings } from './onlineMeetings.ts'
export { isOnlyTheEnd, OperationError, type OperationErrorCode } from './operations.ts'
export type { Invitation, Participants } from './participants.ts'
export type { Party, Source } from './parties.ts'
export {
  type CallToPlace,
  createPlacer,
  type Placed,
  type Placer,
  type PlacerSettings,
  type Whose,
} from './placeCall.ts'
export type { Presence, Presences, SessionPresence, StatusMessage } from './presence.ts'
export { createProof, type Proof, ProofError, type ProofReason, type ProofSettings, type Proven } from './proof.ts'
export {
  type Download,
  type DownloadSettings,
  downloadRecording,
  type RecordingRef,
} from './recordings.ts'
export { type Described, describeResult, type Evidence, explainResult, type ResultOf } from './results.ts'
export type { ResultKey } from './resultWords.ts'
export type { RosterChange } from './roster.ts'
export { createThrottle, type Rate, type Throttle, type ThrottleSettings } from './throttle.ts'
export { type Credential, createTokens, type TokenSettings, type Tokens } from './tokens.ts'
export type * from './words.ts'
