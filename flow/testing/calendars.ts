import { type Calendar, type Span, weekdays } from '../calendar.ts'

type Hours = readonly [from: string, to: string] | readonly []

/** The same hours from Monday to Friday; on Saturday and Sunday none, or the same. */
export function weekOf(first: Hours, second: Hours = [], everyDay = false): Calendar['week'] {
  const spans: Span[] = [first, second].flatMap(([from, to]) => (from && to ? [{ from, to }] : []))
  return Object.fromEntries(weekdays.map((day, n) => [day, n < 5 || everyDay ? spans : []])) as Calendar['week']
}
