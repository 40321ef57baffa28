import { weekdayOf } from '#flow/calendar.ts'
import type { World } from './acts.ts'

const dayMs = 86_400_000

/** The first such time from then on. */
export function nextInstant(on: World['on'], from: number): number {
  if (!on) return from
  for (let n = 0; n < 400; n += 1) {
    const day = new Date(from + n * dayMs).toISOString().slice(0, 10)
    const at = Date.parse(`${day}T${on.at}:00Z`)
    if (at >= from && (weekdayOf(day) === on.day || day.slice(5) === on.day)) return at
  }
  throw new Error(`There is no ${on.day} within a year.`)
}
