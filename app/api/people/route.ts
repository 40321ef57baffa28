import * as z from 'zod'
import { Text } from '#app/server/inputs.ts'
import { peopleNamed } from '#app/server/people.ts'
import { queryOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { mostSearched } from '#ground/people.ts'

const Query = z.object({ search: Text.trim().min(1).max(mostSearched) })

export const GET = respond<AnswerOf<'GET /api/people'>>(async ({ request, who, services }) => ({
  people: await peopleNamed(services, who.tenantId, queryOf(request, Query).search),
}))
