import * as z from 'zod'
import { isPlainObject, storable } from '#ground/storableText.ts'
import { Calendar, type Calendars } from './calendar.ts'
import { FlowError } from './error.ts'
import { type Flow, readFlow, readPart, refuseLarge, sortedKeys } from './flow.ts'
import { bundleLimits, flowLimits } from './flowLimits.ts'
import { linked, mapped } from './links.ts'
import { NamedValueName } from './named.ts'
import { linkOf } from './subFlows.ts'
import { type Row, type Table, TableWithRows } from './table.ts'

/**
 * One portable file: a flow with the hours and tables that it speaks of, the flows that it enters with theirs, and the names of what each
 * place has of its own.
 */

/** The version of the file's own form; the flow in it has one too. */
export const bundleVersion = 1

/** `rows`: null when they were left out. */
type TableInFile = { readonly table: Table; readonly rows: readonly Row[] | null }

/** Secrets and values that the flow names. They are never in the file; whoever imports it is told which are missing. */
const Needs = z.object({
  secrets: z.array(NamedValueName).max(500).default([]),
  values: z.array(NamedValueName).max(500).default([]),
})
export type Needs = z.infer<typeof Needs>

export type Bundle = {
  readonly bundleVersion: typeof bundleVersion
  readonly flow: Flow
  /** Those that it enters, and that these enter; each in one version, which links without a version mean. */
  readonly flows: Readonly<Record<string, Flow>>
  readonly calendars: Calendars
  readonly tables: Readonly<Record<string, TableInFile>>
  readonly needs: Needs
}

/** By this id the flows of a file enter the one that it is of. */
export const ownId = numbered(0)

const Head = z.object({
  bundleVersion: z.number(),
  flow: z.unknown(),
  flows: z.record(z.guid(), z.unknown()).default({}),
  calendars: z.record(z.guid(), z.unknown()).default({}),
  tables: z.record(z.guid(), z.unknown()).default({}),
  needs: Needs.default({ secrets: [], values: [] }),
})

/** What the file of a flow holds that needs nothing. */
export const nothingBeside: Omit<Bundle, 'flow'> = {
  bundleVersion,
  flows: {},
  calendars: {},
  tables: {},
  needs: { secrets: [], values: [] },
}

const most = { flows: bundleLimits.flows, calendars: bundleLimits.shared, tables: bundleLimits.shared } as const

/**
 * Reads such a file; a flow's own file is one that holds nothing else.
 * @throws FlowError `flowTooNew`, `flowTooLarge`, or `flowNotReadable` with the place
 */
export function readBundle(value: unknown): Bundle {
  if (!isPlainObject(value) || !Object.hasOwn(value, 'bundleVersion')) {
    return { ...nothingBeside, flow: readFlow(value) }
  }
  const version = value.bundleVersion
  if (typeof version === 'number' && version > bundleVersion) throw new FlowError('flowTooNew', String(version))
  refuseLarge(value, bundleLimits.values, flowLimits.nesting + 2)
  for (const [kind, limit] of Object.entries(most)) {
    const count = Object.keys(Object(value[kind])).length
    if (count > limit) throw new FlowError('flowTooLarge', `${kind}: ${count}`)
  }
  const head = readPart(Head, storable(value), [])
  if (head.bundleVersion !== bundleVersion) throw new FlowError('flowNotReadable', 'bundleVersion')
  const calendars = mapped(head.calendars, (one, id) => readPart(Calendar, one, ['calendars', id]))
  const tables = mapped(head.tables, readTable)
  refuseTwice(Object.values(calendars), 'calendars')
  refuseTwice(
    Object.values(tables).map(({ table }) => table),
    'tables',
  )
  const flow = readFlow(head.flow)
  const flows = mapped(head.flows, (one, id) => placed(`flows.${id}`, () => readFlow(one)))
  refuseTwice([flow, ...Object.values(flows)], 'flows')
  return { bundleVersion, flow, flows, calendars, tables, needs: head.needs }
}

/** What is not readable is told with its place in the whole file. */
function placed<T>(place: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof FlowError) || error.code === 'flowTooNew') throw error
    throw new FlowError(error.code, `${place}.${error.detail}`)
  }
}

function readTable(one: unknown, id: string): TableInFile {
  const isBare = isPlainObject(one) && (one.rows ?? null) === null
  const { table, rows } = readPart(TableWithRows, isBare ? { ...one, rows: [] } : one, ['tables', id])
  return { table, rows: isBare ? null : rows }
}

/** Names find hours and tables again, so one name must mean one. */
function refuseTwice(named: readonly { name: string }[], place: string): void {
  if (new Set(named.map(({ name }) => name.toLowerCase())).size < named.length)
    throw new FlowError('flowNotReadable', `${place}: nameTwice`)
}

/**
 * The file as text: the same wherever it is written. Ids of hours, tables and flows are another in each place, so here they are numbered in the
 * order of their names. What needs nothing beside itself is written as a flow's own file.
 */
export function writeBundle({ flow, flows, calendars, tables, needs }: Bundle): string {
  const shared = [...entriesByName(calendars), ...entriesByName(mapped(tables, ({ table }) => table))]
  const named = [...shared, ...entriesByName(flows)]
  const links = new Map(named.map(([id, { name }], n) => [id, { id: numbered(n + 1), name, columns: {} }]))
  const entered = new Map([...links].map(([id, link]) => [linkOf({ id, version: null }), link]))
  const renumbered = <T>(parts: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(parts).map(([id, part]) => [links.get(id)?.id ?? id, part]))
  const written = (one: Flow) => sortedKeys(linked(one, { calendar: links, table: links, flow: entered }))
  const document = written(flow)
  const whole = [...needs.secrets, ...needs.values].length + named.length > 0
  const file = {
    bundleVersion,
    flow: document,
    ...(Object.keys(flows).length > 0 && { flows: sortedKeys(mapped(renumbered(flows), written)) }),
    calendars: sortedKeys(renumbered(calendars)),
    tables: sortedKeys(renumbered(tables)),
    needs: { secrets: needs.secrets.toSorted(), values: needs.values.toSorted() },
  }
  return `${JSON.stringify(whole ? file : document, null, 2)}\n`
}

function numbered(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
}

const entriesByName = <T extends { name: string }>(parts: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(parts).sort(([, a], [, b]) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
