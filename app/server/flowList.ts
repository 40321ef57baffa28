import type { FlowListItem, Published } from '#designer/wire.ts'
import { check } from '#flow/check.ts'
import type { Shared } from '#flow/shared.ts'
import { BoundedMap } from '#ground/boundedMap.ts'
import { inSlices } from '#ground/slices.ts'
import type { Store } from '#store/database.ts'
import type { FlowSummary } from '#store/flowList.ts'
import type { Flows } from '#store/flows.ts'
import type { Published as StoredPublished } from '#store/published.ts'

type Count = FlowListItem['problems']

/**
 * What is wrong with a draft, by its hash, what it shares with others and what it answers: the same document has the same problems, as long as this program runs. A hundred
 * bytes each; ten thousand drafts change less often than a list is looked at.
 */
const counted = new BoundedMap<string, Count>(10_000)
const keyOf = ({ draftHash }: { draftHash: string }, sharedRevision: number, answers: readonly string[]) =>
  `${draftHash} ${sharedRevision} ${answers.join()}`

type Deps = { flows: Pick<Flows, 'drafts'>; faces: Pick<Store['faces'], 'shared'> }

/** A page of flows as the list shows them. Only drafts that have changed since the last time are read, by one question, and checked. */
export async function listItems(
  { flows, faces }: Deps,
  tenantId: string,
  summaries: readonly FlowSummary[],
): Promise<FlowListItem[]> {
  const { shared, revision } = await faces.shared(tenantId)
  const unknown = summaries.filter((summary) => counted.use(keyOf(summary, revision, summary.answers)) === undefined)
  if (unknown.length > 0) {
    const ids = unknown.map(({ id }) => id)
    const answers = new Map(unknown.map((summary) => [summary.id, summary.answers]))
    await inSlices(counting(await flows.drafts(tenantId, ids), answers, shared, revision))
  }
  // Saved or removed between the two questions: the next list has it.
  return summaries.map((summary) =>
    listItem(summary, counted.get(keyOf(summary, revision, summary.answers)) ?? { errors: 0, warnings: 0 }),
  )
}

/** Of drafts at their limit half a hundred are seconds of work. */
function* counting(
  drafts: Awaited<ReturnType<Flows['drafts']>>,
  answersOf: ReadonlyMap<string, string[]>,
  shared: Shared,
  revision: number,
): Generator<undefined, void> {
  for (const draft of drafts) {
    const answers = answersOf.get(draft.id) ?? []
    const problems = check(draft.flow, { shared, answers, id: draft.id })
    const errors = problems.filter(({ severity }) => severity === 'error').length
    counted.set(keyOf(draft, revision, answers), { errors, warnings: problems.length - errors })
    yield
  }
}

function listItem({ draftHash, published, lastCall, updatedAt, ...rest }: FlowSummary, problems: Count): FlowListItem {
  return {
    ...rest,
    updatedAt: updatedAt.toISOString(),
    published: publishedOnWire(published),
    lastCall: lastCall && { ...lastCall, startedAt: lastCall.startedAt.toISOString() },
    problems,
    changed: published?.hash !== draftHash,
  }
}

export const publishedOnWire = (published: StoredPublished | null): Published | null =>
  published && { ...published, at: published.at.toISOString() }
