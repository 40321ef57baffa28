import * as z from 'zod'
import { Revision, versionName } from '#app/server/inputs.ts'
import { bodyOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

type Params = { flowId: string; version: string }

const Restoring = z.object({ revision: Revision })

/** Puts a version in the place of the draft, which is kept. */
export const POST = respond<AnswerOf<'POST /api/flows/[flowId]/versions/[version]/restore'>, Params>(
  async ({ request, params: { flowId, version }, who, services: { store } }) => {
    const { revision } = await bodyOf(request, Restoring)
    const from = await store.versions.find(who.tenantId, flowId, versionName(version))
    const restored = await store.versions.restoreAsDraft(who.tenantId, from, { revision, by: who.name })
    return { ...restored, updatedAt: restored.updatedAt.toISOString() }
  },
)
