import * as z from 'zod'
import { BlockIssue, defineBlock, leave, stay } from '../block.ts'
import { copyCost, spend } from '../budget.ts'
import { FlowError } from '../error.ts'
import { VariableName } from '../flow.ts'
import { columnOf, lookCost, Match, openMatch, TableChoice, tableOf } from '../rowMatch.ts'
import { fromCell, tableLimits, variablesFor } from '../table.ts'
import type { Value } from '../values.ts'

const settings = z.object({
  table: TableChoice.meta({ control: 'table' }),
  match: Match.meta({ control: 'rowMatch' }),
  results: z
    .array(z.object({ column: z.string().min(1).max(64), variable: VariableName }))
    .max(tableLimits.columns)
    .default([])
    .meta({ control: 'cellsRead' }),
})

/**
 * Finds a row of a table that people edit, and keeps its cells in variables. A call sees the rows as they were when it began; so it
 * sees what it has written itself, and nothing that was changed meanwhile.
 */
export const tableLookUp = defineBlock({
  type: 'tableLookUp',
  category: 'data',
  icon: 'table',
  settings,
  decides: true,
  needsCaller: false,
  defaults: { table: { id: '', name: '' }, match: { kind: 'column', column: '', value: '' } },
  exits: () => [{ name: 'found' }, { name: 'notFound' }],
  summary: ({ table }) => table.name,
  open({ table: choice, match, results }, surroundings) {
    const table = tableOf(choice, surroundings)
    const wanted = openMatch(match, table, surroundings)
    const { variables } = surroundings
    const kept = results.map(({ column: id, variable }, n) => {
      const { type, name } = columnOf(table, id, `results.${n}.column`)
      const declared = variables[variable]?.type
      if (declared === undefined) throw new BlockIssue(`results.${n}`, 'unknownVariable', variable)
      if (!variablesFor[type].includes(declared)) throw new BlockIssue(`results.${n}`, 'wrongType', name)
      return { id, variable, declared }
    })
    const copying = Object.keys(variables).length * copyCost
    return {
      sets: kept.map(({ variable }, n) => ({ variable, field: `results.${n}` })),
      reads: wanted.reads,
      cost: wanted.cost + copying,
      step(turn) {
        const { event, variables: before, budget } = turn
        if (event.type === 'entered') {
          spend(budget, lookCost)
          const asked = wanted.ask(turn)
          return asked ? stay({ asks: [{ type: 'lookUp', table: choice.id, match: asked }] }) : leave('notFound')
        }
        if (event.type !== 'rowFound') return
        if (event.cells === null) return leave('notFound')
        spend(budget, copying)
        const after: Record<string, Value> = { ...before }
        for (const { id, variable, declared } of kept) {
          const value = fromCell(event.cells[id], declared)
          if (value === undefined) throw new FlowError('expressionFailed', `${variable} cannot hold this value`)
          after[variable] = value
        }
        return leave('found', { variables: after })
      },
    }
  },
})
