import {
  boolean,
  integer,
  listReader,
  nullable,
  oneOf,
  orNamed,
  type Read,
  type Reader,
  readChatInfo,
  readIdentity,
  readIdentitySet,
  text,
  withId,
} from './read.ts'

/**
 * What Graph sends about online meetings, what was said and seen in them, and who was there, with the tolerance of `read.ts`: readers,
 * and the types of what they read. Names and members are those of the public metadata. Times are ISO 8601 with an offset.
 */

const future = 'unknownFutureValue'
const onOff = oneOf(['enabled', 'disabled'], future)

const participantInfo = nullable({
  identity: readIdentitySet,
  role: oneOf(['attendee', 'presenter', 'producer', 'coorganizer'], future),
  upn: text,
})

const audioConferencing = orNamed(
  'conferenceId',
  'ConferenceId',
  nullable({
    conferenceId: text,
    dialinUrl: text,
    tollFreeNumber: text,
    tollFreeNumbers: listReader(text),
    tollNumber: text,
    tollNumbers: listReader(text),
  }),
)

const settings = {
  subject: text,
  startDateTime: text,
  endDateTime: text,
  participants: nullable({ attendees: listReader(participantInfo), organizer: participantInfo }),
  lobbyBypassSettings: nullable({
    isDialInBypassEnabled: boolean,
    scope: oneOf(
      ['organizer', 'organization', 'organizationAndFederated', 'everyone', 'invited', 'organizationExcludingGuests'],
      future,
    ),
  }),
  allowedPresenters: oneOf(['everyone', 'organization', 'roleIsPresenter', 'organizer'], future),
  allowedLobbyAdmitters: oneOf(['organizerAndCoOrganizersAndPresenters', 'organizerAndCoOrganizers'], future),
  allowAttendeeToEnableCamera: boolean,
  allowAttendeeToEnableMic: boolean,
  allowBreakoutRooms: boolean,
  allowCopyingAndSharingMeetingContent: boolean,
  allowLiveShare: onOff,
  allowMeetingChat: oneOf(['enabled', 'disabled', 'limited'], future),
  allowParticipantsToChangeName: boolean,
  allowPowerPointSharing: boolean,
  allowRecording: boolean,
  allowTeamworkReactions: boolean,
  allowTranscription: boolean,
  allowWhiteboard: boolean,
  chatRestrictions: nullable({ allowTextOnly: boolean }),
  isEndToEndEncryptionEnabled: boolean,
  isEntryExitAnnounced: boolean,
  meetingSpokenLanguageTag: text,
  recordAutomatically: boolean,
  sensitivityLabelAssignment: nullable({ sensitivityLabelId: text }),
  shareMeetingChatHistoryDefault: oneOf(['none', 'all'], future),
  watermarkProtection: nullable({ isEnabledForContentSharing: boolean, isEnabledForVideo: boolean }),
}

const meeting = withId(
  nullable({
    ...settings,
    /** Opaque, and compared exactly. */
    id: text,
    /** With `participants.organizer` and the tenant, what joining needs. */
    chatInfo: readChatInfo,
    joinWebUrl: text,
    /** Cannot be changed after the meeting is made. The passcode is Graph's own: ask for one with `isPasscodeRequired`. */
    joinMeetingIdSettings: nullable({ isPasscodeRequired: boolean, joinMeetingId: text, passcode: text }),
    joinInformation: nullable({ content: text, contentType: oneOf(['text', 'html']) }),
    audioConferencing,
    cloudVideoInteropInfo: nullable({ moreInfoWebUrl: text, tenantKey: text, videoTeleconferenceId: text }),
    creationDateTime: text,
    expiryDateTime: text,
    externalId: text,
    isBroadcast: boolean,
    meetingOptionsWebUrl: text,
    meetingTemplateId: text,
    meetingType: oneOf(['adhoc', 'scheduled', 'recurring', 'broadcast', 'meetnow'], future),
    videoTeleconferenceId: text,
    broadcastSettings: nullable({
      allowedAudience: oneOf(['roleIsAttendee', 'organization', 'everyone'], future),
      isAttendeeReportEnabled: boolean,
      isQuestionAndAnswerEnabled: boolean,
      isRecordingEnabled: boolean,
      isVideoOnDemandEnabled: boolean,
      captions: nullable({
        isCaptionEnabled: boolean,
        spokenLanguage: text,
        translationLanguages: listReader(text),
      }),
    }),
  }),
)
/** A meeting. The type is open: Graph may add members, which are left out here. */
export interface OnlineMeeting extends Read<typeof meeting> {}
export const readOnlineMeeting: Reader<OnlineMeeting> = meeting

/** The settings of a meeting that can be chosen when it is made, and changed later. */
export interface OnlineMeetingSettings extends Pick<OnlineMeeting, keyof typeof settings> {}

type Part<K extends keyof OnlineMeeting> = NonNullable<OnlineMeeting[K]>
export type OnlineMeetingPresenters = Part<'allowedPresenters'>
export type LobbyBypassSettings = Part<'lobbyBypassSettings'>
export type LobbyBypassScope = NonNullable<LobbyBypassSettings['scope']>
export type MeetingParticipants = Part<'participants'>
export type MeetingParticipantInfo = NonNullable<MeetingParticipants['organizer']>
export type OnlineMeetingRole = NonNullable<MeetingParticipantInfo['role']>
/** Cannot be changed after the meeting is made. The passcode is Graph's own: ask for one with `isPasscodeRequired`. */
export type JoinMeetingIdSettings = Part<'joinMeetingIdSettings'>
/** How to dial in. The spelling `ConferenceId` of some examples is read too. */
export type AudioConferencing = Part<'audioConferencing'>

const attendanceRecord = nullable({
  /** Missing in the documented examples. */
  id: text,
  identity: readIdentity,
  emailAddress: text,
  role: text,
  totalAttendanceInSeconds: integer,
  attendanceIntervals: listReader(nullable({ joinDateTime: text, leaveDateTime: text, durationInSeconds: integer })),
  registrationId: text,
  externalRegistrationInformation: nullable({ referrer: text, registrationId: text }),
})
/** One who was there. */
export interface AttendanceRecord extends Read<typeof attendanceRecord> {}
export const readAttendanceRecord: Reader<AttendanceRecord> = attendanceRecord
export type AttendanceInterval = NonNullable<AttendanceRecord['attendanceIntervals']>[number]

const attendanceReport = withId(
  nullable({
    id: text,
    meetingStartDateTime: text,
    meetingEndDateTime: text,
    totalParticipantCount: integer,
    externalEventInformation: listReader(nullable({ applicationId: text, externalEventId: text })),
    /** Only when asked for. */
    attendanceRecords: listReader(readAttendanceRecord),
  }),
)
export interface MeetingAttendanceReport extends Read<typeof attendanceReport> {}
export const readAttendanceReport: Reader<MeetingAttendanceReport> = attendanceReport

const artifact = {
  id: text,
  callId: text,
  meetingId: text,
  meetingOrganizer: readIdentitySet,
  createdDateTime: text,
  endDateTime: text,
  /** The same for the transcript and the recording of one call. */
  contentCorrelationId: text,
}

const transcript = withId(nullable({ ...artifact, transcriptContentUrl: text }))
export interface CallTranscript extends Read<typeof transcript> {}
export const readTranscript: Reader<CallTranscript> = transcript

const recording = withId(nullable({ ...artifact, recordingContentUrl: text }))
export interface CallRecording extends Read<typeof recording> {}
export const readRecording: Reader<CallRecording> = recording
