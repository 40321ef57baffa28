import * as z from 'zod'
import { AppError } from '#app/server/appError.ts'
import { Text, versionName } from '#app/server/inputs.ts'
import { refuseProblems } from '#app/server/known.ts'
import { speakPrompts } from '#app/server/prompts.ts'
import { publishKind } from '#app/server/publishing.ts'
import { bodyOf, created, respond } from '#app/server/respond.ts'
import { versionsMessages } from '#designer/messages/versions.ts'
import type { AnswerOf } from '#designer/wire.ts'

type Params = { flowId: string; version: string }

const RollBack = z.object({ note: Text.trim().max(400).default('') })

/**
 * Makes callers hear an old version again. Its prompts were spoken when it was published, so this waits for a voice only where one is
 * no longer kept. What this program would not publish today would not run either: that is refused, and can be restored as a draft.
 */
export const POST = respond<AnswerOf<'POST /api/flows/[flowId]/versions/[version]/rollback'>, Params>(
  async ({ request, params: { flowId, version }, who, services }) => {
    const { note } = await bodyOf(request, RollBack)
    const to = await services.store.versions.find(who.tenantId, flowId, versionName(version))
    // A draft that was kept has no number, and was never heard.
    if (to.number === null) throw new AppError('notFound')
    await refuseProblems(services, who.tenantId, { id: flowId, flow: to.flow })
    // It would come to its end behind this, and callers would hear again what was rolled back.
    const publishing = await services.store.jobs.find(who.tenantId, publishKind, flowId)
    if (publishing?.state === 'waiting' || publishing?.state === 'running') throw new AppError('publishing')
    await speakPrompts(services.speakerOf(who.tenantId, flowId), to.flow, request.signal)
    const said = versionsMessages.rollBack.note(to.number, note)
    const { number, at } = await services.store.versions.rollBack(who.tenantId, to, { note: said, by: who.name })
    return created({ number, at: at.toISOString() })
  },
)
