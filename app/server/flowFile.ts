import { type Bundle, bundleVersion } from '#flow/bundle.ts'
import { check } from '#flow/check.ts'
import type { Flow } from '#flow/flow.ts'
import { spokenOf } from '#flow/links.ts'
import type { KnownNames } from '#flow/named.ts'
import type { Shared } from '#flow/shared.ts'
import type { Services } from './services.ts'

/** A flow with all that it speaks of, as it is now; with the rows of its tables, if they are wanted. */
export async function bundleOf(
  { calendars, tables }: Pick<Services['store'], 'calendars' | 'tables'>,
  tenantId: string,
  { flow, rows }: { flow: Flow; rows: boolean },
): Promise<Bundle> {
  const { shared } = await calendars.shared(tenantId)
  const rowsOf = async (id: string) => (rows ? (await tables.get(tenantId, id)).rows : null)
  const named = unresolvedIn(flow, { shared, names: { secret: {}, value: {} } })
  const namesOf = (kind: 'secret' | 'value') => named.flatMap((one) => (one.kind === kind ? [one.name] : []))
  return {
    bundleVersion,
    flow,
    calendars: Object.fromEntries(
      spokenOf(flow, 'calendar').flatMap((id) => {
        const calendar = shared.calendars[id]
        return calendar ? [[id, calendar]] : []
      }),
    ),
    tables: Object.fromEntries(
      await Promise.all(
        spokenOf(flow, 'table').flatMap((id) => {
          const table = shared.tables[id]
          return table ? [rowsOf(id).then((all) => [id, { table, rows: all }] as const)] : []
        }),
      ),
    ),
    needs: { secrets: namesOf('secret'), values: namesOf('value') },
  }
}

/** The secrets and values that a flow names and that are not among these, each once. */
export function unresolvedIn(
  flow: Flow,
  known: { shared: Shared; names: KnownNames },
): { kind: string; name: string }[] {
  const all = check(flow, known).flatMap(({ code, detail, reason }) =>
    code === 'unresolvedName' && detail && reason ? [{ kind: reason, name: detail }] : [],
  )
  return all.filter((one, n) => all.findIndex(({ kind, name }) => kind === one.kind && name === one.name) === n)
}
