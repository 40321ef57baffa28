import { respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

export const GET = respond<AnswerOf<'GET /api/flows/[flowId]/versions'>, { flowId: string }>(
  async ({ params: { flowId }, who, services: { store } }) => {
    const versions = await store.versions.list(who.tenantId, flowId)
    return {
      versions: versions.flatMap(({ id, number, note, at, by }) =>
        number === null ? [] : [{ id, number, note, at: at.toISOString(), by }],
      ),
    }
  },
)
