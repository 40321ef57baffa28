import type {
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
} from './meetingTypes.ts'
import {
  boolean,
  integer,
  listReader,
  oneOf,
  orNamed,
  readChatInfo,
  readIdentity,
  readIdentitySet,
  shape,
  text,
  withId,
} from './read.ts'

/** What Graph sent about meetings, read into the types of `meetingTypes.ts`, with the tolerance of `read.ts`. */

const future = 'unknownFutureValue'
const onOff = oneOf<'enabled' | 'disabled' | typeof future>(['enabled', 'disabled'], future)

const participantInfo = shape<MeetingParticipantInfo>({
  identity: readIdentitySet,
  role: oneOf<OnlineMeetingRole>(['attendee', 'presenter', 'producer', 'coorganizer'], future),
  upn: text,
})

const audioConferencing = shape<AudioConferencing>({
  conferenceId: text,
  dialinUrl: text,
  tollFreeNumber: text,
  tollFreeNumbers: listReader(text),
  tollNumber: text,
  tollNumbers: listReader(text),
})

const captions = shape<NonNullable<Part<'broadcastSettings'>['captions']>>({
  isCaptionEnabled: boolean,
  spokenLanguage: text,
  translationLanguages: listReader(text),
})

type Part<K extends keyof OnlineMeeting> = NonNullable<OnlineMeeting[K]>

export const readOnlineMeeting = withId<OnlineMeeting>(
  shape<OnlineMeeting>({
    id: text,
    subject: text,
    startDateTime: text,
    endDateTime: text,
    creationDateTime: text,
    expiryDateTime: text,
    externalId: text,
    joinWebUrl: text,
    meetingOptionsWebUrl: text,
    meetingTemplateId: text,
    meetingSpokenLanguageTag: text,
    videoTeleconferenceId: text,
    chatInfo: readChatInfo,
    participants: shape<MeetingParticipants>({ attendees: listReader(participantInfo), organizer: participantInfo }),
    lobbyBypassSettings: shape<LobbyBypassSettings>({
      isDialInBypassEnabled: boolean,
      scope: oneOf<LobbyBypassScope>(
        ['organizer', 'organization', 'organizationAndFederated', 'everyone', 'invited', 'organizationExcludingGuests'],
        future,
      ),
    }),
    joinMeetingIdSettings: shape<JoinMeetingIdSettings>({
      isPasscodeRequired: boolean,
      joinMeetingId: text,
      passcode: text,
    }),
    joinInformation: shape<Part<'joinInformation'>>({
      content: text,
      contentType: oneOf<'text' | 'html'>(['text', 'html']),
    }),
    audioConferencing: orNamed('conferenceId', 'ConferenceId', audioConferencing),
    cloudVideoInteropInfo: shape<Part<'cloudVideoInteropInfo'>>({
      moreInfoWebUrl: text,
      tenantKey: text,
      videoTeleconferenceId: text,
    }),
    broadcastSettings: shape<Part<'broadcastSettings'>>({
      allowedAudience: oneOf<NonNullable<Part<'broadcastSettings'>['allowedAudience']>>(
        ['roleIsAttendee', 'organization', 'everyone'],
        future,
      ),
      isAttendeeReportEnabled: boolean,
      isQuestionAndAnswerEnabled: boolean,
      isRecordingEnabled: boolean,
      isVideoOnDemandEnabled: boolean,
      captions,
    }),
    meetingType: oneOf<Part<'meetingType'>>(['adhoc', 'scheduled', 'recurring', 'broadcast', 'meetnow'], future),
    allowedPresenters: oneOf<OnlineMeetingPresenters>(
      ['everyone', 'organization', 'roleIsPresenter', 'organizer'],
      future,
    ),
    allowedLobbyAdmitters: oneOf<Part<'allowedLobbyAdmitters'>>(
      ['organizerAndCoOrganizersAndPresenters', 'organizerAndCoOrganizers'],
      future,
    ),
    allowLiveShare: onOff,
    allowMeetingChat: oneOf<Part<'allowMeetingChat'>>(['enabled', 'disabled', 'limited'], future),
    shareMeetingChatHistoryDefault: oneOf<Part<'shareMeetingChatHistoryDefault'>>(['none', 'all'], future),
    chatRestrictions: shape<Part<'chatRestrictions'>>({ allowTextOnly: boolean }),
    sensitivityLabelAssignment: shape<Part<'sensitivityLabelAssignment'>>({ sensitivityLabelId: text }),
    watermarkProtection: shape<Part<'watermarkProtection'>>({
      isEnabledForContentSharing: boolean,
      isEnabledForVideo: boolean,
    }),
    allowAttendeeToEnableCamera: boolean,
    allowAttendeeToEnableMic: boolean,
    allowBreakoutRooms: boolean,
    allowCopyingAndSharingMeetingContent: boolean,
    allowParticipantsToChangeName: boolean,
    allowPowerPointSharing: boolean,
    allowRecording: boolean,
    allowTeamworkReactions: boolean,
    allowTranscription: boolean,
    allowWhiteboard: boolean,
    isBroadcast: boolean,
    isEndToEndEncryptionEnabled: boolean,
    isEntryExitAnnounced: boolean,
    recordAutomatically: boolean,
  }),
)

export const readAttendanceRecord = shape<AttendanceRecord>({
  id: text,
  identity: readIdentity,
  emailAddress: text,
  role: text,
  totalAttendanceInSeconds: integer,
  attendanceIntervals: listReader(
    shape<AttendanceInterval>({ joinDateTime: text, leaveDateTime: text, durationInSeconds: integer }),
  ),
  registrationId: text,
  externalRegistrationInformation: shape<NonNullable<AttendanceRecord['externalRegistrationInformation']>>({
    referrer: text,
    registrationId: text,
  }),
})

export const readAttendanceReport = withId<MeetingAttendanceReport>(
  shape<MeetingAttendanceReport>({
    id: text,
    meetingStartDateTime: text,
    meetingEndDateTime: text,
    totalParticipantCount: integer,
    externalEventInformation: listReader(
      shape<NonNullable<MeetingAttendanceReport['externalEventInformation']>[number]>({
        applicationId: text,
        externalEventId: text,
      }),
    ),
    attendanceRecords: listReader(readAttendanceRecord),
  }),
)

const artifact = {
  id: text,
  callId: text,
  meetingId: text,
  meetingOrganizer: readIdentitySet,
  createdDateTime: text,
  endDateTime: text,
  contentCorrelationId: text,
}

export const readTranscript = withId<CallTranscript>(shape<CallTranscript>({ ...artifact, transcriptContentUrl: text }))
export const readRecording = withId<CallRecording>(shape<CallRecording>({ ...artifact, recordingContentUrl: text }))
