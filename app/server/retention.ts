import { setImmediate as nextTick } from 'node:timers/promises'
import type { Speaker } from '#speech/speak.ts'
import type { Store } from '#store/database.ts'
import type { Work } from '#store/jobs.ts'
import { promptsOf } from './prompts.ts'

/** The kind of job that removes what nobody needs any more; there is one a tenant, which comes again every day. */
export const retentionKind = 'retention'
const dayMs = 24 * 3_600_000
/** Versions that are read, and rows that are removed, at once: a few megabytes, and far from the time limit of a query. */
const pageOfVersions = 20
const pageOfRows = 200

type Deps = { store: Store; speakerOf(tenantId: string, turn: string): Speaker; keepDays: number }

/**
 * Removes messages and callbacks that the tenant wants no longer, and tested drafts, test routes, ended jobs and audio that have not been needed for
 * `keepDays` days. Audio is needed by every
 * version that is there, published (also long ago) or tested: first all of it is marked as used, then what is not goes. Should
 * reading one version fail, nothing of the audio is removed.
 */
export function retentionWork({ store, speakerOf, keepDays }: Deps): Work {
  return async ({ tenantId }, { signal }) => {
    const before = new Date(Date.now() - keepDays * dayMs)
    await store.jobs.forget(tenantId, before)
    await inPages(signal, () => store.messages.forgetOld(tenantId, pageOfRows))
    await inPages(signal, () => store.callbacks.forgetOld(tenantId, pageOfRows))
    await inPages(signal, () => store.versions.forgetTested(tenantId, before, pageOfRows))
    await markUsed(store, speakerOf(tenantId, 'retention'), tenantId, signal)
    await inPages(signal, () => store.prompts.forgetUnused(tenantId, before, pageOfRows))
    return { again: new Date(Date.now() + dayMs) }
  }
}

async function inPages(signal: AbortSignal, remove: () => Promise<number>) {
  for (let removed = pageOfRows; removed === pageOfRows; ) {
    signal.throwIfAborted()
    removed = await remove()
  }
}

/** `find` writes down what was asked for. */
async function markUsed(store: Store, { keyed }: Speaker, tenantId: string, signal: AbortSignal) {
  let after: string | null = null
  for (;;) {
    signal.throwIfAborted()
    const page = await store.versions.every(tenantId, after, pageOfVersions)
    for (const { flow } of page) {
      await store.prompts.find(tenantId, (await keyed(await promptsOf(flow))).keys())
      await nextTick() // others wait for this process too
    }
    after = page.at(-1)?.id ?? null
    if (page.length < pageOfVersions || after === null) return
  }
}
