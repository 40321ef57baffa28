import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { Clock } from '#ground/clock.ts'

/** Who gets in without waiting: members of lobbyBypassScope that the emulator tells apart. */
export type LobbyBypass = 'everyone' | 'organization' | 'organizer'

/** A meeting as the tenant keeps it. Who is in it, and since when, is known to the conversation that is held in it. */
export type Meeting = {
  readonly id: string
  readonly tenantId: string
  readonly organizer: { id: string; displayName: string | null }
  /** Of its chat: 19:meeting_…@thread.v2 */
  readonly threadId: string
  /** Digits, as people type them. */
  readonly joinMeetingId: string
  readonly passcode: string | null
  /** What tokenMeetingInfo names. */
  readonly token: string
  readonly joinWebUrl: string
  readonly videoTeleconferenceId: string
  readonly externalId: string | null
  readonly createdAt: string
  subject: string | null
  startDateTime: string | null
  endDateTime: string | null
  /** Who need not wait in the lobby. The bot that joins as itself belongs to the organisation, a guest does not. */
  lobbyBypass: LobbyBypass
  /** Nobody gets in any more. */
  locked: boolean
  /** Further members of onlineMeeting that were sent with create or update, kept and shown as they are. */
  more: Record<string, unknown>
}

export type NewMeeting = Pick<Meeting, 'tenantId' | 'organizer'> &
  Partial<
    Omit<Meeting, 'id' | 'tenantId' | 'organizer' | 'token' | 'joinWebUrl' | 'videoTeleconferenceId' | 'createdAt'>
  >

/** How a bot says which meeting it means: by its chat, by the number that people type, or by a token. */
export type MeetingAddress = { threadId: string } | { joinMeetingId: string } | { token: string }

export type Meetings = ReturnType<typeof createMeetings>

/** The meetings of all tenants. Those of the API and those of the control API are the same. */
export function createMeetings(clock: Clock) {
  const meetings = new Map<string, Meeting>()
  const withdrawn = new Set<string>()
  const list = () => [...meetings.values()].filter(({ id }) => !withdrawn.has(id))

  return {
    create(asked: NewMeeting): Meeting {
      // The base64 of a GUID, as in documented links: it holds no slash, which would end the thread's part of a link.
      const threadId = asked.threadId ?? `19:meeting_${Buffer.from(randomUUID()).toString('base64')}@thread.v2`
      const meeting: Meeting = {
        id: Buffer.from(`1*${asked.organizer.id}*0**${threadId}`).toString('base64'),
        tenantId: asked.tenantId,
        organizer: asked.organizer,
        threadId,
        joinMeetingId: asked.joinMeetingId ?? digits(13),
        passcode: asked.passcode === undefined ? randomBytes(6).toString('base64url') : asked.passcode,
        token: randomUUID(),
        joinWebUrl: joinWebUrl(threadId, asked),
        videoTeleconferenceId: digits(9),
        externalId: asked.externalId ?? null,
        createdAt: new Date(clock.now()).toISOString(),
        subject: asked.subject ?? null,
        startDateTime: asked.startDateTime ?? null,
        endDateTime: asked.endDateTime ?? null,
        lobbyBypass: asked.lobbyBypass ?? 'organization',
        locked: asked.locked ?? false,
        more: asked.more ?? {},
      }
      meetings.set(meeting.id, meeting)
      withdrawn.delete(meeting.id)
      return meeting
    },
    /** Also one that was withdrawn: people may still be in it. Ids of meetings and threads are compared exactly (contract: README, ids). */
    find: (id: string): Meeting | undefined => meetings.get(id),
    at(address: MeetingAddress): Meeting | undefined {
      return list().find((meeting) =>
        'threadId' in address
          ? meeting.threadId === address.threadId
          : 'token' in address
            ? meeting.token === address.token
            : meeting.joinMeetingId === address.joinMeetingId.replaceAll(' ', ''),
      )
    },
    list,
    isWithdrawn: (id: string) => withdrawn.has(id),
    /** It is no longer there to be seen or joined by its address. A call that is held in it goes on, and can be ended. */
    withdraw: (id: string) => void withdrawn.add(id),
    remove(id: string): void {
      meetings.delete(id)
      withdrawn.delete(id)
    },
    forget(): void {
      meetings.clear()
      withdrawn.clear()
    },
  }
}

const digits = (count: number): string =>
  Array.from({ length: count }, (_, place) => randomInt(place === 0 ? 1 : 0, 10)).join('')

/** The older, longer form of a link (contract: join-urls.json), stored percent-encoded. */
function joinWebUrl(threadId: string, { tenantId, organizer }: NewMeeting): string {
  const context = JSON.stringify({ Tid: tenantId, Oid: organizer.id })
  return `https://teams.microsoft.com/l/meetup-join/${encodeURIComponent(threadId)}/0?context=${encodeURIComponent(context)}`
}
