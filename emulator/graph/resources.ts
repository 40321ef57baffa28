import type { FastifyInstance } from 'fastify'
import type { Clock } from '#ground/clock.ts'
import type { AccessTokens } from '../wire/entra.ts'
import { createUsers } from '../wire/users.ts'
import { createAppCatalog } from '../world/appCatalog.ts'
import { createMeetingArtifacts } from '../world/meetingArtifacts.ts'
import type { Meetings } from '../world/meetings.ts'
import { createPresences } from '../world/presences.ts'
import { appCatalogRoutes } from './appCatalog.ts'
import { meetingArtifactRoutes } from './meetingArtifacts.ts'
import { onlineMeetingRoutes } from './onlineMeetings.ts'
import { presenceRoutes } from './presence.ts'

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
