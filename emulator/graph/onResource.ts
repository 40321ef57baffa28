import { sameId } from '#ground/ids.ts'
import { badRequest, notFound, Refusal } from '../wire/refusal.ts'
import type { User } from '../wire/users.ts'
import type { Meeting } from '../world/meetings.ts'
import { lacksPermission, type Needs, requireOneOf } from './needs.ts'
import {
  type BodySchema,
  type GraphAnswer,
  type GraphRequest,
  type Operation,
  type ParamsOf,
  type Route,
  readBody,
  schemasOf,
} from './operation.ts'

/**
 * Operations on what Graph keeps beside calls, in the order of their checks: token, permission, user, meeting, body. Unlike calls, they
 * do not need a webhook.
 */

type Definition<Path extends string, Body, About> = {
  operation: string
  route: Route<Path>
  body?: BodySchema<Body>
  needs: Needs
  act(asked: Omit<GraphRequest, 'body' | 'params'> & { body: Body; params: ParamsOf<Path> } & About): GraphAnswer
}

/** In the tenant of whoever asks. */
export const onTenant = <Path extends string, Body = unknown>(definition: Definition<Path, Body, unknown>): Operation =>
  resource(definition, definition.route.slice(1), () => ({}))

type OfUser = {
  /** Scopes of which a signed-in user needs one for somebody else. Without them it is for that person alone (project choice). */
  forOthers?: readonly string[]
}

/** On a user: the path stands below both /users/{userId} and /me. */
export const onUser = <Path extends string, Body = unknown>(
  definition: Definition<Path, Body, { user: User }> & OfUser,
): Operation => resource(definition, belowUser(definition), (request) => ({ user: userOf(request, definition) }))

/** On the meetings of a user. */
export const onOrganizer = <Path extends string, Body = unknown>(
  definition: Definition<Path, Body, { user: User }>,
): Operation => resource(definition, belowUser(definition), (request) => ({ user: organizerOf(request) }))

/** On one meeting: the path stands below it. */
export const onMeeting = <Path extends string, Body = unknown>(
  definition: Definition<Path, Body, { user: User; meeting: Meeting }>,
): Operation =>
  resource(definition, belowUser(definition, '/onlineMeetings/:meetingId'), (request) => {
    const user = organizerOf(request)
    return { user, meeting: meetingOf(request, user) }
  })

const belowUser = ({ route: [_, ...paths] }: { route: Route<string> }, between = '') =>
  ['/users/:userId', '/me'].flatMap((start) => paths.map((path) => start + between + path))

function resource<Path extends string, Body, About>(
  { operation, route: [method], body, needs, act }: Definition<Path, Body, About>,
  paths: readonly string[],
  find: (request: GraphRequest) => About,
): Operation {
  const schemas = body ? schemasOf(body) : null
  return {
    operation,
    method,
    paths,
    needs,
    body: schemas,
    answer(request) {
      requireOneOf(needs, request.bearer, request.world.settings)
      const about = find(request)
      const params = request.params as ParamsOf<Path> // the door fills in every name of the path
      return act({ ...request, params, body: readBody(schemas, request, 'BadRequest'), ...about })
    },
  }
}

function userOf({ world: { users }, bearer, params: { userId } }: GraphRequest, { forOthers = [] }: OfUser = {}): User {
  // That /me is for signed-in users is documented, the answer to an app by itself is not.
  if (userId === undefined && !bearer.user) throw badRequest('/me is there for delegated tokens only.')
  const asked = userId ?? bearer.user?.id ?? ''
  const user = users.find(bearer.tenantId, asked)
  const isOther = bearer.user && !sameId(bearer.user.id, user?.id ?? asked)
  if (isOther && !forOthers.some((scope) => bearer.user?.scopes.includes(scope))) throw lacksPermission()
  if (user) return user
  throw notFound('User')
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
