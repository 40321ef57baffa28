import * as z from 'zod'
import { messageItem } from '#app/server/messages.ts'
import { queryOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

const Query = z.object({ most: z.coerce.number().int().min(1).max(1_000).default(50) })

export const GET = respond<AnswerOf<'GET /api/messages'>>(async ({ request, who, services: { store } }) => {
  const { most } = queryOf(request, Query)
  const [rows, open] = await Promise.all([
    store.messages.list(who.tenantId, most + 1),
    store.messages.open(who.tenantId),
  ])
  return { messages: rows.slice(0, most).map(messageItem), open, more: rows.length > most }
})
