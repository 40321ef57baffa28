import * as z from 'zod'
import { queryOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

/** The rows as they were. */
export const GET = respond<AnswerOf<'GET /api/tables/[tableId]/rows'>, { tableId: string }>(
  async ({ request, params: { tableId }, who, services: { store } }) => {
    const { at } = await queryOf(request, z.object({ at: z.iso.datetime() }))
    return { rows: await store.tables.rowsAt(who.tenantId, tableId, new Date(at)) }
  },
)
