import type { FastifyInstance } from 'fastify'
import type { Clock } from '#ground/clock.ts'
import type { AccessTokens } from '../wire/entra.ts'
import { createAppCatalog } from './appCatalog.ts'
import { appCatalogRoutes } from './appCatalogRoutes.ts'
import { meetingArtifactRoutes } from './meetingArtifactRoutes.ts'
import { createMeetingArtifacts } from './meetingArtifacts.ts'
import type { Meetings } from './meetings.ts'
import { onlineMeetingRoutes } from './onlineMeetingRoutes.ts'
import { createPresences } from './presence.ts'
import { presenceRoutes } from './presenceRoutes.ts'
import { createUsers } from './users.ts'

/** What Graph keeps beside calls: users, their meetings and presence, and the apps of their organisations. */
export type Resources = ReturnType<typeof createResources>

export function createResources({
  clock,
  tokens,
  meetings,
}: {
  clock: Clock
  tokens: AccessTokens
  meetings: Meetings
}) {
  const kept = {
    users: createUsers(),
    artifacts: createMeetingArtifacts(),
    presences: createPresences(clock),
    catalog: createAppCatalog(clock),
  }
  return {
    ...kept,
    clock,
    tokens,
    meetings,
    /** Meetings stay: they belong to whoever made them. */
    forget: () => {
      for (const part of Object.values(kept)) part.forget()
    },
  }
}

/** Their routes, for a server that has Graph's headers and error bodies already (graphDoor.ts). */
export async function resourceRoutes(server: FastifyInstance, resources: Resources): Promise<void> {
  server.register(presenceRoutes, resources)
  server.register(onlineMeetingRoutes, resources)
  server.register(meetingArtifactRoutes, resources)
  server.register(appCatalogRoutes, resources)
}
