import * as z from 'zod'
import { countries, partsOf } from '#app/server/publicHolidays.ts'
import { queryOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

const Query = z.object({ in: z.string().max(20).default('') })

export const GET = respond<AnswerOf<'GET /api/holidays/places'>>(async ({ request }) => {
  const { in: place } = queryOf(request, Query)
  return { places: place === '' ? await countries() : await partsOf(place) }
})
