import type { ChatInfo, Identity, IdentitySet } from './types.ts'

/**
 * The types on the wire about online meetings, what was said and seen in them, and who was there: Microsoft Graph v1.0. Types only;
 * names and members are those of the public metadata. Times are ISO 8601 with an offset. See `types.ts` for those about calls.
 */

export type OnlineMeetingPresenters =
  | 'everyone'
  | 'organization'
  | 'roleIsPresenter'
  | 'organizer'
  | 'unknownFutureValue'
export type LobbyBypassScope =
  | 'organizer'
  | 'organization'
  | 'organizationAndFederated'
  | 'everyone'
  | 'invited'
  | 'organizationExcludingGuests'
  | 'unknownFutureValue'
export type OnlineMeetingRole = 'attendee' | 'presenter' | 'producer' | 'coorganizer' | 'unknownFutureValue'

export type MeetingParticipantInfo = {
  identity?: IdentitySet | null
  role?: OnlineMeetingRole | null
  upn?: string | null
}
export type MeetingParticipants = {
  attendees?: MeetingParticipantInfo[]
  organizer?: MeetingParticipantInfo | null
}

export type LobbyBypassSettings = { isDialInBypassEnabled?: boolean | null; scope?: LobbyBypassScope | null }

/** Cannot be changed after the meeting is made. The passcode is Graph's own: ask for one with `isPasscodeRequired`. */
export type JoinMeetingIdSettings = {
  isPasscodeRequired?: boolean | null
  joinMeetingId?: string | null
  passcode?: string | null
}

/** How to dial in. The spelling `ConferenceId` of some examples is read too. */
export type AudioConferencing = {
  conferenceId?: string | null
  dialinUrl?: string | null
  tollFreeNumber?: string | null
  tollFreeNumbers?: string[]
  tollNumber?: string | null
  tollNumbers?: string[]
}

/** The settings of a meeting that can be chosen when it is made, and changed later. */
export type OnlineMeetingSettings = {
  subject?: string | null
  startDateTime?: string | null
  endDateTime?: string | null
  participants?: MeetingParticipants | null
  lobbyBypassSettings?: LobbyBypassSettings | null
  allowedPresenters?: OnlineMeetingPresenters | null
  allowedLobbyAdmitters?:
    | 'organizerAndCoOrganizersAndPresenters'
    | 'organizerAndCoOrganizers'
    | 'unknownFutureValue'
    | null
  allowAttendeeToEnableCamera?: boolean | null
  allowAttendeeToEnableMic?: boolean | null
  allowBreakoutRooms?: boolean | null
  allowCopyingAndSharingMeetingContent?: boolean | null
  allowLiveShare?: 'enabled' | 'disabled' | 'unknownFutureValue' | null
  allowMeetingChat?: 'enabled' | 'disabled' | 'limited' | 'unknownFutureValue' | null
  allowParticipantsToChangeName?: boolean | null
  allowPowerPointSharing?: boolean | null
  allowRecording?: boolean | null
  allowTeamworkReactions?: boolean | null
  allowTranscription?: boolean | null
  allowWhiteboard?: boolean | null
  chatRestrictions?: { allowTextOnly?: boolean | null } | null
  isEndToEndEncryptionEnabled?: boolean | null
  isEntryExitAnnounced?: boolean | null
  meetingSpokenLanguageTag?: string | null
  recordAutomatically?: boolean | null
  sensitivityLabelAssignment?: { sensitivityLabelId?: string | null } | null
  shareMeetingChatHistoryDefault?: 'none' | 'all' | 'unknownFutureValue' | null
  watermarkProtection?: { isEnabledForContentSharing?: boolean | null; isEnabledForVideo?: boolean | null } | null
}

/** A meeting. The type is open: Graph may add members, which are left out here. */
export type OnlineMeeting = OnlineMeetingSettings & {
  /** Opaque, and compared exactly. */
  id: string
  /** With `participants.organizer` and the tenant, what joining needs. */
  chatInfo?: ChatInfo | null
  joinWebUrl?: string | null
  joinMeetingIdSettings?: JoinMeetingIdSettings | null
  joinInformation?: { content?: string | null; contentType?: 'text' | 'html' | null } | null
  audioConferencing?: AudioConferencing | null
  cloudVideoInteropInfo?: {
    moreInfoWebUrl?: string | null
    tenantKey?: string | null
    videoTeleconferenceId?: string | null
  } | null
  creationDateTime?: string | null
  expiryDateTime?: string | null
  externalId?: string | null
  isBroadcast?: boolean | null
  meetingOptionsWebUrl?: string | null
  meetingTemplateId?: string | null
  meetingType?: 'adhoc' | 'scheduled' | 'recurring' | 'broadcast' | 'meetnow' | 'unknownFutureValue' | null
  videoTeleconferenceId?: string | null
  broadcastSettings?: {
    allowedAudience?: 'roleIsAttendee' | 'organization' | 'everyone' | 'unknownFutureValue' | null
    isAttendeeReportEnabled?: boolean | null
    isQuestionAndAnswerEnabled?: boolean | null
    isRecordingEnabled?: boolean | null
    isVideoOnDemandEnabled?: boolean | null
    captions?: {
      isCaptionEnabled?: boolean | null
      spokenLanguage?: string | null
      translationLanguages?: string[]
    } | null
  } | null
}

export type AttendanceInterval = {
  joinDateTime?: string | null
  leaveDateTime?: string | null
  durationInSeconds?: number | null
}

/** One who was there. `id` is missing in the documented examples. */
export type AttendanceRecord = {
  id?: string
  identity?: Identity | null
  emailAddress?: string | null
  role?: string | null
  totalAttendanceInSeconds?: number | null
  attendanceIntervals?: AttendanceInterval[]
  registrationId?: string | null
  externalRegistrationInformation?: { referrer?: string | null; registrationId?: string | null } | null
}

export type MeetingAttendanceReport = {
  id: string
  meetingStartDateTime?: string | null
  meetingEndDateTime?: string | null
  totalParticipantCount?: number | null
  externalEventInformation?: { applicationId?: string | null; externalEventId?: string | null }[]
  /** Only when asked for. */
  attendanceRecords?: AttendanceRecord[]
}

type CallArtifact = {
  id: string
  callId?: string | null
  meetingId?: string | null
  meetingOrganizer?: IdentitySet | null
  createdDateTime?: string | null
  endDateTime?: string | null
  /** The same for the transcript and the recording of one call. */
  contentCorrelationId?: string | null
}
export type CallTranscript = CallArtifact & { transcriptContentUrl?: string | null }
export type CallRecording = CallArtifact & { recordingContentUrl?: string | null }
