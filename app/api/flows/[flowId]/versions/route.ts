import { respond } from '#app/server/respond.ts'
import type { VersionItem } from '#designer/shell/wire.ts'

export const GET = respond<{ versions: VersionItem[] }, { flowId: string }>(
  async ({ params: { flowId }, who, services: { store } }) => {
    const versions = await store.versions.list(who.tenantId, flowId)
    return {
      versions: versions.flatMap(({ id, number, note, at, by }) =>
        number === null ? [] : [{ id, number, note, at: at.toISOString(), by }],
      ),
    }
  },
)
