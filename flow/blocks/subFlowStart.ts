import * as z from 'zod'
import { type Answering, answering } from '../answering.ts'
import { BlockIssue, defineBlock, type Turn } from '../block.ts'
import { Parameters } from '../subFlows.ts'

const settings = z.object({ parameters: Parameters.default([]).meta({ control: 'parameters' }) })

/**
 * Where a sub-flow begins: with the values that the calling flow gives it, in variables of its own. Who tries it by a test call is
 * answered, and it then begins with the first values of its variables.
 */
export const subFlowStart = defineBlock({
  type: 'subFlowStart',
  category: 'ends',
  icon: 'flowIn',
  settings,
  line: 'any',
  defaults: {},
  exits: () => [{ name: 'next' }],
  summary: ({ parameters }) => parameters.map(({ variable }) => variable).join(', '),
  open({ parameters }, { variables }) {
    const names = parameters.map(({ variable }) => variable)
    names.forEach((name, n) => {
      if (!variables[name]) throw new BlockIssue(`parameters.${n}`, 'unknownVariable', name)
      if (names.indexOf(name) !== n) throw new BlockIssue(`parameters.${n}`, 'parameterTwice', name)
    })
    return {
      answers: true,
      sets: names.map((variable, n) => ({ variable, field: `parameters.${n}` })),
      step: (turn: Turn<Answering>) => answering(turn),
    }
  },
})
