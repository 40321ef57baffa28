import { bodyOf, created, respond } from '#app/server/respond.ts'
import { tableItem } from '#app/server/tables.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { TableWithRows } from '#flow/table.ts'

export const GET = respond<AnswerOf<'GET /api/tables'>>(async ({ who, services: { store } }) => ({
  tables: (await store.tables.list(who.tenantId)).map(tableItem),
}))

export const POST = respond<AnswerOf<'POST /api/tables'>>(async ({ request, who, services: { store } }) => {
  const body = await bodyOf(request, TableWithRows)
  return created({ id: await store.tables.create(who.tenantId, { ...body, by: who.name }) })
})
