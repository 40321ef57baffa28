import * as z from 'zod'
import { callbackItem } from '#app/server/callbacks.ts'
import { queryOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

const Query = z.object({ most: z.coerce.number().int().min(1).max(1_000).default(50) })

export const GET = respond<AnswerOf<'GET /api/callbacks'>>(async ({ request, who, services: { store } }) => {
  const { most } = queryOf(request, Query)
  const [rows, waiting] = await Promise.all([
    store.callbacks.list(who.tenantId, most + 1),
    store.callbacks.waiting(who.tenantId),
  ])
  return { callbacks: rows.slice(0, most).map(callbackItem), ...waiting, more: rows.length > most }
})
