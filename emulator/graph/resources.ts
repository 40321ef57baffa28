import type { FastifyInstance } from 'fastify'
import type { AccessTokens } from '../wire/entra.ts'
import type { World } from '../world/world.ts'
import { appCatalogRoutes } from './appCatalog.ts'
import { meetingArtifactRoutes } from './meetingArtifacts.ts'
import { onlineMeetingRoutes } from './onlineMeetings.ts'
import { presenceRoutes } from './presence.ts'

/** What Graph keeps beside calls, for a server that has Graph's headers and error bodies already (door.ts). */
export async function resourceRoutes(server: FastifyInstance, deps: World & { tokens: AccessTokens }): Promise<void> {
  server.register(presenceRoutes, deps)
  server.register(onlineMeetingRoutes, deps)
  server.register(meetingArtifactRoutes, deps)
  server.register(appCatalogRoutes, deps)
}
