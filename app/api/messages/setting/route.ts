import * as z from 'zod'
import { bodyOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

const Setting = z.object({ keeps: z.boolean(), days: z.int().min(1).max(3_650) })

export const GET = respond<AnswerOf<'GET /api/messages/setting'>>(async ({ who, services: { store } }) => ({
  ...(await store.messages.setting(who.tenantId)),
  canKeep: store.messages.canKeep,
}))

export const PUT = respond<void>(async ({ request, who, services: { store } }) => {
  await store.messages.set(who.tenantId, await bodyOf(request, Setting), who.name)
})
