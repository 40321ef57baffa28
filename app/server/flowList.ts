import type { FlowListItem, Published } from '#designer/wire.ts'
import { check } from '#flow/check.ts'
import { BoundedMap } from '#ground/boundedMap.ts'
import { inSlices } from '#ground/slices.ts'
import type { FlowSummary } from '#store/flowList.ts'
import type { Flows } from '#store/flows.ts'
import type { Published as StoredPublished } from '#store/published.ts'

type Count = FlowListItem['problems']

/**
 * What is wrong with a draft, by its hash: the same document has the same problems, as long as this program runs. A hundred
 * bytes each; ten thousand drafts change less often than a list is looked at.
 */
const counted = new BoundedMap<string, Count>(10_000)

/** A page of flows as the list shows them. Only drafts that have changed since the last time are read, by one question, and checked. */
export async function listItems(
  flows: Pick<Flows, 'drafts'>,
  tenantId: string,
  summaries: readonly FlowSummary[],
): Promise<FlowListItem[]> {
  const unknown = summaries.filter(({ draftHash }) => counted.use(draftHash) === undefined)
  if (unknown.length > 0) {
    const ids = unknown.map(({ id }) => id)
    await inSlices(counting(await flows.drafts(tenantId, ids)))
  }
  return summaries.map(listItem)
}

/** Of drafts at their limit half a hundred are seconds of work. */
function* counting(drafts: Awaited<ReturnType<Flows['drafts']>>): Generator<undefined, void> {
  for (const { draftHash, flow } of drafts) {
    counted.set(draftHash, countProblems(flow))
    yield
  }
}

function countProblems(flow: Parameters<typeof check>[0]): Count {
  const problems = check(flow)
  const errors = problems.filter(({ severity }) => severity === 'error').length
  return { errors, warnings: problems.length - errors }
}

function listItem({ draftHash, published, lastCall, updatedAt, ...rest }: FlowSummary): FlowListItem {
  return {
    ...rest,
    updatedAt: updatedAt.toISOString(),
    published: publishedOnWire(published),
    lastCall: lastCall && { ...lastCall, startedAt: lastCall.startedAt.toISOString() },
    // Saved or removed between the two questions: the next list has it.
    problems: counted.get(draftHash) ?? { errors: 0, warnings: 0 },
    changed: published?.hash !== draftHash,
  }
}

export const publishedOnWire = (published: StoredPublished | null): Published | null =>
  published && { ...published, at: published.at.toISOString() }
