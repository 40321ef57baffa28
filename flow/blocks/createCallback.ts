import * as z from 'zod'
import { BlockIssue, defineBlock, leave, type Surroundings, stay, type Turn } from '../block.ts'
import { spend } from '../budget.ts'
import { nextOpening } from '../calendar.ts'
import { FlowError } from '../error.ts'
import { costOfAll, type Expression } from '../expressionFacts.ts'
import { OptionalVariableName } from '../flow.ts'
import { callableBack } from '../numbers.ts'
import { issueAt, readLine } from '../requestParts.ts'
import type { Value, Variables } from '../values.ts'

const dayMinutes = 24 * 60
/** Nobody waits longer to be called back; hours that do not begin within these days never do. */
const mostDays = 30
/** To look for the next opening through that many days. */
const lookCost = 6_000

const Line = z.string().trim().max(200)

const settings = z.object({
  from: z.enum(['caller', 'variable']).default('caller').meta({ control: 'choice' }),
  variable: OptionalVariableName.default('').meta({
    control: 'variable',
    types: ['digits', 'phone', 'text'],
    shownWhen: { from: ['variable'] },
  }),
  reason: Line.default('').meta({ control: 'text' }),
  due: z.enum(['minutes', 'opening', 'expression']).default('minutes').meta({ control: 'choice' }),
  minutes: z
    .int()
    .min(0)
    .max(mostDays * dayMinutes)
    .default(60)
    .meta({ control: 'number', shownWhen: { due: ['minutes'] } }),
  calendar: z
    .object({ id: z.guid(), name: z.string().trim().max(100) })
    .nullable()
    .default(null)
    .meta({ control: 'calendar', shownWhen: { due: ['opening'] } }),
  expression: z
    .string()
    .trim()
    .max(500)
    .default('')
    .meta({ control: 'expression', shownWhen: { due: ['expression'] } }),
  owner: Line.default('').meta({ control: 'text' }),
  name: Line.default('${caller.name}').meta({ control: 'text', more: true }),
  mergeHours: z
    .int()
    .min(0)
    .max(mostDays * 24)
    .default(24)
    .meta({ control: 'number', more: true }),
})

type Settings = z.output<typeof settings>

/**
 * Puts the caller on the list of those who are to be called back, with a reason, an owner and a due time. Who asks again within some
 * hours stands there once. It works after the caller has hung up, too.
 */
export const createCallback = defineBlock({
  type: 'createCallback',
  category: 'data',
  icon: 'callBack',
  settings,
  decides: true,
  needsCaller: false,
  defaults: {},
  exits: () => [{ name: 'created' }, { name: 'merged', optional: true, fallback: 'created' }, { name: 'noNumber' }],
  summary: ({ reason }) => reason.replace(/\$\{\s*([^}]*?)\s*\}/g, '‹$1›'),
  open(set, surroundings) {
    const lines = linesOf(set, surroundings.parse)
    const due = dueOf(set, surroundings)
    const numberOf = numberFrom(set, surroundings)
    const told = [...Object.entries(lines), ...Object.entries(due.parts)].flatMap(([field, { expressions }]) =>
      expressions.map((expression) => ({ field, expression })),
    )
    const tells = told.map(({ field, expression }) => ({ reads: expression.reads, field }))
    return {
      reads: [...new Set([...numberOf.reads, ...tells.flatMap(({ reads }) => reads)])],
      // Whoever calls back reads it.
      tells: [{ reads: numberOf.reads, field: 'variable' }, ...tells],
      cost: due.cost + costOfAll(told),
      step({ event, variables, now, budget }: Turn<undefined>) {
        if (event.type === 'callbackKept') return leave(event.merged ? 'merged' : 'created')
        if (event.type !== 'entered') return
        const number = callableBack(numberOf.read(variables))
        const own = callableBack(callerNumber(variables))
        if (number === null) return leave('noNumber')
        spend(budget, due.cost)
        const evaluate = (expression: Expression) => expression.evaluate(variables, budget)
        const callback = {
          number,
          due: due.at(now, evaluate),
          name: lines.name.make(evaluate),
          reason: lines.reason.make(evaluate),
          owner: lines.owner.make(evaluate),
          typed: number !== own,
        }
        return stay({ asks: [{ type: 'createCallback', callback, mergeMs: set.mergeHours * 3_600_000 }] })
      },
    }
  },
})

/** As much as somebody reads of it at a glance. */
const mostLetters = 300

function linesOf({ reason, owner, name }: Settings, parse: Surroundings['parse']) {
  const line = (field: string, source: string) => issueAt(field, () => readLine(source, parse, mostLetters))
  return { reason: line('reason', reason), owner: line('owner', owner), name: line('name', name) }
}

function callerNumber({ caller }: Variables): string {
  const { phone, id } = caller as { phone: string; id: string } // `begin` has put it there
  return phone || id
}

function numberFrom({ from, variable }: Settings, { variables }: Surroundings) {
  if (from === 'caller') return { reads: [], read: callerNumber }
  if (variable === '') throw new BlockIssue('variable', 'required')
  const type = variables[variable]?.type
  if (type === undefined) throw new BlockIssue('variable', 'unknownVariable', variable)
  if (type !== 'digits' && type !== 'phone' && type !== 'text') throw new BlockIssue('variable', 'wrongType', variable)
  return { reads: [variable], read: (values: Variables) => String(values[variable] ?? '') }
}

type Due = {
  parts: Readonly<Record<string, { expressions: readonly Expression[] }>>
  cost: number
  at(now: number, evaluate: (expression: Expression) => Value): number
}

/** When it is due; a time that was worked out lies within the bounds of one that was written. */
function dueOf({ due, minutes, calendar: chosen, expression: source }: Settings, surroundings: Surroundings): Due {
  if (due === 'minutes') return { parts: {}, cost: 0, at: (now) => now + minutes * 60_000 }
  if (due === 'opening') {
    if (!chosen) throw new BlockIssue('calendar', 'required')
    const { calendars } = surroundings.shared
    const calendar = Object.hasOwn(calendars, chosen.id) ? calendars[chosen.id] : undefined
    if (!calendar) throw new BlockIssue('calendar', 'unknownCalendar', chosen.name)
    // Hours that never begin are warned of where they are edited; a callback is not put off for them.
    return { parts: {}, cost: lookCost, at: (now) => nextOpening(calendar, now, mostDays) ?? now + dayMinutes * 60_000 }
  }
  if (source === '') throw new BlockIssue('expression', 'required')
  const expression = issueAt('expression', () => surroundings.parse(source))
  if (!['double', 'int', 'dyn'].includes(expression.type)) throw new BlockIssue('expression', 'notMinutes')
  return {
    parts: { expression: { expressions: [expression] } },
    cost: 0,
    at(now, evaluate) {
      const value = evaluate(expression)
      if (typeof value !== 'number' || Number.isNaN(value)) throw new FlowError('expressionFailed', 'no minutes')
      return now + Math.round(Math.min(Math.max(value, 0), mostDays * dayMinutes) * 60_000)
    },
  }
}
