import { type Bundle, ownId } from './bundle.ts'
import type { Calendars } from './calendar.ts'
import type { Block, Flow } from './flow.ts'
import { choiceOf, columnsIn, type Kind, keyOf, type Link, linked } from './links.ts'
import type { Shared } from './shared.ts'
import { type FlowFaces, linkOf } from './subFlows.ts'
import type { Row, Table } from './table.ts'

/** What becomes of a file in the place that it is brought to. */

/** Hours, a table or a flow by its name; `was` when another of that name was there already, which has other columns. */
export type Named = { kind: Kind; name: string; was?: string }

type Plan = {
  /** It speaks of what is there, and of what is to be made. */
  flow: Flow
  /** Those that it enters, as they are to be made. */
  flows: Readonly<Record<string, Flow>>
  calendars: Calendars
  tables: Readonly<Record<string, { table: Table; rows: readonly Row[] }>>
  made: Named[]
  /** They were there under that name, and stay as they are. */
  matched: Named[]
  /** The flows speak of them, and they are neither here nor in the file. */
  missing: Named[]
}

type There = Shared
/** From what a file calls something to what it is in the new place. `was`: what the file calls it, if it is made. */
type Settled = { kind: Kind; id: string; link: Link; was?: string }

/**
 * What has to be made so that a file's flow works where there are these hours, tables and flows. Nothing that is there is changed. `own`: the
 * id that the flow gets.
 */
export function planOf(bundle: Bundle, there: There, newId: () => string, own = newId()): Plan {
  const inFile = [
    ...settledCalendars(bundle, there, newId),
    ...settledTables(bundle, there, newId),
    ...settledFlows(bundle, newId),
  ]
  const { known, missing } = spokenBeside(bundle, there, inFile)
  const linksOf = (kind: Kind) =>
    new Map([...inFile, ...known].flatMap((one) => (one.kind === kind ? [[one.id, one.link]] : [])))
  const made = inFile.filter(({ was }) => was !== undefined)
  const entered = linksOf('flow').set(linkOf({ id: ownId, version: null }), linkTo(own, bundle.flow.name))
  const links = { calendar: linksOf('calendar'), table: linksOf('table'), flow: entered }
  const flowOf = (id: string) => entered.get(linkOf({ id, version: null }))?.id ?? id
  return {
    flow: linked(bundle.flow, links),
    flows: Object.fromEntries(Object.entries(bundle.flows).map(([id, flow]) => [flowOf(id), linked(flow, links)])),
    calendars: Object.fromEntries(
      made.flatMap(({ id, link }) => (bundle.calendars[id] ? [[link.id, bundle.calendars[id]]] : [])),
    ),
    tables: Object.fromEntries(
      made.flatMap(({ id, link }) => {
        const file = bundle.tables[id]
        return file ? [[link.id, { table: { ...file.table, name: link.name }, rows: file.rows ?? [] }]] : []
      }),
    ),
    made: made.map(({ kind, link: { name }, was }) => ({
      kind,
      name,
      ...(was !== undefined && was !== name && { was }),
    })),
    matched: inFile.filter(({ was }) => was === undefined).map(({ kind, link: { name } }) => ({ kind, name })),
    missing,
  }
}

const settledCalendars = ({ calendars }: Bundle, there: There, newId: () => string): Settled[] =>
  Object.entries(calendars).map(([id, { name }]) => {
    const found = called(there.calendars, name)
    return found
      ? { kind: 'calendar', id, link: found }
      : { kind: 'calendar', id, link: linkTo(newId(), name), was: name }
  })

const settledTables = ({ tables }: Bundle, there: There, newId: () => string): Settled[] =>
  Object.entries(tables).map(([id, { table }]) => {
    const others = [...Object.values(tables)].flatMap((one) =>
      one.table === table ? [] : [one.table.name.toLowerCase()],
    )
    for (let n = 1; ; n += 1) {
      const name = n === 1 ? table.name : `${table.name.slice(0, 90)} ${n}`
      const found = called(there.tables, name)
      const other = found && there.tables[found.id]
      const columns = other ? columnsFrom(table, other) : null
      if (found && columns) return { kind: 'table', id, link: { ...found, columns } }
      if (!found && !(n > 1 && others.includes(name.toLowerCase())))
        return { kind: 'table', id, link: linkTo(newId(), name), was: table.name }
    }
  })

/** Each is made anew: what another flow of its name does is another thing. */
const settledFlows = ({ flows }: Bundle, newId: () => string): Settled[] =>
  Object.entries(flows).map(([id, { name }]) => ({
    ...{ kind: 'flow', id: linkOf({ id, version: null }), was: name },
    link: linkTo(newId(), name),
  }))

/** What the flows speak of and the file does not hold: what has an id from here is there, and else it is found by its name. */
function spokenBeside({ flow, flows }: Bundle, there: There, inFile: readonly Settled[]) {
  const known = new Map<string, Settled>()
  const missing = new Map<string, Named>()
  const blocks = [flow, ...Object.values(flows)].flatMap((one) => Object.values(one.blocks))
  const found = {
    calendar: (name: string) => called(there.calendars, name),
    table: (name: string, id: string) => tableCalled(there.tables, name, columnsOf(blocks, id)),
    flow: (name: string) => called(flowsThere(there.flows), name),
  }
  const here = { calendar: there.calendars, table: there.tables, flow: flowsThere(there.flows) }
  for (const block of blocks) {
    for (const kind of ['calendar', 'table', 'flow'] as const) {
      const choice = choiceOf(block, kind)
      if (!choice || Object.hasOwn(here[kind], choice.id) || choice.id === ownId) continue
      const id = keyOf(block, kind)
      if (inFile.some((one) => one.kind === kind && one.id === id)) continue
      const link = found[kind](choice.name, choice.id)
      if (link) known.set(id, { kind, id, link })
      else missing.set(choice.id, { kind, name: choice.name })
    }
  }
  return { known: [...known.values()], missing: [...missing.values()] }
}

/** By id, each once. */
const flowsThere = (faces: FlowFaces = {}): Readonly<Record<string, { name: string }>> =>
  Object.fromEntries(Object.values(faces).map((face) => [face.id, face]))

/** The columns that blocks name of a table. */
const columnsOf = (blocks: readonly Block[], table: string): string[] =>
  blocks.flatMap((block) => (choiceOf(block, 'table')?.id === table ? columnsIn(block.settings) : []))

/** A table of that name with these columns; the file does not say what else they are called than by their ids. */
function tableCalled(tables: Shared['tables'], name: string, columns: readonly string[]): Link | undefined {
  const link = called(tables, name)
  const all = new Set(link && tables[link.id]?.columns.map(({ id }) => id))
  return columns.every((id) => all.has(id)) ? link : undefined
}

const linkTo = (id: string, name: string): Link => ({ id, name, columns: {} })

function called(parts: Readonly<Record<string, { name: string }>>, name: string): Link | undefined {
  const found = Object.entries(parts).find(([, one]) => one.name.toLowerCase() === name.trim().toLowerCase())
  return found && linkTo(found[0], found[1].name)
}

/** From each column of a table to the one of another that is the same by id or by name, and of its type; null if one has none. */
function columnsFrom({ columns }: Table, other: Table): Record<string, string> | null {
  const pairs = columns.flatMap(({ id, name, type }) => {
    const same = other.columns.filter((one) => one.type === type)
    const found = same.find((one) => one.id === id) ?? same.find((one) => one.name.toLowerCase() === name.toLowerCase())
    return found ? [[id, found.id] as const] : []
  })
  return new Set(pairs.map(([, to]) => to)).size === columns.length ? Object.fromEntries(pairs) : null
}
