import type { BlockOfCall, CallItem, CallStep } from '#designer/wire.ts'
import type { Flow } from '#flow/flow.ts'
import { kindOf } from '#flow/kinds.ts'
import { nobodyAnswers, nobodyId } from '#flow/nobodyAnswers.ts'
import { BoundedMap } from '#ground/boundedMap.ts'
import type { CallSummary, CallStep as StoredStep } from '#store/calls.ts'
import type { Store } from '#store/database.ts'
import type { Version, Versions } from '#store/versions.ts'

/** What lists say of a version; versions never change, so they are read once. */
type Names = { flowName: string; number: number | null; blocks: ReadonlyMap<string, BlockOfCall> }
const read = new BoundedMap<string, Names>(500)

/** The names of the versions that calls ran on, by version; those not known yet are read with one question. */
export async function namesOf(
  calls: Pick<Store['calls'], 'versionsOf'>,
  tenantId: string,
  versionIds: readonly string[],
): Promise<ReadonlyMap<string, Names>> {
  const key = (id: string) => `${tenantId} ${id}`
  const unknown = [...new Set(versionIds)].filter((id) => !read.has(key(id)))
  const versions = unknown.length === 0 ? [] : await calls.versionsOf(tenantId, unknown)
  const fresh = new Map([...versions, nobodysVersion].map((version) => [version.id, namesIn(version)]))
  for (const [id, names] of fresh) read.set(key(id), names)
  return new Map(versionIds.map((id) => [id, fresh.get(id) ?? read.get(key(id)) ?? nothingKnown]))
}

/** What callers heard for whom there was no flow. */
const nobodysVersion = {
  ...{ id: nobodyId, flowId: nobodyId, flow: nobodyAnswers, number: null },
  ...{ hash: '', note: '', at: new Date(0), by: '' },
}

/** A version that is gone leaves its calls without names. */
const nothingKnown: Names = { flowName: '', number: null, blocks: new Map() }

function namesIn({ flow, number }: { flow: Flow; number: number | null }): Names {
  const blocks = Object.entries(flow.blocks).map(([id, { name, type }]): [string, BlockOfCall] => {
    const { handsOver = false, permissions = [] } = kindOf(type) ?? {}
    return [id, { id, name, type, kind: { handsOver, permissions } }]
  })
  return { flowName: flow.name, number, blocks: new Map(blocks) }
}

type Summary = Omit<CallSummary, 'graphCallId' | 'called'>

/** Calls as lists show them: with the names that their versions had. */
export async function callItems(
  calls: Parameters<typeof namesOf>[0],
  tenantId: string,
  summaries: readonly Summary[],
): Promise<CallItem[]> {
  const ids = summaries.map(({ versionId }) => versionId)
  const names = await namesOf(calls, tenantId, ids)
  return summaries.map((call) => callItem(call, names.get(call.versionId)))
}

function callItem(summary: Summary, names: Names | undefined): CallItem {
  const { versionId: _, lastBlock, failedBlock, startedAt, endedAt, ...call } = summary
  const { flowName, number, blocks } = names ?? nothingKnown
  return {
    ...call,
    flowName,
    version: number,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    lastBlock: blockIn(blocks, lastBlock),
    failedBlock: blockIn(blocks, failedBlock),
  }
}

export const blockIn = (blocks: Names['blocks'], id: string | null): BlockOfCall | null =>
  id === null ? null : (blocks.get(id) ?? { id, name: '' })

/** A call on the page of its own, where support asks for the platform's id too. @throws StoreError `notFound` */
export async function openedCall(
  versions: Pick<Versions, 'get'>,
  tenantId: string,
  { called: _, ...call }: CallSummary,
) {
  const isNobodys = call.versionId === nobodyId
  const version: Version = isNobodys ? nobodysVersion : await versions.get(tenantId, call.versionId)
  const { graphCallId, ...summary } = call
  return { version, call: { ...callItem(summary, namesIn(version)), graphCallId } }
}

export const stepOnWire = ({ at, ...step }: StoredStep): CallStep => ({ ...step, at: at.toISOString() })
