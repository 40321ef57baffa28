import type { CallItem, CallStep } from '#designer/shell/wire.ts'
import type { CallSummary, CallStep as StoredStep } from '#store/calls.ts'
import type { Version, Versions } from '#store/versions.ts'

/** Versions never change, so they are read once. Bounded by forgetting the oldest. */
const read = new Map<string, Version>()
const mostRead = 100

/** The version that a call runs on. @throws StoreError `notFound` */
export async function versionOf(versions: Pick<Versions, 'get'>, tenantId: string, id: string): Promise<Version> {
  const key = `${tenantId} ${id}`
  const version = read.get(key) ?? (await versions.get(tenantId, id))
  read.set(key, version)
  const oldest = read.keys().next().value
  if (read.size > mostRead && oldest !== undefined) read.delete(oldest)
  return version
}

/** A call as lists and pages show it: with the names that its version had. */
export function callItem({ lastBlock, startedAt, endedAt, ...call }: CallSummary, { flow, number }: Version): CallItem {
  const { id, graphCallId, flowId, test, state, caller, called, outcome, endCode, endSubcode } = call
  return {
    ...{ id, graphCallId, flowId, test, state, caller, called, outcome, endCode, endSubcode },
    flowName: flow.name,
    version: number,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    lastBlock: lastBlock === null ? null : { id: lastBlock, name: flow.blocks[lastBlock]?.name ?? '' },
  }
}

export const stepOnWire = ({ at, ...step }: StoredStep): CallStep => ({ ...step, at: at.toISOString() })
