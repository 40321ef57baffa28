import * as z from 'zod'
import { BlockIssue, defineBlock, leave } from '../block.ts'
import { copyCost, spend } from '../budget.ts'
import { type Calendar, nextOpening, stateAt, wallTime } from '../calendar.ts'
import { OptionalVariableName } from '../flow.ts'
import type { Reader } from '../saying/reader.ts'
import { readerOf } from '../saying/readers.ts'

const settings = z.object({
  /** The name is for people, and finds the calendar again where the flow is brought to another organisation. */
  calendar: z.object({ id: z.guid(), name: z.string().trim().max(100) }).meta({ control: 'calendar' }),
  variable: OptionalVariableName.default('').meta({ control: 'variable', types: ['text'], more: true }),
  /** When it opens next, in the words in which people say it: "tomorrow at 9:00 AM"; empty while it is open, and where it does not. */
  opens: OptionalVariableName.default('').meta({ control: 'variable', types: ['text'] }),
})

/** To look at a calendar of the usual size; and for when it opens, which is looked for so many days ahead. */
const lookCost = 300
const aheadCost = 6_000
const mostDays = 30

/** Whether somebody is there, by a calendar that several flows may share. */
export const businessHours = defineBlock({
  type: 'businessHours',
  category: 'decide',
  icon: 'hours',
  settings,
  decides: true,
  needsCaller: false,
  defaults: { calendar: { id: '', name: '' } },
  exits: () => [{ name: 'open' }, { name: 'closed' }, { name: 'holiday', optional: true, fallback: 'closed' }],
  summary: ({ calendar }) => calendar.name,
  open({ calendar: { id, name }, variable, opens }, { shared, variables, language }) {
    const calendar = Object.hasOwn(shared.calendars, id) ? shared.calendars[id] : undefined
    if (!calendar) throw new BlockIssue('calendar', 'unknownCalendar', name)
    const kept = [
      { variable, field: 'variable' },
      { variable: opens, field: 'opens' },
    ].filter((one) => one.variable !== '')
    if (kept.length === 2 && variable === opens) throw new BlockIssue('opens', 'parameterTwice', opens)
    const copying = kept.length === 0 ? 0 : Object.keys(variables).length * copyCost
    const cost = lookCost + calendar.holidays.length + copying + (opens === '' ? 0 : aheadCost)
    return {
      sets: kept.map((one) => ({ ...one, types: ['text'] as const })),
      cost,
      step({ event, now, variables: before, budget }) {
        if (event.type !== 'entered') return
        spend(budget, cost)
        const { state, name } = stateAt(calendar, now)
        const detail = name === '' ? {} : { detail: { name } }
        if (kept.length === 0) return leave(state, detail)
        const after = {
          ...before,
          ...(variable !== '' && { [variable]: name }),
          ...(opens !== '' && { [opens]: state === 'open' ? '' : opening(calendar, now, readerOf(language)) }),
        }
        return leave(state, { variables: after, ...detail })
      },
    }
  },
})

function opening(calendar: Calendar, now: number, reader: Reader): string {
  const at = nextOpening(calendar, now, mostDays)
  if (at === null) return ''
  const [today, opens] = [wallTime(now, calendar.timeZone).day, wallTime(at, calendar.timeZone)]
  const days = Math.round((Date.parse(opens.day) - Date.parse(today)) / 86_400_000)
  const clock = [Math.floor(opens.minutes / 60), opens.minutes % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
  return reader.ahead(days, opens.day, clock)
}
