import * as z from 'zod'
import type { Block, Flow } from './flow.ts'
import { FlowChoice, linkOf } from './subFlows.ts'
import type { Value } from './values.ts'

/** How a flow speaks of hours, tables and other flows, and how it is made to speak of others: those of another place, or of a file. */

/** Every part changed, under its name. */
export const mapped = <T, U>(
  parts: Readonly<Record<string, T>>,
  change: (part: T, id: string) => U,
): Record<string, U> => Object.fromEntries(Object.entries(parts).map(([id, part]) => [id, change(part, id)]))

const Choice = z.object({ id: z.guid(), name: z.string() })
export type Kind = 'calendar' | 'table' | 'flow'

/** The hours, the table or the flow that a block speaks of: blocks that do have a setting of that name. */
export const choiceOf = ({ settings }: Block, kind: Kind) => Choice.safeParse(settings[kind]).data

/** By what it is found among links: one flow may be meant in several versions. */
export function keyOf(block: Block, kind: Kind): string {
  if (kind !== 'flow') return choiceOf(block, kind)?.id ?? ''
  const choice = FlowChoice.safeParse(block.settings.flow).data
  return choice ? linkOf(choice) : ''
}

/** The ids of the hours, or of the tables, that a flow speaks of. */
export const spokenOf = (flow: Flow, kind: Kind): string[] => [
  ...new Set(Object.values(flow.blocks).flatMap((block) => choiceOf(block, kind)?.id ?? [])),
]

/** What stands in the place of an id, and of a table's columns; one that is not named stays. Flows have links by `linkOf`. */
export type Link = { id: string; name: string; columns: Readonly<Record<string, string>> }
export type Links = Readonly<Record<Kind, ReadonlyMap<string, Link>>>

export const linked = (flow: Flow, links: Links): Flow => ({
  ...flow,
  blocks: mapped(flow.blocks, (block) => linkedBlock(block, links)),
})

function linkedBlock(block: Block, links: Links): Block {
  const link = (kind: Kind) => links[kind].get(keyOf(block, kind))
  const [calendar, table, flow] = [link('calendar'), link('table'), link('flow')]
  if (!calendar && !table && !flow) return block
  const settings = table ? mapped(block.settings, (value) => withColumns(value, table.columns)) : { ...block.settings }
  const named = (kind: Kind, to?: Link) =>
    to && { [kind]: { ...Object(settings[kind]), id: to.id, name: to.name, ...(kind === 'flow' && { version: null }) } }
  return {
    ...block,
    settings: { ...settings, ...named('calendar', calendar), ...named('table', table), ...named('flow', flow) },
  }
}

/** In these a block names a column of its table (flow/rowMatch.ts). */
const columnKeys = new Set(['column', 'first', 'last'])

const isList = (value: Value): value is readonly Value[] => Array.isArray(value)

function withColumns(value: Value, columns: Link['columns'], key = ''): Value {
  if (typeof value === 'string')
    return columnKeys.has(key) && Object.hasOwn(columns, value) ? (columns[value] ?? value) : value
  if (isList(value)) return value.map((one) => withColumns(one, columns))
  if (typeof value !== 'object' || value === null) return value
  return mapped(value, (one, name) => withColumns(one, columns, name))
}

/** The columns that a block names. */
export const columnsIn = (value: Value, key = ''): string[] => {
  if (typeof value === 'string') return columnKeys.has(key) ? [value] : []
  if (isList(value)) return value.flatMap((one) => columnsIn(one))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) => columnsIn(one, name))
}
