import type { Block, Flow } from './flow.ts'
import type { Value } from './values.ts'

/** What a block calls a calendar or a table. The name is for people. */
export type Reference = { readonly id: string; readonly name: string }

/** The flow, with other references in place of those to these ids: for a flow that comes to where its calendars and tables have ids of their own. */
export function referring(flow: Flow, instead: ReadonlyMap<string, Reference>): Flow {
  const exchanged = (value: Value): Value =>
    (typeof value === 'object' && value !== null && 'id' in value && instead.get(String(value.id))) || value
  const block = (before: Block): Block => ({
    ...before,
    settings: Object.fromEntries(Object.entries(before.settings).map(([name, value]) => [name, exchanged(value)])),
  })
  return { ...flow, blocks: Object.fromEntries(Object.entries(flow.blocks).map(([id, one]) => [id, block(one)])) }
}
