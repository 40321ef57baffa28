import * as z from 'zod'
import { BlockIssue, defineBlock, type Surroundings, type Turn } from '../block.ts'
import { FlowError } from '../error.ts'
import { handOver } from '../handOver.ts'
import { judgeNumber, reachable } from '../numbers.ts'
import { OptionalPrompt } from '../prompt.ts'
import { certainOf, hasValues, readText } from '../text.ts'

const settings = z.object({
  number: z.string().trim().min(1).max(200).meta({ control: 'valued' }),
  announcement: OptionalPrompt.default('').meta({ control: 'multiline' }),
})

/** A number that only the call itself tells: it is judged by the same rules then. */
function rungBy(number: string, announcement: string, parse: Surroundings['parse']) {
  try {
    const parts = readText(number, parse)
    const expressions = parts.filter((part) => typeof part !== 'string')
    const target = ({ variables, budget }: Pick<Turn<unknown>, 'variables' | 'budget'>) => {
      const texts = parts.map((part) => (typeof part === 'string' ? part : part.evaluate(variables, budget)))
      const judged = judgeNumber(texts.join(''))
      return 'problem' in judged ? judged : { kind: 'number' as const, id: judged.id, name: judged.id }
    }
    return {
      ...handOver(target, announcement),
      handsOverTo: { kind: 'number' as const, id: '', name: '' },
      reads: expressions.flatMap(({ reads }) => reads),
      cost: expressions.reduce((sum, { cost }) => sum + cost, 0),
    }
  } catch (error) {
    if (error instanceof FlowError) throw new BlockIssue('number', 'expression', error.detail)
    throw error
  }
}

/**
 * Gives the call to a telephone number. Graph does so only for a call that came to a resource account (application instance), or from
 * a number; any other comes back as failed.
 */
export const transferToNumber = defineBlock({
  type: 'transferToNumber',
  category: 'connect',
  icon: 'phone',
  permissions: ['Calls.Initiate.All'],
  settings,
  handsOver: true,
  defaults: { number: '' },
  exits: () => [{ name: 'failed' }],
  summary: ({ number }) => certainOf(number),
  open({ number, announcement }, { parse }) {
    if (hasValues(number)) return rungBy(number, announcement, parse)
    const id = reachable(number, 'number')
    return handOver({ kind: 'number', id, name: id }, announcement)
  },
})
