import * as z from 'zod'
import type { Publishing } from '#designer/wire.ts'
import { apologyId } from '#flow/addedBlocks.ts'
import { compile } from '#flow/compile.ts'
import type { Flow } from '#flow/flow.ts'
import type { Speaker, Unspoken } from '#speech/speak.ts'
import type { Store } from '#store/database.ts'
import type { StoreError } from '#store/error.ts'
import { JobFailed, type JobState, type Work } from '#store/jobs.ts'
import { isMissing, isNamed } from './named.ts'
import { promptsOf } from './prompts.ts'

/** The kind of job that makes a flow what callers hear; its key is the flow, so that it is published once at a time. */
export const publishKind = 'publish'

/** What is to be published, as it was when that was asked for (`versions.snapshot`): the draft may go on meanwhile. */
export const Publication = z.object({ versionId: z.string(), note: z.string(), by: z.string() })

const Progress = z.object({ done: z.number(), total: z.number(), version: z.number().nullable().default(null) })
const Blocks = z.array(z.object({ id: z.string().nullable(), name: z.string(), message: z.string() }))

/** As many blocks are named; the first few tell what is wrong. */
const mostBlocks = 20

type Deps = { store: Store; speakerOf(tenantId: string, turn: string): Speaker }

/**
 * Speaks all that a flow may say, and only then makes it the version that callers hear, all at once. What was spoken is kept, so
 * a second run goes on where the first has ended.
 */
export function publishWork({ store, speakerOf }: Deps): Work {
  return async ({ tenantId, key: flowId, data }, { signal, report }) => {
    const { versionId, note, by } = Publication.parse(data)
    try {
      const { flow } = await store.versions.get(tenantId, versionId)
      const { kept, unspoken } = await speakerOf(tenantId, `publish ${flowId}`).speakAll(await promptsOf(flow), {
        signal,
        told: report,
      })
      if (unspoken.length > 0) throw notSpoken(flow, unspoken)
      const { number } = await store.versions.publishKept(tenantId, flowId, { versionId, note, by })
      report({ done: kept.size, total: kept.size, version: number })
    } catch (error) {
      if (isNamed<StoreError>(error, 'StoreError') && error.code === 'answersAsSubFlow') throw new JobFailed(error)
      if (!isMissing(error)) throw error
      throw new JobFailed({ code: 'notFound', message: 'The flow was deleted before it was published.' })
    }
  }
}

function notSpoken(flow: Flow, unspoken: Unspoken[]): JobFailed {
  const { nodes } = compile(flow)
  const why = new Map(unspoken.map(({ prompt, error }) => [prompt.text, error.message]))
  const blocks: z.input<typeof Blocks> = [...nodes.values()].flatMap(({ id, block }) => {
    const message = block.constants.map((text) => why.get(text)).find((found) => found !== undefined)
    if (message === undefined) return []
    return [{ id: id === apologyId ? null : id, name: flow.blocks[id]?.name ?? '', message }]
  })
  return new JobFailed({
    code: 'notSpoken',
    message: 'Some texts could not be spoken, so callers hear what they heard before.',
    detail: blocks.slice(0, mostBlocks),
  })
}

/** A publishing as pages show it. */
export function publishingOf({ id, key, state, data, progress, failure }: JobState): Publishing {
  const { by, note } = Publication.parse(data)
  const told = Progress.safeParse(progress)
  return {
    id,
    flowId: key,
    state,
    by,
    note,
    ...(told.success ? told.data : { done: 0, total: 0, version: null }),
    failure: failure && { ...failure, blocks: Blocks.catch([]).parse(failure.detail) },
  }
}
