import * as z from 'zod'
import { BlockIssue, defineBlock, leave } from '../block.ts'
import { copyCost, maxRounds, spend } from '../budget.ts'
import { VariableName } from '../flow.ts'

const settings = z.object({
  /** Below the bound of a circle in which nobody is spoken to: what goes round inside of it counts as well. */
  times: z
    .int()
    .min(0)
    .max(maxRounds - 1)
    .default(3)
    .meta({ control: 'times' }),
  variable: VariableName.meta({ control: 'variable', types: ['number'] }),
  startsOver: z.boolean().default(true).meta({ control: 'switch', more: true }),
})

/** Goes back so many times, and on from then on. The rounds are counted in a variable, so that prompts and conditions may know them. */
export const loop = defineBlock({
  type: 'loop',
  category: 'decide',
  icon: 'loop',
  settings,
  decides: true,
  needsCaller: false,
  defaults: { variable: '' },
  exits: () => [{ name: 'again' }, { name: 'done' }],
  summary: ({ times, variable }) => `${variable} ≤ ${times}`,
  open({ times, variable, startsOver }, { variables }) {
    const type = variables[variable]?.type
    if (type === undefined) throw new BlockIssue('variable', 'unknownVariable', variable)
    if (type !== 'number') throw new BlockIssue('variable', 'wrongType', variable)
    if (Number(variables[variable]?.initial ?? 0) !== 0) throw new BlockIssue('variable', 'notFromZero', variable)
    const copying = Object.keys(variables).length * copyCost
    return {
      sets: [{ variable, types: ['number'], field: 'variable', alone: true }],
      reads: [variable],
      cost: copying,
      step({ event, variables: before, budget }) {
        if (event.type !== 'entered') return
        spend(budget, copying)
        const rounds = Number(before[variable])
        if (rounds < times) return leave('again', { variables: { ...before, [variable]: rounds + 1 } })
        return leave('done', startsOver ? { variables: { ...before, [variable]: 0 } } : {})
      },
    }
  },
})
