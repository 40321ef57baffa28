import { AppError } from '#app/server/appError.ts'
import { openedCall, stepOnWire } from '#app/server/callItem.ts'
import { respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

export const GET = respond<AnswerOf<'GET /api/calls/[callId]'>, { callId: string }>(
  async ({ params: { callId }, who, services: { store } }) => {
    const found = await store.calls.get(who.tenantId, callId)
    if (!found) throw new AppError('notFound')
    const { steps, ...summary } = found
    const { call, version } = await openedCall(store.versions, who.tenantId, summary)
    const ids = new Set(steps.flatMap(({ versionId }) => versionId ?? []))
    const entered = ids.size === 0 ? [] : await store.calls.versionsOf(who.tenantId, [...ids])
    return {
      call,
      steps: steps.map(stepOnWire),
      flow: version.flow,
      version: { number: version.number },
      entered: Object.fromEntries(entered.map(({ id, flow, number }) => [id, { flow, number }])),
    }
  },
)
