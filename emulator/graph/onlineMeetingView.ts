import * as z from 'zod'
import type { User } from '../wire/users.ts'
import type { LobbyBypass, Meeting } from '../world/meetings.ts'
import { keptMembers, type OnlineMeetingBody } from './onlineMeetingBodies.ts'

/** How a meeting looks as Graph's onlineMeeting, and what of an onlineMeeting is kept of it. Pure. */

const kept = z.object(keptMembers)

export const keptOf = (body: Partial<OnlineMeetingBody>): Record<string, unknown> => kept.parse(body)

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

/** Without @odata.context. `organizer` is null for somebody who is no user of the tenant. */
export function onlineMeetingOf(meeting: Meeting, organizer: User | null): Record<string, unknown> {
  const { participants, lobbyBypassSettings } = kept.parse(meeting.more)
  const { scope, isDialInBypassEnabled } = lobbyBypassSettings ?? {}
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
      attendees: participants?.attendees ?? [],
    },
    lobbyBypassSettings: {
      // The control API may have changed it since.
      scope: lobbyBypassOf(scope) === meeting.lobbyBypass ? scope : meeting.lobbyBypass,
      isDialInBypassEnabled: isDialInBypassEnabled ?? false,
    },
    joinMeetingIdSettings: {
      joinMeetingId: meeting.joinMeetingId,
      passcode: meeting.passcode,
      isPasscodeRequired: meeting.passcode !== null,
    },
  }
}
