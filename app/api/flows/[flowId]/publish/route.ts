import * as z from 'zod'
import { AppError } from '#app/server/appError.ts'
import { Revision, Text } from '#app/server/inputs.ts'
import { refuseProblems } from '#app/server/known.ts'
import { Publication, publishingOf, publishKind } from '#app/server/publishing.ts'
import { accepted, bodyOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { StoreError } from '#store/error.ts'

const Wanted = z.object({ revision: Revision, note: Text.trim().max(500) })

/** Checks the draft, and has it published beside this request (app/server/publishing.ts). Asked twice, it is published once. */
export const POST = respond<AnswerOf<'POST /api/flows/[flowId]/publish'>, { flowId: string }>(
  async ({ request, params: { flowId }, who, services }) => {
    const { store } = services
    const { revision, note } = await bodyOf(request, Wanted)
    const { tenantId, name: by } = who
    const draft = await store.flows.get(tenantId, flowId)
    const { updatedAt, updatedBy } = draft
    if (draft.revision !== revision) {
      throw new StoreError('changedMeanwhile', { revision: draft.revision, updatedAt, updatedBy })
    }
    await refuseProblems(services, tenantId, draft)
    // What was checked is what is published, whatever is drawn from now on.
    const versionId = await store.versions.snapshot(tenantId, flowId, draft.flow, by)
    const key = draft.id
    const { data } = await store.jobs.add({ tenantId, kind: publishKind, key, data: { versionId, note, by } })
    if (Publication.parse(data).versionId !== versionId) throw new AppError('publishing')
    const job = await store.jobs.find(tenantId, publishKind, key)
    if (!job) throw new AppError('notFound')
    return accepted(publishingOf(job))
  },
)

export const GET = respond<AnswerOf<'GET /api/flows/[flowId]/publish'>, { flowId: string }>(
  async ({ params: { flowId }, who, services: { store } }) => {
    const job = await store.jobs.find(who.tenantId, publishKind, flowId)
    return { publishing: job && publishingOf(job) }
  },
)
