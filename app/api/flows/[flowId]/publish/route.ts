import * as z from 'zod'
import { AppError } from '#app/server/appError.ts'
import { Revision, Text } from '#app/server/inputs.ts'
import { speakPrompts } from '#app/server/prompts.ts'
import { bodyOf, created, respond } from '#app/server/respond.ts'
import type { AnswerOf, ErrorDetails } from '#designer/wire.ts'
import { canPublish, check } from '#flow/check.ts'
import { StoreError } from '#store/error.ts'

const Publication = z.object({ revision: Revision, note: Text.trim().max(500) })

/** Checks the draft, speaks all it may say so that no call has to wait for its voice, and makes it what callers hear. */
export const POST = respond<AnswerOf<'POST /api/flows/[flowId]/publish'>, { flowId: string }>(
  async ({ request, params: { flowId }, who, services }) => {
    const { revision, note } = await bodyOf(request, Publication)
    const draft = await services.store.flows.get(who.tenantId, flowId)
    // What is checked here must be what is published below, and `publish` says no to any other revision.
    const { updatedAt, updatedBy } = draft
    if (draft.revision !== revision) {
      throw new StoreError('changedMeanwhile', { revision: draft.revision, updatedAt, updatedBy })
    }
    const problems = check(draft.flow)
    if (!canPublish(problems)) throw new AppError('problems', { problems } satisfies ErrorDetails['problems'])
    await speakPrompts(services.speakerOf(who.tenantId, flowId), draft.flow, request.signal)
    const { number, at } = await services.store.versions.publish(who.tenantId, flowId, { revision, note, by: who.name })
    return created({ number, at: at.toISOString() })
  },
)
