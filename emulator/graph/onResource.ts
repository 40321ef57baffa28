import { sameId } from '#ground/ids.ts'
import { badRequest, notFound, Refusal, refuse } from '../wire/refusal.ts'
import type { User } from '../wire/users.ts'
import type { Meeting } from '../world/meetings.ts'
import { lacksPermission, type Needs, requireNeeds } from './needs.ts'
import {
  type Definition,
  define,
  type GraphRequest,
  type Method,
  type Operation,
  type Paths,
  pathsBelow,
} from './operation.ts'

/**
 * Operations on what Graph keeps beside calls, in the order of their checks: token, permission, user, meeting, body. Unlike calls, they
 * do not need a webhook.
 */

/** None is without permission, and none depends on more of the request than the token. */
type Needing = { needs: Needs }

/** What makes an operation on something: `About` is what its request is about, `More` what else can be said of it. */
type On<About, More = unknown> = <Path extends string, Body = unknown>(
  operation: string,
  method: Method,
  paths: Paths<Path>,
  definition: Definition<Path, Body, About> & Needing & More,
) => Operation

/** In the tenant of whoever asks. */
export const onTenant: On<unknown> = (operation, method, paths, definition) =>
  resource({ operation, method, paths: pathsBelow('', paths) }, definition, () => ({}))

/** `forOthers`: scopes of which a signed-in user needs one for somebody else. Without them it is for that person alone (project choice). */
type OfUser = { forOthers?: readonly string[] }

/** On the presence of a user: the path stands below that of /users/{userId} and /me, and below /communications/presences/{userId}. */
export const onPresence: On<{ user: User }, OfUser> = (operation, method, paths, definition) => {
  const below = [
    ...belowUser(pathsBelow('/presence', paths)),
    ...pathsBelow('/communications/presences/:userId', paths),
  ]
  return resource({ operation, method, paths: below }, definition, (request) => ({ user: userOf(request, definition) }))
}

/** On the meetings of a user. */
export const onOrganizer: On<{ user: User }> = (operation, method, paths, definition) =>
  resource({ operation, method, paths: belowUser(paths) }, definition, (request) => ({ user: organizerOf(request) }))

/** On one meeting: the path stands below it. */
export const onMeeting: On<{ user: User; meeting: Meeting }> = (operation, method, paths, definition) => {
  const below = belowUser(pathsBelow('/onlineMeetings/:meetingId', paths))
  return resource({ operation, method, paths: below }, definition, (request) => {
    const user = organizerOf(request)
    return { user, meeting: meetingOf(request, user) }
  })
}

const belowUser = (paths: Paths<string>) => ['/users/:userId', '/me'].flatMap((start) => pathsBelow(start, paths))

const resource = <Path extends string, Body, About>(
  described: Pick<Operation, 'operation' | 'method' | 'paths'>,
  definition: Definition<Path, Body, About> & Needing,
  find: (request: GraphRequest) => About,
): Operation =>
  define(described, definition, {
    badBody: 'BadRequest',
    find(request) {
      requireNeeds(request, definition.needs)
      return find(request)
    },
  })

function userOf({ world: { users }, bearer, params: { userId } }: GraphRequest, { forOthers = [] }: OfUser = {}): User {
  // That /me is for signed-in users is documented, the answer to an app by itself is not.
  if (userId === undefined && !bearer.user) throw badRequest('/me is there for delegated tokens only.')
  const asked = userId ?? bearer.user?.id ?? ''
  const user = users.find(bearer.tenantId, asked)
  const isOther = bearer.user && !sameId(bearer.user.id, user?.id ?? asked)
  if (isOther && !forOthers.some((scope) => bearer.user?.scopes.includes(scope))) throw lacksPermission()
  return user ?? refuse(notFound('User'))
}

/** An app by itself needs an application access policy beside its permission (documented: 403). The code is not documented. */
function organizerOf(request: GraphRequest): User {
  const user = userOf(request)
  if (request.bearer.user || user.hasApplicationAccessPolicy) return user
  throw new Refusal(403, 'Forbidden', 'No application access policy is granted to this user for this app.')
}

/** The meeting of the path, if that user organised it (project choice: what attendees may see is not in the contract). */
function meetingOf({ world: { meetings }, params }: GraphRequest, user: User): Meeting {
  const meeting = meetings.find(params.meetingId ?? '')
  if (meeting && isOf(meeting, user) && !meetings.isWithdrawn(meeting.id)) return meeting
  throw notFound('Meeting')
}

export const isOf = ({ tenantId, organizer }: Meeting, user: User): boolean =>
  sameId(tenantId, user.tenantId) && sameId(organizer.id, user.id)
