import type { CallQuery, CallResult } from '../wire.ts'
import { resultChoices } from './outcomes.ts'

export type Period = 'any' | 'today' | 'yesterday' | 'week' | 'month'

/** What is chosen above the list. All of it stands in the address, so that Back and loading again keep it. */
export type Filters = {
  text: string
  flowId: string
  /** A period, or a day of the reader's own calendar: 2026-11-30. */
  time: Period | string
  result: CallResult | ''
  /** One reason why callers were not reached, and the block where it was; '' where it was in none. */
  problem: string
  block: string
}

export const noFilters: Filters = { text: '', flowId: '', time: 'any', result: '', problem: '', block: '' }

export const periods: readonly Period[] = ['any', 'today', 'yesterday', 'week', 'month']
export const isPeriod = (time: string): time is Period => periods.some((period) => period === time)
const isDay = (time: string) => /^\d{4}-\d\d-\d\d$/.test(time) && !Number.isNaN(Date.parse(time))

/** The filters in an address. What nobody could have chosen counts as not chosen. */
export function readFilters(search: string): Filters {
  const said = new URLSearchParams(search)
  const of = (name: keyof Filters) => said.get(name) ?? noFilters[name]
  const time = of('time')
  return {
    text: of('text').slice(0, 100),
    flowId: of('flowId'),
    time: isPeriod(time) || isDay(time) ? time : noFilters.time,
    result: resultChoices.find((result) => result === of('result')) ?? '',
    problem: of('problem'),
    block: of('block'),
  }
}

/** The same for an address, beside what else stands in `search`; '' if nothing does. */
export function writeFilters(filters: Filters, search = ''): string {
  const said = new URLSearchParams(search)
  for (const [name, value] of Object.entries(filters)) {
    if (value === noFilters[name as keyof Filters]) said.delete(name)
    else said.set(name, value)
  }
  const written = said.toString()
  return written === '' ? '' : `?${written}`
}

export const beginOfToday = (now: Date): string => midnight(now).toISOString()

/** Midnight of the reader's own day, so many days from this one: days have 23 to 25 hours. */
const midnight = (at: Date, days = 0) => new Date(at.getFullYear(), at.getMonth(), at.getDate() + days)

/** From when until when, in the reader's own time. */
function rangeOf(time: string, now: Date): [from: Date | null, until: Date | null] {
  switch (time) {
    case 'any':
      return [null, null]
    case 'today':
      return [midnight(now), null]
    case 'yesterday':
      return [midnight(now, -1), midnight(now)]
    case 'week':
      return [midnight(now, -6), null]
    case 'month':
      return [midnight(now, -29), null]
    default: {
      const [year = 0, month = 1, day = 1] = time.split('-').map(Number)
      return [new Date(year, month - 1, day), new Date(year, month - 1, day + 1)]
    }
  }
}

/**
 * What the server is asked for. `since`: from when on those who were not reached stand first: the beginning of what is chosen, and of
 * today where no time is.
 */
export function queryOf(filters: Filters, now: Date): CallQuery & { since: string } {
  const { text, flowId, time, result, problem, block } = filters
  const [from, until] = rangeOf(time, now)
  return {
    ...(text.trim() !== '' && { text: text.trim() }),
    ...(flowId !== '' && { flowId }),
    ...(from && { from: from.toISOString() }),
    ...(until && { until: until.toISOString() }),
    ...(result !== '' && { result }),
    ...(problem !== '' && { problem, ...(block !== '' && { block }) }),
    since: (from ?? midnight(now)).toISOString(),
  }
}
