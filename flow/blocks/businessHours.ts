import * as z from 'zod'
import { BlockIssue, defineBlock, leave } from '../block.ts'
import { copyCost, spend } from '../budget.ts'
import { stateAt } from '../calendar.ts'
import { OptionalVariableName } from '../flow.ts'

const settings = z.object({
  /** The name is for people, and finds the calendar again where the flow is brought to another organisation. */
  calendar: z.object({ id: z.guid(), name: z.string().trim().max(100) }).meta({ control: 'calendar' }),
  variable: OptionalVariableName.default('').meta({ control: 'variable', types: ['text'], more: true }),
})

/** To look at a calendar of the usual size. */
const lookCost = 300

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
  open({ calendar: { id, name }, variable }, { shared, variables }) {
    const calendar = Object.hasOwn(shared.calendars, id) ? shared.calendars[id] : undefined
    if (!calendar) throw new BlockIssue('calendar', 'unknownCalendar', name)
    const copying = variable === '' ? 0 : Object.keys(variables).length * copyCost
    const cost = lookCost + calendar.holidays.length + copying
    return {
      sets: variable === '' ? [] : [{ variable, types: ['text'], field: 'variable' }],
      cost,
      step({ event, now, variables: before, budget }) {
        if (event.type !== 'entered') return
        spend(budget, cost)
        const { state, name } = stateAt(calendar, now)
        const detail = name === '' ? {} : { detail: { name } }
        return leave(state, variable === '' ? detail : { variables: { ...before, [variable]: name }, ...detail })
      },
    }
  },
})
