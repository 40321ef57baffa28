import * as z from 'zod'
import { calendarItem } from '#app/server/calendars.ts'
import { Revision } from '#app/server/inputs.ts'
import { bodyOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { Calendar } from '#flow/calendar.ts'

type Params = { calendarId: string }

export const GET = respond<AnswerOf<'GET /api/calendars/[calendarId]'>, Params>(
  async ({ params: { calendarId }, who, services: { store } }) => {
    const [calendar, uses] = await Promise.all([
      store.calendars.get(who.tenantId, calendarId),
      store.calendars.uses(who.tenantId, calendarId),
    ])
    return { ...calendarItem(calendar), uses }
  },
)

export const PUT = respond<AnswerOf<'PUT /api/calendars/[calendarId]'>, Params>(
  async ({ request, params: { calendarId }, who, services: { store } }) => {
    const { calendar, revision } = await bodyOf(request, z.object({ calendar: Calendar, revision: Revision }))
    return store.calendars.save(who.tenantId, calendarId, { calendar, revision, by: who.name })
  },
)

export const DELETE = respond<void, Params>(async ({ params: { calendarId }, who, services: { store } }) =>
  store.calendars.remove(who.tenantId, calendarId),
)
