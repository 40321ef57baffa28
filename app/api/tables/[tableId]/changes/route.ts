import { respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

/** Who changed what. */
export const GET = respond<AnswerOf<'GET /api/tables/[tableId]/changes'>, { tableId: string }>(
  async ({ params: { tableId }, who, services: { store } }) => ({
    changes: (await store.tables.changes(who.tenantId, tableId)).map(({ at, ...rest }) => ({
      ...rest,
      at: at.toISOString(),
    })),
  }),
)
