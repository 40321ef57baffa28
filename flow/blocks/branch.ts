import * as z from 'zod'
import { BlockIssue, defineBlock, leave } from '../block.ts'
import { Condition, conditionSource } from '../condition.ts'
import { FlowError } from '../error.ts'
import { costOfAll } from '../expressionFacts.ts'

const settings = z.object({
  conditions: z.array(Condition).min(1).max(20).meta({ control: 'conditions' }),
})

/** Leaves by the first condition that holds, else by `else`. */
export const branch = defineBlock({
  type: 'branch',
  category: 'decide',
  icon: 'branch',
  settings,
  decides: true,
  needsCaller: false,
  defaults: { conditions: [] },
  exits: ({ conditions }) => [...conditions.map(({ id, label }) => ({ name: id, label })), { name: 'else' }],
  summary: ({ conditions }) => conditions.map(({ label }) => label).join(', '),
  open({ conditions }, { variables, parse }) {
    const ids = conditions.map(({ id }) => id)
    const twice = ids.findIndex((id, n) => ids.indexOf(id) !== n || id === 'else' || id === 'error')
    if (twice >= 0) throw new BlockIssue(`conditions.${twice}`, 'idTwice')
    const arms = conditions.map((condition, n) => {
      try {
        const expression = parse(conditionSource(condition, variables))
        if (expression.type !== 'bool' && expression.type !== 'dyn')
          throw new FlowError('expressionRefused', 'not yes or no')
        return { id: condition.id, expression }
      } catch (error) {
        if (error instanceof FlowError) throw new BlockIssue(`conditions.${n}`, 'expression', error.detail)
        throw error
      }
    })
    return {
      reads: arms.flatMap(({ expression }) => expression.reads),
      cost: costOfAll(arms),
      step({ event, variables: values, budget }) {
        if (event.type !== 'entered') return
        return leave(arms.find(({ expression }) => expression.evaluate(values, budget) === true)?.id ?? 'else')
      },
    }
  },
})
