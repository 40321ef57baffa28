import * as z from 'zod'
import { Revision } from '#app/server/inputs.ts'
import { bodyOf, respond } from '#app/server/respond.ts'
import { tableItem } from '#app/server/tables.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { TableWithRows } from '#flow/table.ts'

type Params = { tableId: string }

export const GET = respond<AnswerOf<'GET /api/tables/[tableId]'>, Params>(
  async ({ params: { tableId }, who, services: { store } }) => {
    const [{ rows, ...table }, uses] = await Promise.all([
      store.tables.get(who.tenantId, tableId),
      store.tables.uses(who.tenantId, tableId),
    ])
    return { ...tableItem(table), rows, uses }
  },
)

const ToSave = z.intersection(TableWithRows, z.object({ revision: Revision }))

export const PUT = respond<AnswerOf<'PUT /api/tables/[tableId]'>, Params>(
  async ({ request, params: { tableId }, who, services: { store } }) =>
    store.tables.save(who.tenantId, tableId, { ...(await bodyOf(request, ToSave)), by: who.name }),
)

export const DELETE = respond<void, Params>(async ({ params: { tableId }, who, services: { store } }) =>
  store.tables.remove(who.tenantId, tableId),
)
