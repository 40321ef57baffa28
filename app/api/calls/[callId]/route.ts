import { AppError } from '#app/server/appError.ts'
import { callItem, stepOnWire, versionOf } from '#app/server/callItem.ts'
import { respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

export const GET = respond<AnswerOf<'GET /api/calls/[callId]'>, { callId: string }>(
  async ({ params: { callId }, who, services: { store } }) => {
    const found = await store.calls.get(who.tenantId, callId)
    if (!found) throw new AppError('notFound')
    const { steps, ...call } = found
    const version = await versionOf(store.versions, who.tenantId, call.versionId)
    const { flow, number } = version
    return { call: callItem(call, version), steps: steps.map(stepOnWire), flow, version: { number } }
  },
)
