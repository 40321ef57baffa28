import * as z from 'zod'
import { calendarItem } from '#app/server/calendars.ts'
import { bodyOf, created, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { Calendar } from '#flow/calendar.ts'

export const GET = respond<AnswerOf<'GET /api/calendars'>>(async ({ who, services: { store } }) => ({
  calendars: (await store.calendars.list(who.tenantId)).map(calendarItem),
}))

export const POST = respond<AnswerOf<'POST /api/calendars'>>(async ({ request, who, services: { store } }) => {
  const { calendar } = await bodyOf(request, z.object({ calendar: Calendar }))
  return created({ id: await store.calendars.create(who.tenantId, { calendar, by: who.name }) })
})
