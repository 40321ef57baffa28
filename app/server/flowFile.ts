import { randomUUID } from 'node:crypto'
import { type Bundle, bundleVersion, ownId } from '#flow/bundle.ts'
import { checking } from '#flow/check.ts'
import type { Flow } from '#flow/flow.ts'
import { type Link, linked, spokenOf } from '#flow/links.ts'
import type { KnownNames } from '#flow/named.ts'
import { freeName } from '#flow/namesLike.ts'
import type { Shared } from '#flow/shared.ts'
import { choicesIn, linkOf, mostFlows } from '#flow/subFlows.ts'
import { inSlices } from '#ground/slices.ts'
import type { Services } from './services.ts'

type Store = Pick<Services['store'], 'calendars' | 'tables' | 'faces' | 'flows'>

/** A flow with all that it speaks of, as it is now; with the rows of its tables, if they are wanted. */
export async function bundleOf(
  store: Store,
  tenantId: string,
  { id, rows, ...wanted }: { id: string; flow: Flow; rows: boolean },
): Promise<Bundle> {
  const { shared } = await store.calendars.shared(tenantId)
  const rowsOf = async (table: string) => (rows ? (await store.tables.get(tenantId, table)).rows : null)
  const { flow, flows } = await withFlows(store, tenantId, { id, flow: wanted.flow })
  const all = [flow, ...Object.values(flows)]
  const spoken = (kind: 'calendar' | 'table') => new Set(all.flatMap((one) => spokenOf(one, kind)))
  const named = await unresolvedIn(all, { shared, names: { secret: {}, value: {} } })
  return {
    bundleVersion,
    flow,
    flows,
    calendars: Object.fromEntries(
      [...spoken('calendar')].flatMap((id) => {
        const calendar = shared.calendars[id]
        return calendar ? [[id, calendar]] : []
      }),
    ),
    tables: Object.fromEntries(
      await Promise.all(
        [...spoken('table')].flatMap((id) => {
          const table = shared.tables[id]
          return table ? [rowsOf(id).then((all) => [id, { table, rows: all }] as const)] : []
        }),
      ),
    ),
    needs: { secrets: [...named.secret], values: [...named.value] },
  }
}

/**
 * The flows that one enters, and that these enter, as many as a call may come to: what callers would hear of each, or its draft where
 * nothing is published yet. Each is in the file once for each version that is meant, under an id and a name of its own.
 */
async function withFlows(
  { faces, flows }: Store,
  tenantId: string,
  { id: own, flow }: { id: string; flow: Flow },
): Promise<Pick<Bundle, 'flow' | 'flows'>> {
  const found = new Map<string, { id: string; flow: Flow }>()
  const links = new Map<string, Link>()
  const names = new Set([flow.name.toLowerCase()])
  const wanted = choicesIn(flow)
  for (const choice of wanted) {
    const link = linkOf(choice)
    if (links.has(link)) continue
    if (choice.id === own) {
      links.set(link, { id: ownId, name: flow.name, columns: {} })
      continue
    }
    if (found.size >= mostFlows) continue
    const published = await faces.version(tenantId, choice)
    const draft = published || choice.version !== null ? undefined : (await flows.drafts(tenantId, [choice.id]))[0]
    const one = published ?? (draft && { key: link, flow: draft.flow })
    if (!one) continue
    const known = found.get(one.key)
    // Two versions of one flow have one name, by which the file could not tell them apart.
    const name = known?.flow.name ?? freeName(one.flow.name, (like) => names.has(like.toLowerCase()))
    names.add(name.toLowerCase())
    const entry = known ?? { id: randomUUID(), flow: { ...one.flow, name } }
    found.set(one.key, entry)
    links.set(link, { id: entry.id, name, columns: {} })
    if (!known) wanted.push(...choicesIn(one.flow))
  }
  const within = (one: Flow) => linked(one, { calendar: new Map(), table: new Map(), flow: links })
  const carried = [...found.values()].map((one) => [one.id, within(one.flow)] as const)
  return { flow: within(flow), flows: Object.fromEntries(carried) }
}

/** The secrets and values that flows name and that are not among these, each once. */
export async function unresolvedIn(
  flows: readonly Flow[],
  known: { shared: Shared; names: KnownNames },
): Promise<Record<keyof KnownNames, Set<string>>> {
  const found = { secret: new Set<string>(), value: new Set<string>() }
  for (const flow of flows) {
    for (const { code, detail = '', reason } of await inSlices(checking(flow, known))) {
      if (code === 'unresolvedName') found[reason === 'secret' ? 'secret' : 'value'].add(detail)
    }
  }
  return found
}
