import * as z from 'zod'
import { BlockIssue, defineBlock, leave } from '../block.ts'
import { copyCost, spend } from '../budget.ts'
import { checkCall, faceFor } from '../calledFlow.ts'
import { FlowError } from '../error.ts'
import { costOfAll } from '../expressionFacts.ts'
import { VariableName } from '../flow.ts'
import { ExitName, FlowChoice, linkOf, mostExits, mostParameters } from '../subFlows.ts'
import { fitsType, type Value } from '../values.ts'

const settings = z.object({
  // Its exits are kept here, so that the block can be drawn and linked while nothing is known of the flow.
  flow: FlowChoice.extend({ exits: z.array(ExitName).max(mostExits).default([]) }).meta({ control: 'subFlow' }),
  parameters: z
    .array(z.object({ name: VariableName, value: z.string().min(1) }))
    .max(mostParameters)
    .default([])
    .meta({ control: 'parametersGiven' }),
  results: z
    .array(z.object({ name: VariableName, variable: VariableName }))
    .max(mostParameters)
    .default([])
    .meta({ control: 'resultsKept' }),
})

/**
 * Lets a sub-flow take over, and goes on by the exit by which it comes back. What the sub-flow cannot do (it is gone, fails without a
 * path of its own for that, or calls itself without end) takes the error exit.
 */
export const callFlow = defineBlock({
  type: 'callFlow',
  category: 'connect',
  icon: 'flowCall',
  settings,
  decides: true,
  defaults: { flow: { id: '', name: '', version: null, exits: [] } },
  exits: ({ flow }) => flow.exits.map((name) => ({ name, label: name })),
  summary: ({ flow: { name, version } }) => (version === null ? name : `${name} (${version})`),
  // Whether keys are heard there is known of the flow itself.
  hearsKeys: () => false,
  open({ flow, parameters, results }, { variables, parse, shared }) {
    const link = linkOf(flow)
    const exits = new Set(flow.exits)
    const given = parameters.map(({ name, value }, n) => {
      try {
        return { name, expression: parse(value) }
      } catch (error) {
        if (error instanceof FlowError) throw new BlockIssue(`parameters.${n}`, 'expression', error.detail)
        throw error
      }
    })
    const kept = results.map(({ name, variable }, n) => {
      const type = variables[variable]?.type
      if (type === undefined) throw new BlockIssue(`results.${n}`, 'unknownVariable', variable)
      return { name, variable, type }
    })
    const face = faceFor(flow, shared.flows, 'calls')
    if (face) checkCall(face, flow.exits, given, kept)
    const sensitive = new Set(face?.gives.flatMap((one) => (one.sensitive ? one.name : [])))
    const secret = new Set(face?.parameters?.flatMap(({ name, type }) => (type === 'secret' ? name : [])))
    const copying = (Object.keys(variables).length + mostParameters) * copyCost
    return {
      sets: kept.map(({ name, variable }, n) => ({
        variable,
        field: `results.${n}`,
        ...(sensitive.has(name) && { sensitive: true as const }),
      })),
      reads: given.flatMap(({ expression }) => expression.reads),
      // What the flow does not know to be sensitive it may tell anywhere.
      tells: given.flatMap(({ name, expression }, n) =>
        face === null || secret.has(name) ? [] : [{ reads: expression.reads, field: `parameters.${n}` }],
      ),
      cost: costOfAll(given) + copying,
      enters: link,
      hands: given.map(({ name, expression }) => ({ name, reads: expression.reads })),
      keeps: kept,
      ...((face === null || face.asks) && { asks: true as const }),
      step({ event, variables: values, budget }) {
        if (event.type === 'entered') {
          spend(budget, copying)
          const arguments_ = given.map(({ name, expression }) => [name, expression.evaluate(values, budget)] as const)
          return { crosses: { type: 'calls', link, parameters: Object.fromEntries(arguments_) } }
        }
        if (event.type !== 'returned') return
        if (!exits.has(event.exit)) return leave('error', { detail: { problem: 'exitUnknown' } })
        spend(budget, copying)
        const after: Record<string, Value> = { ...values }
        for (const { name, variable, type } of kept) {
          const value = event.values[name]
          // Each end gives back what it has to.
          if (value === undefined) continue
          if (!fitsType(type, value)) throw new FlowError('expressionFailed', `${variable} cannot hold this value`)
          after[variable] = value
        }
        return leave(event.exit, { variables: after })
      },
    }
  },
})
