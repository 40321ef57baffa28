import * as z from 'zod'
import { graphType, identitySet } from './bodies.ts'

/** Bodies for online meetings: closed types, as those of bodies.ts (contract: schemas/requests.v1.json). */

const text = z.string().nullish()
const flag = z.boolean().nullish()
/** Members that are legal and that Graph makes itself. */
const unread = z.unknown().optional()
const oneOf = (words: string) => z.enum([...words.split(' '), 'unknownFutureValue']).nullish()

/** A time with its zone, told in UTC afterwards as Graph's answers do. */
export const dateTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,12})?)?(Z|[+-]\d{2}:\d{2})$/, 'must be a time with its zone')
  .refine((value) => !Number.isNaN(Date.parse(value)), 'is no time')
  .transform(inUtc)

/** Keeps every digit of the second, of which a Date has three. */
export function inUtc(time: string): string {
  const fraction = /\.\d+/.exec(time)?.[0] ?? ''
  return `${new Date(time.replace(/\.\d+/, '')).toISOString().slice(0, 19)}${fraction}Z`
}

const participantInfo = graphType('meetingParticipantInfo', {
  identity: identitySet.nullish(),
  role: oneOf('attendee presenter producer coorganizer'),
  upn: text,
})
const participants = graphType('meetingParticipants', {
  attendees: z.array(participantInfo.nullable()).optional(),
  organizer: participantInfo.nullish(),
}).nullish()
const chatInfo = graphType('chatInfo', { messageId: text, replyChainMessageId: text, threadId: text }).nullish()

/** Of an onlineMeeting, to create or to change one. */
export const onlineMeetingBody = graphType('onlineMeeting', {
  allowAttendeeToEnableCamera: flag,
  allowAttendeeToEnableMic: flag,
  allowBreakoutRooms: flag,
  allowCopyingAndSharingMeetingContent: flag,
  allowedLobbyAdmitters: oneOf('organizerAndCoOrganizersAndPresenters organizerAndCoOrganizers'),
  allowedPresenters: oneOf('everyone organization roleIsPresenter organizer'),
  allowLiveShare: oneOf('enabled disabled'),
  allowMeetingChat: oneOf('enabled disabled limited'),
  allowParticipantsToChangeName: flag,
  allowPowerPointSharing: flag,
  allowRecording: flag,
  allowTeamworkReactions: flag,
  allowTranscription: flag,
  allowWhiteboard: flag,
  chatRestrictions: graphType('chatRestrictions', { allowTextOnly: flag }).nullish(),
  isBroadcast: flag,
  isEndToEndEncryptionEnabled: flag,
  isEntryExitAnnounced: flag,
  joinMeetingIdSettings: graphType('joinMeetingIdSettings', {
    isPasscodeRequired: flag,
    joinMeetingId: text,
    passcode: text,
  }).nullish(),
  lobbyBypassSettings: graphType('lobbyBypassSettings', {
    isDialInBypassEnabled: flag,
    scope: oneOf('organizer organization organizationAndFederated everyone invited organizationExcludingGuests'),
  }).nullish(),
  meetingSpokenLanguageTag: text,
  meetingTemplateId: text,
  participants,
  recordAutomatically: flag,
  sensitivityLabelAssignment: graphType('onlineMeetingSensitivityLabelAssignment', {
    sensitivityLabelId: text,
  }).nullish(),
  shareMeetingChatHistoryDefault: oneOf('none all'),
  watermarkProtection: graphType('watermarkProtectionValues', {
    isEnabledForContentSharing: flag,
    isEnabledForVideo: flag,
  }).nullish(),
  externalId: text,
  subject: text,
  startDateTime: dateTime.nullish(),
  endDateTime: dateTime.nullish(),
  attendanceReports: unread,
  attendeeReport: unread,
  audioConferencing: unread,
  broadcastSettings: unread,
  chatInfo,
  cloudVideoInteropInfo: unread,
  creationDateTime: unread,
  expiryDateTime: unread,
  id: unread,
  joinInformation: unread,
  joinWebUrl: unread,
  meetingOptionsWebUrl: unread,
  meetingType: unread,
  recordings: unread,
  transcripts: unread,
  videoTeleconferenceId: unread,
})
export type OnlineMeetingBody = z.output<typeof onlineMeetingBody>

/** Of createOrGet, which takes less. */
export const createOrGetBody = z.strictObject({
  chatInfo,
  endDateTime: dateTime.nullish(),
  externalId: z.string(),
  participants,
  startDateTime: dateTime.nullish(),
  subject: text,
})
