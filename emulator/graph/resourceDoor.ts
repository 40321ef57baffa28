import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sameId } from '#ground/ids.ts'
import { type AccessTokens, type Bearer, resources } from '../wire/entra.ts'
import { originOf } from '../wire/openid.ts'
import type { User, Users } from '../wire/users.ts'
import type { GraphAnswer } from './door.ts'
import { type ResourceOperation, requireConsent, requireConsentForOthers } from './resourcePermissions.ts'
import { badRequest, notFound } from './resourceRefusals.ts'

/** What the resources of Graph that are no calls have in common. Unlike calls, they do not need a webhook. */

export type ResourceRequest = {
  bearer: Bearer
  /** The names in the path. */
  params: Record<string, string>
  query: Record<string, string>
  headers: FastifyRequest['headers']
  body: unknown
  /** Where Graph is, as the one who asks knows it: links in answers begin with it. */
  graph: string
}
export type UserRequest = ResourceRequest & { user: User }

/** An answer that is no JSON says of what type it is, and has bytes for a body. */
export type ResourceAnswer = GraphAnswer & { type?: string }

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** One path, or several that mean the same. */
type Paths = string | readonly string[]

export type ResourceDoor = {
  on(
    operation: ResourceOperation,
    method: Method,
    paths: Paths,
    act: (asked: ResourceRequest) => ResourceAnswer | Promise<ResourceAnswer>,
  ): void
  /** Paths below both /users/{userId} and /me. */
  onUser(operation: ResourceOperation, method: Method, paths: Paths, act: (asked: UserRequest) => ResourceAnswer): void
}

/** An action by its short name and by its qualified one, which OData lets stand in its place. */
export const actionPaths = (of: string, action: string): string[] => [
  `${of}/${action}`,
  `${of}/microsoft.graph.${action}`,
]

export type DoorDeps = { tokens: AccessTokens; users: Users }

/** Lets requests in that have a token (else 401) with consent for the operation (else 403), and finds the user (else 404). */
export function openResourceDoor(server: FastifyInstance, { tokens, users }: DoorDeps): ResourceDoor {
  const on: ResourceDoor['on'] = (operation, method, paths, act) => {
    for (const url of [paths].flat()) {
      server.route({
        method,
        url,
        config: { operation },
        handler: async (request, reply) => {
          const bearer = await tokens.read(request.headers.authorization, resources.graph)
          requireConsent(operation, bearer)
          return send(request, reply, await act({ bearer, ...partsOf(request) }))
        },
      })
    }
  }
  return {
    on,
    onUser(operation, method, paths, act) {
      const below = (start: string) => [paths].flat().map((path) => start + path)
      on(operation, method, below('/users/:userId'), (asked) => {
        const { bearer, params } = asked
        const user = users.find(bearer.tenantId, params.userId ?? '')
        const isSelf = bearer.user && sameId(bearer.user.id, user?.id ?? params.userId ?? '')
        if (!isSelf) requireConsentForOthers(operation, bearer)
        if (!user) throw notFound('User')
        return act({ ...asked, user })
      })
      on(operation, method, below('/me'), (asked) => {
        const { bearer } = asked
        // That /me is for signed-in users is documented, the answer to an app by itself is not.
        if (!bearer.user) throw badRequest('/me is there for delegated tokens only.')
        const user = users.find(bearer.tenantId, bearer.user.id)
        if (!user) throw notFound('User')
        return act({ ...asked, user })
      })
    },
  }
}

const partsOf = (request: FastifyRequest) => ({
  params: request.params as Record<string, string>, // Fastify: every parameter of a path is text
  query: textsIn(request.query),
  headers: request.headers,
  body: request.body,
  graph: `${originOf(request)}/v1.0`,
})

/** Query options that were given once. One that was given twice is not legal in OData, and the emulator takes the last. */
function textsIn(query: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query ?? {}).map(([name, value]) => [name, String(Array.isArray(value) ? value.at(-1) : value)]),
  )
}

function send(request: FastifyRequest, reply: FastifyReply, { status, body, location, type }: ResourceAnswer) {
  if (location) reply.header('location', `${originOf(request)}/v1.0${location}`)
  if (type) reply.type(type)
  return reply.status(status).send(body)
}
