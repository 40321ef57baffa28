import * as z from 'zod'
import { BlockIssue, defineBlock, leave } from '../block.ts'
import { copyCost, spend } from '../budget.ts'
import { FlowError } from '../error.ts'
import { canAssign, costOfAll } from '../expressionFacts.ts'
import { VariableName } from '../flow.ts'
import { fitsType, type Value } from '../values.ts'

const settings = z.object({
  assignments: z
    .array(z.object({ variable: VariableName, value: z.string().min(1) }))
    .min(1)
    .max(20)
    .meta({ control: 'assignments' }),
})

/** Sets variables, in order: a later assignment sees what an earlier one set. */
export const setVariable = defineBlock({
  type: 'setVariable',
  category: 'data',
  icon: 'braces',
  settings,
  needsCaller: false,
  defaults: { assignments: [] },
  exits: () => [{ name: 'done' }],
  summary: ({ assignments }) => assignments.map(({ variable, value }) => `${variable} = ${value}`).join(', '),
  open({ assignments }, { variables, parse }) {
    const prepared = assignments.map(({ variable, value }, n) => {
      const type = variables[variable]?.type
      if (type === undefined) throw new BlockIssue(`assignments.${n}`, 'unknownVariable', variable)
      try {
        const expression = parse(value)
        if (!canAssign(type, expression)) throw new BlockIssue(`assignments.${n}`, 'wrongType', variable)
        return { variable, type, expression }
      } catch (error) {
        if (error instanceof FlowError) throw new BlockIssue(`assignments.${n}`, 'expression', error.detail)
        throw error
      }
    })
    // All variables are copied for each pass.
    const copying = Object.keys(variables).length * copyCost
    return {
      sets: prepared.map(({ variable, expression }, n) => ({ variable, expression, field: `assignments.${n}` })),
      reads: prepared.flatMap(({ expression }) => expression.reads),
      cost: costOfAll(prepared) + copying,
      step({ event, variables: before, budget }) {
        if (event.type !== 'entered') return
        spend(budget, copying)
        const after: Record<string, Value> = { ...before }
        for (const { variable, type, expression } of prepared) {
          const value = expression.evaluate(after, budget)
          if (!fitsType(type, value)) throw new FlowError('expressionFailed', `${variable} cannot hold this value`)
          after[variable] = value
        }
        return leave('done', { variables: after })
      },
    }
  },
})
