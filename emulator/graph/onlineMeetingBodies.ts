import * as z from 'zod'
import { chatInfo as chatInfoType, each, graphType, identitySet, text, unreadList, unreadObject } from './bodies.ts'

/** Bodies for online meetings: closed types, as those of bodies.ts (contract: schemas/requests.v1.json). */

const flag = z.boolean().nullish()
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
const chatInfo = chatInfoType.nullish()

/** Members that are kept beside the meeting and shown as they came. All others are read, or Graph makes them itself. */
export const keptMembers = {
  ...each('allowAttendeeToEnableCamera allowAttendeeToEnableMic allowBreakoutRooms', flag),
  ...each('allowCopyingAndSharingMeetingContent allowParticipantsToChangeName allowPowerPointSharing', flag),
  ...each('allowRecording allowTeamworkReactions allowTranscription allowWhiteboard isBroadcast', flag),
  ...each('isEndToEndEncryptionEnabled isEntryExitAnnounced recordAutomatically', flag),
  ...each('meetingSpokenLanguageTag meetingTemplateId', text),
  allowedLobbyAdmitters: oneOf('organizerAndCoOrganizersAndPresenters organizerAndCoOrganizers'),
  allowedPresenters: oneOf('everyone organization roleIsPresenter organizer'),
  allowLiveShare: oneOf('enabled disabled'),
  allowMeetingChat: oneOf('enabled disabled limited'),
  chatRestrictions: graphType('chatRestrictions', { allowTextOnly: flag }).nullish(),
  lobbyBypassSettings: graphType('lobbyBypassSettings', {
    isDialInBypassEnabled: flag,
    scope: oneOf('organizer organization organizationAndFederated everyone invited organizationExcludingGuests'),
  }).nullish(),
  participants,
  sensitivityLabelAssignment: graphType('onlineMeetingSensitivityLabelAssignment', {
    sensitivityLabelId: text,
  }).nullish(),
  shareMeetingChatHistoryDefault: oneOf('none all'),
  watermarkProtection: graphType('watermarkProtectionValues', {
    isEnabledForContentSharing: flag,
    isEnabledForVideo: flag,
  }).nullish(),
}

/** Of an onlineMeeting, to create or to change one. */
export const onlineMeetingBody = graphType('onlineMeeting', {
  ...keptMembers,
  ...each('attendanceReports recordings transcripts', unreadList),
  ...each('audioConferencing broadcastSettings cloudVideoInteropInfo joinInformation', unreadObject),
  ...each('externalId subject attendeeReport joinWebUrl meetingOptionsWebUrl videoTeleconferenceId', text),
  ...each('creationDateTime expiryDateTime startDateTime endDateTime', dateTime.nullish()),
  id: z.string().optional(),
  meetingType: oneOf('adhoc scheduled recurring broadcast meetnow'),
  joinMeetingIdSettings: graphType('joinMeetingIdSettings', {
    isPasscodeRequired: flag,
    ...each('joinMeetingId passcode', text),
  }).nullish(),
  chatInfo,
})
export type OnlineMeetingBody = z.output<typeof onlineMeetingBody>

/** Of createOrGet, which takes less. */
export const createOrGetBody = z.strictObject({
  chatInfo,
  externalId: z.string(),
  participants,
  subject: text,
  ...each('startDateTime endDateTime', dateTime.nullish()),
})
