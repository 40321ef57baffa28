import type { CallItem, CallStep } from '#designer/wire.ts'
import { BoundedMap } from '#ground/boundedMap.ts'
import type { CallSummary, CallStep as StoredStep } from '#store/calls.ts'
import type { Version, Versions } from '#store/versions.ts'

/** Versions never change, so they are read once. */
const read = new BoundedMap<string, Version>(100)

/** The version that a call runs on. @throws StoreError `notFound` */
export async function versionOf(versions: Pick<Versions, 'get'>, tenantId: string, id: string): Promise<Version> {
  const key = `${tenantId} ${id}`
  const version = read.get(key) ?? (await versions.get(tenantId, id))
  read.set(key, version)
  return version
}

/** A call as lists and pages show it: with the names that its version had. */
export function callItem(summary: CallSummary, { flow, number }: Version): CallItem {
  const { versionId: _, lastBlock, startedAt, endedAt, ...call } = summary
  return {
    ...call,
    flowName: flow.name,
    version: number,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    lastBlock: lastBlock === null ? null : { id: lastBlock, name: flow.blocks[lastBlock]?.name ?? '' },
  }
}

export const stepOnWire = ({ at, ...step }: StoredStep): CallStep => ({ ...step, at: at.toISOString() })
