import type { Bundle } from './bundle.ts'
import type { Calendars } from './calendar.ts'
import type { Flow } from './flow.ts'
import { choiceOf, type Kind, type Link, linked } from './links.ts'
import type { Shared } from './shared.ts'
import type { Row, Table } from './table.ts'

/** What becomes of a file in the place that it is brought to. */

/** Hours or a table by its name; `was` when another of that name was there already, which has other columns. */
export type Named = { kind: Kind; name: string; was?: string }

type Plan = {
  /** It speaks of what is there, and of what is to be made. */
  flow: Flow
  calendars: Calendars
  tables: Readonly<Record<string, { table: Table; rows: readonly Row[] }>>
  made: Named[]
  /** They were there under that name, and stay as they are. */
  matched: Named[]
  /** The flow speaks of them, and they are neither here nor in the file. */
  missing: Named[]
}

type There = Pick<Shared, 'calendars' | 'tables'>
/** From what a file calls something to what it is in the new place. `was`: what the file calls it, if it is made. */
type Settled = { kind: Kind; id: string; link: Link; was?: string }

/** What has to be made so that a file's flow works where there are these hours and tables. Nothing that is there is changed. */
export function planOf(bundle: Bundle, there: There, newId: () => string): Plan {
  const inFile = [...settledCalendars(bundle, there, newId), ...settledTables(bundle, there, newId)]
  const { known, missing } = spokenBeside(bundle, there, inFile)
  const linksOf = (kind: Kind) =>
    new Map([...inFile, ...known].flatMap((one) => (one.kind === kind ? [[one.id, one.link]] : [])))
  const made = inFile.filter(({ was }) => was !== undefined)
  return {
    flow: linked(bundle.flow, { calendar: linksOf('calendar'), table: linksOf('table') }),
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
      const columns = other ? columnsIn(table, other) : null
      if (found && columns) return { kind: 'table', id, link: { ...found, columns } }
      if (!found && !(n > 1 && others.includes(name.toLowerCase())))
        return { kind: 'table', id, link: linkTo(newId(), name), was: table.name }
    }
  })

/** What the flow speaks of and the file does not hold: hours are found by their name, and what has an id from here is there. */
function spokenBeside({ flow }: Bundle, there: There, inFile: readonly Settled[]) {
  const here = { calendar: there.calendars, table: there.tables }
  const known = new Map<string, Settled>()
  const missing = new Map<string, Named>()
  for (const block of Object.values(flow.blocks)) {
    for (const kind of ['calendar', 'table'] as const) {
      const choice = choiceOf(block, kind)
      if (!choice || inFile.some((one) => one.kind === kind && one.id === choice.id)) continue
      if (Object.hasOwn(here[kind], choice.id)) continue
      // A table of that name may have columns of other ids, and the file does not say what they are called.
      const link = kind === 'calendar' ? called(there.calendars, choice.name) : undefined
      if (link) known.set(choice.id, { kind, id: choice.id, link })
      else missing.set(choice.id, { kind, name: choice.name })
    }
  }
  return { known: [...known.values()], missing: [...missing.values()] }
}

const linkTo = (id: string, name: string): Link => ({ id, name, columns: {} })

function called(parts: Readonly<Record<string, { name: string }>>, name: string): Link | undefined {
  const found = Object.entries(parts).find(([, one]) => one.name.toLowerCase() === name.trim().toLowerCase())
  return found && linkTo(found[0], found[1].name)
}

/** From each column of a table to the one of another that is the same by id or by name, and of its type; null if one has none. */
function columnsIn({ columns }: Table, other: Table): Record<string, string> | null {
  const pairs = columns.flatMap(({ id, name, type }) => {
    const same = other.columns.filter((one) => one.type === type)
    const found = same.find((one) => one.id === id) ?? same.find((one) => one.name.toLowerCase() === name.toLowerCase())
    return found ? [[id, found.id] as const] : []
  })
  return new Set(pairs.map(([, to]) => to)).size === columns.length ? Object.fromEntries(pairs) : null
}
