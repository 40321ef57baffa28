import * as z from 'zod'
import { BlockIssue, defineBlock } from '../block.ts'
import { VariableName } from '../flow.ts'
import { ExitName, mostParameters } from '../subFlows.ts'

const settings = z.object({
  exit: ExitName.default('Done').meta({ control: 'text' }),
  gives: z.array(VariableName).max(mostParameters).default([]).meta({ control: 'variables' }),
})

/** Goes back to the flow that called this one, which goes on by the exit of this name. Where none has, as in a test call, the call ends. */
export const subFlowEnd = defineBlock({
  type: 'subFlowEnd',
  category: 'ends',
  icon: 'flowOut',
  settings,
  needsCaller: false,
  ends: true,
  defaults: {},
  exits: () => [],
  summary: ({ exit }) => exit,
  open({ exit, gives }, { variables }) {
    const unknown = gives.findIndex((name) => !variables[name])
    if (unknown >= 0) throw new BlockIssue(`gives.${unknown}`, 'unknownVariable', gives[unknown])
    return {
      reads: gives,
      returns: { exit, gives },
      step({ event, variables: values }) {
        if (event.type !== 'entered') return
        return {
          crosses: {
            type: 'returns',
            exit,
            values: Object.fromEntries(gives.map((name) => [name, values[name] ?? null])),
          },
        }
      },
    }
  },
})
