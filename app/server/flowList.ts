import type { FlowListItem, Published } from '#designer/wire.ts'
import { check } from '#flow/check.ts'
import { BoundedMap } from '#ground/boundedMap.ts'
import type { FlowSummary, Flows, Published as StoredPublished } from '#store/flows.ts'

type Count = FlowListItem['problems']

/** Checking a draft needs its document; the same document has the same problems. */
const counted = new BoundedMap<string, Count>(1_000)

/** A flow as the list shows it. The draft is read and checked only if it has changed since the last time. */
export async function listItem(
  flows: Pick<Flows, 'get'>,
  tenantId: string,
  summary: FlowSummary,
): Promise<FlowListItem> {
  const { draftHash, published, lastCall, updatedAt, ...rest } = summary
  return {
    ...rest,
    updatedAt: updatedAt.toISOString(),
    published: publishedOnWire(published),
    lastCall: lastCall && { ...lastCall, startedAt: lastCall.startedAt.toISOString() },
    problems: await problemsOf(flows, tenantId, summary),
    changed: published?.hash !== draftHash,
  }
}

export const publishedOnWire = (published: StoredPublished | null): Published | null =>
  published && { ...published, at: published.at.toISOString() }

async function problemsOf(flows: Pick<Flows, 'get'>, tenantId: string, { id, draftHash }: FlowSummary): Promise<Count> {
  const known = counted.get(draftHash)
  if (known) return known
  // Saved or removed between the two questions: the next list has it.
  const draft = await flows.get(tenantId, id).catch(() => null)
  if (!draft) return { errors: 0, warnings: 0 }
  const problems = check(draft.flow)
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const count = { errors, warnings: problems.length - errors }
  counted.set(draft.draftHash, count)
  return count
}
