import type { CalendarItem } from '#designer/wire.ts'
import type { StoredCalendar } from '#store/calendars.ts'

/** A calendar as the pages have it. */
export const calendarItem = ({ updatedAt, ...rest }: StoredCalendar): CalendarItem => ({
  ...rest,
  updatedAt: updatedAt.toISOString(),
})
