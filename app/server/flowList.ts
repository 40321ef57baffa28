import type { FlowListItem, Published } from '#designer/wire.ts'
import { checking } from '#flow/check.ts'
import { BoundedMap } from '#ground/boundedMap.ts'
import { inSlices } from '#ground/slices.ts'
import type { FlowSummary } from '#store/flowList.ts'
import type { Flows } from '#store/flows.ts'
import type { Published as StoredPublished } from '#store/published.ts'
import { knownOf } from './known.ts'
import type { Services } from './services.ts'

type Count = FlowListItem['problems']

/**
 * What is wrong with a draft, by its hash, what is known of its tenant and what it answers: in one tenant the same document has the same problems, as
 * long as this program runs. A hundred bytes each; ten thousand drafts change less often than a list is looked at.
 */
const counted = new BoundedMap<string, Count>(10_000)
const keyOf = ({ draftHash, answers }: Pick<FlowSummary, 'draftHash' | 'answers'>, mark: string) =>
  `${draftHash} ${mark} ${answers.join()}`

/** A page of flows as the list shows them. Only drafts that have changed since the last time are read, by one question, and checked. */
export async function listItems(
  services: Pick<Services, 'store' | 'settings'>,
  tenantId: string,
  summaries: readonly FlowSummary[],
): Promise<FlowListItem[]> {
  const known = await knownOf(services, tenantId)
  const isCounted = (summary: FlowSummary) => counted.use(keyOf(summary, known.mark)) !== undefined
  const unknown = new Map(summaries.flatMap((summary) => (isCounted(summary) ? [] : [[summary.id, summary.answers]])))
  if (unknown.size > 0) {
    await inSlices(counting(await services.store.flows.drafts(tenantId, [...unknown.keys()]), unknown, known))
  }
  // Saved or removed between the two questions: the next list has it.
  return summaries.map((summary) =>
    listItem(summary, counted.get(keyOf(summary, known.mark)) ?? { errors: 0, warnings: 0 }),
  )
}

/** Of drafts at their limit half a hundred are seconds of work. */
function* counting(
  drafts: Awaited<ReturnType<Flows['drafts']>>,
  answersOf: ReadonlyMap<string, string[]>,
  known: Awaited<ReturnType<typeof knownOf>>,
): Generator<undefined, void> {
  for (const draft of drafts) {
    const answers = answersOf.get(draft.id) ?? []
    const problems = yield* checking(draft.flow, { ...known, answers, id: draft.id })
    const errors = problems.filter(({ severity }) => severity === 'error').length
    counted.set(keyOf({ ...draft, answers }, known.mark), { errors, warnings: problems.length - errors })
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
