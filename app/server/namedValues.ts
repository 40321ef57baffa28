import type { NamedItem, NamedValues } from '#designer/wire.ts'
import { type KnownNames, knownNames, NamedValueName } from '#flow/named.ts'
import { AppError } from './appError.ts'
import type { Services } from './services.ts'

type Deps = Pick<Services, 'store' | 'settings'>
type Kind = NamedItem['kind']

/** The secrets and values of a tenant, with those of the process's environment, and what drafts name. */
export async function namedValuesOf({ store, settings }: Deps, tenantId: string): Promise<NamedValues> {
  const [kept, uses] = await Promise.all([store.namedValues.list(tenantId), store.namedValues.uses(tenantId)])
  const usedIn = (name: string, kind: Kind) =>
    uses.flatMap((use) => (use.name === name && use.kind === kind ? [{ id: use.flowId, name: use.flow }] : []))
  const items: NamedItem[] = [
    ...fixedOf(settings).map((one) => ({
      ...{ ...one, fixed: true, updatedAt: null, updatedBy: null },
      usedIn: usedIn(one.name, one.kind),
    })),
    ...kept
      .filter(({ name, kind }) => !isFixed(settings, name, kind))
      .map(({ updatedAt, ...one }) => ({
        ...one,
        fixed: false,
        updatedAt: updatedAt.toISOString(),
        usedIn: usedIn(one.name, one.kind),
      })),
  ]
  const isThere = (name: string, kind: Kind) => items.some((item) => item.name === name && item.kind === kind)
  const missing = new Map(
    uses.flatMap(({ name, kind }) =>
      isThere(name, kind) ? [] : [[`${kind} ${name}`, { name, kind, usedIn: usedIn(name, kind) }]],
    ),
  )
  return { items: items.sort(byName), missing: [...missing.values()], seals: store.sealed.ready }
}

/** What `check` is told of them. */
export async function knownNamesOf({ store, settings }: Deps, tenantId: string): Promise<KnownNames> {
  // What the process has comes first, and so stands last here.
  return knownNames([...(await store.namedValues.list(tenantId)), ...fixedOf(settings)])
}

const fixedOf = ({ named }: Deps['settings']): Pick<NamedItem, 'name' | 'kind' | 'plain' | 'hosts'>[] => [
  ...[...named.secrets].map(([name, { hosts }]) => ({ name, kind: 'secret', plain: null, hosts }) as const),
  ...[...named.values].map(([name, plain]) => ({ name, kind: 'value', plain, hosts: [] }) as const),
]

const isFixed = ({ named }: Deps['settings'], name: string, kind: Kind): boolean =>
  (kind === 'secret' ? named.secrets : named.values).has(name)

const byName = (a: NamedItem, b: NamedItem): number => a.name.localeCompare(b.name, 'en')

/** The name in an address. @throws AppError `badRequest` for what no flow could name */
export function nameOf({ name }: { name: string }): string {
  const read = NamedValueName.safeParse(name)
  if (!read.success) throw new AppError('badRequest', ['name: letters, digits and _, beginning with a letter'])
  return read.data
}
