import * as z from 'zod'
import type { User } from '../wire/users.ts'
import type { LobbyBypass, Meeting } from '../world/meetings.ts'
import type { OnlineMeetingBody } from './onlineMeetingBodies.ts'

/** How a meeting looks as Graph's onlineMeeting, and what of an onlineMeeting is kept of it. Pure. */

/** Members of the body that are kept beside the meeting and shown as they came. All others are read, or Graph makes them itself. */
const kept = [
  'allowAttendeeToEnableCamera',
  'allowAttendeeToEnableMic',
  'allowBreakoutRooms',
  'allowCopyingAndSharingMeetingContent',
  'allowedLobbyAdmitters',
  'allowedPresenters',
  'allowLiveShare',
  'allowMeetingChat',
  'allowParticipantsToChangeName',
  'allowPowerPointSharing',
  'allowRecording',
  'allowTeamworkReactions',
  'allowTranscription',
  'allowWhiteboard',
  'chatRestrictions',
  'isBroadcast',
  'isEndToEndEncryptionEnabled',
  'isEntryExitAnnounced',
  'lobbyBypassSettings',
  'meetingSpokenLanguageTag',
  'meetingTemplateId',
  'participants',
  'recordAutomatically',
  'sensitivityLabelAssignment',
  'shareMeetingChatHistoryDefault',
  'watermarkProtection',
] as const satisfies readonly (keyof OnlineMeetingBody)[]

export const keptOf = (body: Partial<OnlineMeetingBody>): Record<string, unknown> =>
  Object.fromEntries(kept.filter((name) => body[name] !== undefined).map((name) => [name, body[name]]))

/**
 * The scopes of Graph in the three that the emulator tells apart. It knows no federated tenants and nobody by invitation, so
 * the bot, which was not invited, waits where only invited people come in.
 */
const bypassOf: Record<string, LobbyBypass> = {
  everyone: 'everyone',
  organization: 'organization',
  organizationAndFederated: 'organization',
  organizationExcludingGuests: 'organization',
  organizer: 'organizer',
  invited: 'organizer',
}
export const lobbyBypassOf = (scope: string | null | undefined): LobbyBypass | undefined => bypassOf[scope ?? '']

const keptParts = z.object({
  participants: z.object({ attendees: z.array(z.unknown()).catch([]) }).catch({ attendees: [] }),
  lobbyBypassSettings: z
    .object({ scope: z.string().nullish(), isDialInBypassEnabled: z.boolean().nullish() })
    .catch({}),
})

/** Without @odata.context. `organizer` is null for somebody who is no user of the tenant. */
export function onlineMeetingOf(meeting: Meeting, organizer: User | null): Record<string, unknown> {
  const { participants, lobbyBypassSettings } = keptParts.parse(meeting.more)
  const { scope } = lobbyBypassSettings
  return {
    isBroadcast: false,
    isEntryExitAnnounced: true,
    allowedPresenters: 'everyone',
    ...meeting.more,
    id: meeting.id,
    creationDateTime: meeting.createdAt,
    startDateTime: meeting.startDateTime,
    endDateTime: meeting.endDateTime,
    subject: meeting.subject,
    externalId: meeting.externalId,
    joinWebUrl: meeting.joinWebUrl,
    videoTeleconferenceId: meeting.videoTeleconferenceId,
    audioConferencing: null,
    chatInfo: { threadId: meeting.threadId, messageId: '0', replyChainMessageId: null },
    participants: {
      organizer: {
        upn: organizer?.userPrincipalName ?? null,
        role: 'presenter',
        identity: {
          user: {
            id: meeting.organizer.id,
            displayName: meeting.organizer.displayName,
            tenantId: meeting.tenantId,
            identityProvider: 'AAD',
          },
        },
      },
      attendees: participants.attendees,
    },
    lobbyBypassSettings: {
      // The control API may have changed it since.
      scope: lobbyBypassOf(scope) === meeting.lobbyBypass ? scope : meeting.lobbyBypass,
      isDialInBypassEnabled: lobbyBypassSettings.isDialInBypassEnabled ?? false,
    },
    joinMeetingIdSettings: {
      joinMeetingId: meeting.joinMeetingId,
      passcode: meeting.passcode,
      isPasscodeRequired: meeting.passcode !== null,
    },
  }
}
