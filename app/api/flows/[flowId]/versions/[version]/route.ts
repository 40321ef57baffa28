import { versionName } from '#app/server/inputs.ts'
import { orRemoved } from '#app/server/removed.ts'
import { respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

type Params = { flowId: string; version: string }

export const GET = respond<AnswerOf<'GET /api/flows/[flowId]/versions/[version]'>, Params>(
  async ({ params: { flowId, version }, who: { tenantId }, services: { store } }) => {
    const draft = await orRemoved(store.flows, tenantId, flowId, store.flows.get(tenantId, flowId))
    const { flow, id, number, note, at, by } = await store.versions.find(tenantId, flowId, versionName(version))
    return {
      version: { id, number, note, at: at.toISOString(), by },
      flow,
      name: draft.flow.name,
      heard: draft.published?.number ?? null,
      revision: draft.revision,
    }
  },
)
