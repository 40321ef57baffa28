import type { FastifyInstance } from 'fastify'
import type { Clock } from '#ground/clock.ts'
import { sameId } from '#ground/ids.ts'
import type { Bearer } from '../wire/entra.ts'
import { parseOrRefuse, Refusal } from '../wire/refusal.ts'
import type { User, Users } from '../wire/users.ts'
import type { MeetingArtifacts } from '../world/meetingArtifacts.ts'
import type { Meeting, Meetings } from '../world/meetings.ts'
import { comparisonOf, contextOf } from './odata.ts'
import { createOrGetBody, type OnlineMeetingBody, onlineMeetingBody } from './onlineMeetingBodies.ts'
import { keptOf, lobbyBypassOf, onlineMeetingOf } from './onlineMeetingView.ts'
import { actionPaths, type DoorDeps, openResourceDoor, type UserRequest } from './resourceDoor.ts'
import { badRequest, notFound } from './resourceRefusals.ts'

/** Online meetings of Microsoft Graph v1.0. They are those that calls join. */

const hour = 3_600_000

type Deps = DoorDeps & { clock: Clock; meetings: Meetings; artifacts: MeetingArtifacts }

export async function onlineMeetingRoutes(server: FastifyInstance, deps: Deps): Promise<void> {
  const { clock, meetings, users } = deps
  const { on, onUser } = openResourceDoor(server, deps)
  const viewOf = (meeting: Meeting) => onlineMeetingOf(meeting, organizerOf(meeting, users))
  const entity = (meeting: Meeting) => ({
    ...contextOf(`users('${meeting.organizer.id}')/onlineMeetings/$entity`),
    ...viewOf(meeting),
  })

  const create = (user: User, body: Partial<OnlineMeetingBody>): Meeting => {
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

  onUser('onlinemeeting-create', 'POST', '/onlineMeetings', ({ bearer, user, body }) => {
    requireAccessPolicy(bearer, user)
    const meeting = create(user, parseOrRefuse(onlineMeetingBody, body, 'BadRequest'))
    return { status: 201, location: locationOf(meeting), body: entity(meeting) }
  })

  onUser(
    'onlinemeeting-createorget',
    'POST',
    actionPaths('/onlineMeetings', 'createOrGet'),
    ({ bearer, user, body }) => {
      requireAccessPolicy(bearer, user)
      const asked = parseOrRefuse(createOrGetBody, body, 'BadRequest')
      const known = meetings.list().find((one) => isOf(one, user) && one.externalId === asked.externalId)
      if (known) return { status: 200, body: entity(known) }
      // `chatInfo` is not read: each meeting of the emulator has a chat of its own.
      const meeting = create(user, asked)
      return { status: 201, location: locationOf(meeting), body: entity(meeting) }
    },
  )

  onUser('onlinemeeting-get', 'GET', '/onlineMeetings', ({ bearer, user, query }) => {
    requireAccessPolicy(bearer, user)
    // Without a filter there is no list of a user's meetings.
    const { member, value } = comparisonOf(query.$filter ?? '')
    const matches = matcherFor(member, value)
    if (!matches) throw badRequest('$filter: JoinWebUrl or joinMeetingIdSettings/joinMeetingId can be looked for.')
    const found = meetings.list().filter((meeting) => isOf(meeting, user) && matches(meeting))
    return { status: 200, body: { ...contextOf(`users('${user.id}')/onlineMeetings`), value: found.map(viewOf) } }
  })

  const meetingsPaths = ['/communications/onlineMeetings', '/communications/onlineMeetings/']
  on('onlinemeeting-list-by-vtcid', 'GET', meetingsPaths, ({ bearer, query }) => {
    // "Application token only" (contract), though the catalogue lists scopes. The code is our choice.
    if (bearer.user) throw new Refusal(403, 'Forbidden', 'This takes application tokens only.')
    const { member, value } = comparisonOf(query.$filter ?? '')
    if (member !== 'videoteleconferenceid') throw badRequest('$filter: must compare VideoTeleconferenceId.')
    const found = meetings
      .list()
      .filter(
        ({ tenantId, videoTeleconferenceId }) => sameId(tenantId, bearer.tenantId) && videoTeleconferenceId === value,
      )
    // The page promises a collection and prints a bare meeting; this is what it promises.
    return { status: 200, body: { ...contextOf('communications/onlineMeetings'), value: found.map(viewOf) } }
  })

  onUser('onlinemeeting-get', 'GET', '/onlineMeetings/:meetingId', (asked) => ({
    status: 200,
    body: entity(meetingOf(asked, meetings)),
  }))

  onUser('onlinemeeting-update', 'PATCH', '/onlineMeetings/:meetingId', (asked) => {
    const meeting = meetingOf(asked, meetings)
    const body = parseOrRefuse(onlineMeetingBody, asked.body, 'BadRequest')
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
    return { status: 200, body: entity(meeting) }
  })

  onUser('onlinemeeting-delete', 'DELETE', '/onlineMeetings/:meetingId', (asked) => {
    const { id } = meetingOf(asked, meetings)
    meetings.withdraw(id)
    deps.artifacts.remove(id)
    return { status: 204 }
  })
}

/**
 * The meeting of the path, if that user organised it (project choice: what attendees may see is not in the contract). Throws a
 * Refusal 403 without an application access policy, and 404.
 */
export function meetingOf({ bearer, user, params }: UserRequest, meetings: Meetings): Meeting {
  requireAccessPolicy(bearer, user)
  const meeting = meetings.find(params.meetingId ?? '')
  if (meeting && isOf(meeting, user) && !meetings.isWithdrawn(meeting.id)) return meeting
  throw notFound('Meeting')
}

const organizerOf = ({ tenantId, organizer }: Meeting, users: Users): User | null =>
  users.find(tenantId, organizer.id) ?? null

const isOf = ({ tenantId, organizer }: Meeting, user: User) =>
  sameId(tenantId, user.tenantId) && sameId(organizer.id, user.id)

const locationOf = ({ id, organizer }: Meeting) => `/users/${organizer.id}/onlineMeetings/${id}`

/** An app by itself needs the policy beside its permission (documented: 403). The code is not documented. */
function requireAccessPolicy({ user: signedIn }: Bearer, user: User): void {
  if (signedIn || user.hasApplicationAccessPolicy) return
  throw new Refusal(403, 'Forbidden', 'No application access policy is granted to this user for this app.')
}

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
