import * as z from 'zod'
import { BlockIssue, defineBlock, leave, stay } from '../block.ts'
import { spend } from '../budget.ts'
import { FlowError } from '../error.ts'
import { costOfAll } from '../expressionFacts.ts'
import { columnOf, expressionFor, lookCost, Match, openMatch, TableChoice, tableOf } from '../rowMatch.ts'
import { type Cell, tableLimits, toCell } from '../table.ts'

const settings = z.object({
  table: TableChoice.meta({ control: 'table' }),
  action: z.enum(['add', 'change']).default('add').meta({ control: 'choice' }),
  match: Match.nullable()
    .default(null)
    .meta({ control: 'rowMatch', shownWhen: { action: ['change'] } }),
  cells: z
    .array(z.object({ column: z.string().min(1).max(64), value: z.string().min(1) }))
    .min(1)
    .max(tableLimits.columns)
    .meta({ control: 'cellsWritten' }),
})

/** Adds a row to a table, or changes the first that matches. The next call sees it, and so does this one. */
export const tableUpdate = defineBlock({
  type: 'tableUpdate',
  category: 'data',
  icon: 'tableEdit',
  settings,
  decides: true,
  needsCaller: false,
  defaults: { table: { id: '', name: '' }, cells: [] },
  exits: ({ action }) => [{ name: 'done' }, ...(action === 'change' ? [{ name: 'notFound' }] : [])],
  summary: ({ table }) => table.name,
  open({ table: choice, action, match, cells }, surroundings) {
    const table = tableOf(choice, surroundings)
    if (action === 'change' && !match) throw new BlockIssue('match', 'required')
    const wanted = action === 'change' && match ? openMatch(match, table, surroundings) : null
    const written = cells.map(({ column: id, value }, n) => {
      const column = columnOf(table, id, `cells.${n}.column`)
      return { ...column, expression: expressionFor(column, value, `cells.${n}`, surroundings.parse) }
    })
    return {
      reads: [...(wanted?.reads ?? []), ...written.flatMap(({ expression }) => expression.reads)],
      // Whoever may edit the table reads it.
      tells: written.map(({ expression }, n) => ({ reads: expression.reads, field: `cells.${n}` })),
      cost: (wanted?.cost ?? lookCost) + costOfAll(written),
      step(turn) {
        const { event, variables, budget } = turn
        if (event.type === 'rowWritten') return leave(event.found ? 'done' : 'notFound')
        if (event.type !== 'entered') return
        spend(budget, lookCost)
        const asked = wanted?.ask(turn) ?? null
        if (wanted && !asked) return leave('notFound')
        const row: Record<string, Cell | null> = {}
        for (const { id, name, type, expression } of written) {
          const cell = toCell(type, expression.evaluate(variables, budget))
          if (cell === undefined) throw new FlowError('expressionFailed', `${name} cannot hold this value`)
          row[id] = cell
        }
        return stay({ asks: [{ type: 'writeRow', table: choice.id, match: asked, cells: row }] })
      },
    }
  },
})
