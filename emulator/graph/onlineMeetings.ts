import { sameId } from '#ground/ids.ts'
import { badRequest, Refusal } from '../wire/refusal.ts'
import type { User } from '../wire/users.ts'
import type { Meeting } from '../world/meetings.ts'
import type { World } from '../world/world.ts'
import type { Needs } from './needs.ts'
import { comparisonOf } from './odata.ts'
import { createOrGetBody, type OnlineMeetingBody, onlineMeetingBody } from './onlineMeetingBodies.ts'
import { keptOf, lobbyBypassOf, onlineMeetingOf } from './onlineMeetingView.ts'
import { isOf, onMeeting, onOrganizer, onTenant } from './onResource.ts'
import { action, contextOf, listOf } from './operation.ts'

/** Online meetings. They are those that calls join. */

const hour = 3_600_000

const toRead: Needs = {
  application: ['OnlineMeetings.Read.All', 'OnlineMeetings.ReadWrite.All'],
  delegated: ['OnlineMeetings.Read', 'OnlineMeetings.ReadWrite'],
}
const toWrite: Needs = { application: ['OnlineMeetings.ReadWrite.All'], delegated: ['OnlineMeetings.ReadWrite'] }

export const onlineMeetingOperations = [
  onOrganizer('onlinemeeting-create', 'POST', '/onlineMeetings', {
    body: onlineMeetingBody,
    needs: toWrite,
    act({ world, user, body }) {
      const meeting = create(world, user, body)
      return { status: 201, location: locationOf(meeting), body: entityOf(world, meeting) }
    },
  }),
  onOrganizer('onlinemeeting-createorget', 'POST', action('/onlineMeetings/createOrGet'), {
    body: createOrGetBody,
    needs: toWrite,
    act({ world, user, body }) {
      const known = world.meetings.list().find((one) => isOf(one, user) && one.externalId === body.externalId)
      if (known) return { body: entityOf(world, known) }
      // `chatInfo` is not read: each meeting of the emulator has a chat of its own.
      const meeting = create(world, user, body)
      return { status: 201, location: locationOf(meeting), body: entityOf(world, meeting) }
    },
  }),
  onOrganizer('onlinemeeting-get', 'GET', '/onlineMeetings', {
    needs: toRead,
    act({ world, user, query }) {
      // Without a filter there is no list of a user's meetings.
      const { member, value } = comparisonOf(query.$filter ?? '')
      const matches = matcherFor(member, value)
      if (!matches) throw badRequest('$filter: JoinWebUrl or joinMeetingIdSettings/joinMeetingId can be looked for.')
      const found = world.meetings.list().filter((meeting) => isOf(meeting, user) && matches(meeting))
      return meetingsOf(world, `users('${user.id}')/onlineMeetings`, found)
    },
  }),
  onTenant(
    'onlinemeeting-list-by-vtcid',
    'GET',
    ['/communications/onlineMeetings', '/communications/onlineMeetings/'],
    {
      needs: toRead,
      act({ world, bearer, query }) {
        // "Application token only" (contract), though the catalogue lists scopes. The code is our choice.
        if (bearer.user) throw new Refusal(403, 'Forbidden', 'This takes application tokens only.')
        const { member, value } = comparisonOf(query.$filter ?? '')
        if (member !== 'videoteleconferenceid') throw badRequest('$filter: must compare VideoTeleconferenceId.')
        const found = world.meetings
          .list()
          .filter((one) => sameId(one.tenantId, bearer.tenantId) && one.videoTeleconferenceId === value)
        // The page promises a collection and prints a bare meeting; this is what it promises.
        return meetingsOf(world, 'communications/onlineMeetings', found)
      },
    },
  ),
  onMeeting('onlinemeeting-get', 'GET', '', {
    needs: toRead,
    act: ({ world, meeting }) => ({ body: entityOf(world, meeting) }),
  }),
  onMeeting('onlinemeeting-update', 'PATCH', '', {
    body: onlineMeetingBody,
    needs: toWrite,
    act({ world, meeting, body }) {
      const startDateTime = body.startDateTime ?? meeting.startDateTime
      const endDateTime = body.endDateTime ?? meeting.endDateTime
      refuseBackwards(startDateTime, endDateTime)
      refuseOtherMeetingId(meeting, body)
      Object.assign(meeting, {
        startDateTime,
        endDateTime,
        subject: body.subject === undefined ? meeting.subject : body.subject,
        lobbyBypass: lobbyBypassOf(body.lobbyBypassSettings?.scope) ?? meeting.lobbyBypass,
        more: { ...meeting.more, ...keptOf(body) },
      } satisfies Partial<Meeting>)
      return { body: entityOf(world, meeting) }
    },
  }),
  onMeeting('onlinemeeting-delete', 'DELETE', '', {
    needs: toWrite,
    status: 204,
    act({ world, meeting }) {
      world.meetings.withdraw(meeting.id)
      world.artifacts.remove(meeting.id)
    },
  }),
]

function create({ meetings, clock }: World, user: User, body: Partial<OnlineMeetingBody>): Meeting {
  // Times that were left out are not in the contract: from now on, for an hour.
  const startDateTime = body.startDateTime ?? new Date(clock.now()).toISOString()
  const endDateTime = body.endDateTime ?? new Date(Date.parse(startDateTime) + hour).toISOString()
  refuseBackwards(startDateTime, endDateTime)
  return meetings.create({
    tenantId: user.tenantId,
    organizer: { id: user.id, displayName: user.displayName },
    subject: body.subject ?? null,
    externalId: body.externalId ?? null,
    startDateTime,
    endDateTime,
    lobbyBypass: lobbyBypassOf(body.lobbyBypassSettings?.scope),
    // Undefined has one made: nobody chooses their own.
    passcode: body.joinMeetingIdSettings?.isPasscodeRequired ? undefined : null,
    more: keptOf(body),
  })
}

const viewOf = ({ users }: World, meeting: Meeting) =>
  onlineMeetingOf(meeting, users.find(meeting.tenantId, meeting.organizer.id) ?? null)

const entityOf = (world: World, meeting: Meeting) => ({
  ...contextOf(`users('${meeting.organizer.id}')/onlineMeetings/$entity`),
  ...viewOf(world, meeting),
})

function meetingsOf(world: World, path: string, found: Meeting[]) {
  const value = found.map((meeting) => viewOf(world, meeting))
  return listOf(path, value)
}

const locationOf = ({ id, organizer }: Meeting) => `/users/${organizer.id}/onlineMeetings/${id}`

function matcherFor(member: string, value: string): ((meeting: Meeting) => boolean) | null {
  if (member === 'joinweburl') {
    // Stored percent-encoded, so the value still is after the query was decoded once. Hex digits come in either case.
    const url = withUpperHex(value)
    return ({ joinWebUrl }) => withUpperHex(joinWebUrl) === url
  }
  if (member !== 'joinmeetingidsettings/joinmeetingid') return null
  const digits = value.replaceAll(' ', '')
  return ({ joinMeetingId }) => joinMeetingId === digits
}

const withUpperHex = (url: string) => url.replaceAll(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase())

function refuseBackwards(start: string | null, end: string | null): void {
  if (start && end && Date.parse(end) < Date.parse(start)) throw badRequest('endDateTime: is before startDateTime.')
}

/** joinMeetingIdSettings cannot be changed after creation (documented); sending back what is there changes nothing. */
function refuseOtherMeetingId(meeting: Meeting, { joinMeetingIdSettings }: OnlineMeetingBody): void {
  const isRequired = meeting.passcode !== null
  const {
    joinMeetingId = meeting.joinMeetingId,
    passcode = meeting.passcode,
    isPasscodeRequired = isRequired,
  } = joinMeetingIdSettings ?? {}
  if (joinMeetingId === meeting.joinMeetingId && passcode === meeting.passcode && isPasscodeRequired === isRequired)
    return
  throw badRequest('joinMeetingIdSettings: cannot be changed after the meeting was created.')
}
