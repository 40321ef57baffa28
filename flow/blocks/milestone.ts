import * as z from 'zod'
import { BlockIssue, defineBlock, leave, type Surroundings } from '../block.ts'
import { FlowError } from '../error.ts'
import { costOfAll } from '../expressionFacts.ts'
import { issueAt } from '../requestParts.ts'
import type { Value } from '../values.ts'

const settings = z.object({
  name: z.string().trim().min(1).max(100).meta({ control: 'text' }),
  fields: z
    .array(z.object({ name: z.string().trim().min(1).max(60), value: z.string().trim().min(1).max(1000) }))
    .max(10)
    .default([])
    .meta({ control: 'fieldsWorkedOut' }),
})

/** As much of a text as somebody reads at a glance. */
const mostLetters = 200

/** Writes into the call's history that it has come so far, and with what. */
export const milestone = defineBlock({
  type: 'milestone',
  category: 'data',
  icon: 'flag',
  settings,
  needsCaller: false,
  defaults: { name: '' },
  exits: () => [{ name: 'next' }],
  summary: ({ name }) => name,
  open({ name, fields }, { parse }) {
    const read = fields.map((field, n) => fieldOf(field, `fields.${n}`, parse))
    const names = fields.map((field) => field.name)
    const twice = names.findIndex((one, n) => names.indexOf(one) !== n)
    if (twice >= 0) throw new BlockIssue(`fields.${twice}`, 'parameterTwice', names[twice])
    return {
      reads: read.flatMap(({ expression }) => expression.reads),
      tells: read.map(({ expression, field }) => ({ reads: expression.reads, field })),
      cost: costOfAll(read),
      step({ event, variables, budget }) {
        if (event.type !== 'entered') return
        const values = read.map(
          ({ name, expression }) => [name, noted(expression.evaluate(variables, budget))] as const,
        )
        return leave('next', { detail: { milestone: name, fields: Object.fromEntries(values) } })
      },
    }
  },
})

function fieldOf({ name, value }: { name: string; value: string }, field: string, parse: Surroundings['parse']) {
  const expression = issueAt(field, () => parse(value))
  if (/^(list|map)/.test(expression.type)) throw new BlockIssue(field, 'wrongType')
  return { name, field, expression }
}

/** A value as the history keeps it: short, and on one line. */
function noted(value: Value): string | number | boolean {
  if (value === null) return ''
  if (typeof value === 'string')
    return value
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim()
      .slice(0, mostLetters)
  if (typeof value === 'object' || (typeof value === 'number' && !Number.isFinite(value)))
    throw new FlowError('expressionFailed', 'not one value')
  return value
}
