import * as z from 'zod'
import { publicHolidays } from '#app/server/publicHolidays.ts'
import { queryOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

const Query = z.object({
  place: z.string().regex(/^[A-Z]{2}(?:-[A-Za-z0-9]{1,8}){0,2}$/),
  year: z.coerce.number().int().min(1970).max(2200),
})

/** This year and the two after it: further ahead holidays are not decided yet. */
const yearsAhead = 3

export const GET = respond<AnswerOf<'GET /api/holidays'>>(async ({ request }) => {
  const { place, year } = queryOf(request, Query)
  const years = Array.from({ length: yearsAhead }, (_, n) => year + n)
  return { days: await publicHolidays(place, years) }
})
