import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import * as publishRoute from '#app/api/flows/[flowId]/publish/route.ts'
import * as rollBackRoute from '#app/api/flows/[flowId]/versions/[version]/rollback/route.ts'
import * as publishingRoute from '#app/api/publishing/route.ts'
import { publishKind, publishWork } from '#app/server/publishing.ts'
import type { Services } from '#app/server/services.ts'
import type { Publishing } from '#designer/wire.ts'
import type { Flow } from '#flow/flow.ts'
import { draw, hangUp, say } from '#flow/testing/draw.ts'
import { drawSub, goTo } from '#flow/testing/subFlows.ts'
import { SpeechError } from '#speech/error.ts'
import { createSpeaker } from '#speech/speak.ts'
import { writeWav } from '#speech/wav.ts'
import { specStore } from './store.ts'

/** Publishing as a whole: the routes, the durable job behind them, a PostgreSQL, and a voice of the test. */
const spec = specStore()
let tenantId: string
let spoken: string[]
/** Texts that the voice refuses, how long it takes for one, and what it waits for before the twentieth. */
let refused: Set<string>
let tookMs: number
let leave: Promise<void>
beforeEach(() => {
  tenantId = randomUUID()
  spoken = []
  refused = new Set()
  tookMs = 0
  leave = Promise.resolve()
  const named = { secrets: new Map(), values: new Map() }
  const settings = { databaseUrl: '', tenantId, appId: '', named, local: { emulatorUrl: 'http://127.0.0.1:1' } }
  // No more than these routes ask for.
  const process = globalThis as typeof globalThis & { services?: Services }
  process.services = { settings, store: spec.store, speakerOf } as unknown as Services
})

const speakerOf: Services['speakerOf'] = (tenant, turn) =>
  createSpeaker({
    turn,
    voice: {
      name: 'test',
      languages: ['en-US'],
      async speak(text, { signal }) {
        await wait(tookMs)
        if (spoken.length >= 20) await leave
        if (signal?.aborted) throw new SpeechError('calledOff')
        if (refused.has(text)) throw new SpeechError('voiceFailed')
        spoken.push(text)
        return { wav: writeWav(new Int16Array(160)), durationMs: 10 }
      },
    },
    find: (keys) => spec.store.prompts.find(tenant, keys),
    save: async (prompt) => ({ publicId: await spec.store.prompts.save(tenant, prompt) }),
  })

/** A worker, as each designer server has one, until the test has ended. */
function work() {
  const worker = spec.store.jobs.work(
    { [publishKind]: publishWork({ store: spec.store, speakerOf }) },
    {
      leaseMs: 2_000,
      retryMs: 20,
      onNews: (look) => {
        const timer = setInterval(look, 20)
        return () => clearInterval(timer)
      },
    },
  )
  onTestFinished(worker.close)
  return worker
}

/** A flow that says `count` texts, one after the other. */
function sayings(count: number, first = 'Text'): Flow {
  const says = Array.from({ length: count }, (_, n) => {
    const next = n + 1 < count ? `say${n + 1}` : 'end'
    return [`say${n}`, { ...say(`${first} ${n}`, { done: next }), name: `Say ${n}` }] as const
  })
  return draw({ ...Object.fromEntries(says), end: hangUp() }, { name: 'Many' })
}

async function flowOf(flow: Flow) {
  const { id, revision } = await spec.store.flows.create(tenantId, { flow, by: 'ada' })
  const address = { params: Promise.resolve({ flowId: id }) }
  const headers = { host: 'localhost:3000' }
  return {
    id,
    revision,
    async publish(of = revision) {
      const body = JSON.stringify({ revision: of, note: 'A note' })
      const request = new Request(`http://localhost:3000/api/flows/${id}/publish`, { method: 'POST', headers, body })
      const response = await publishRoute.POST(request, address)
      return { status: response.status, body: await response.json() }
    },
    async latest(): Promise<Publishing> {
      const request = new Request(`http://localhost:3000/api/flows/${id}/publish`, { headers })
      return (await (await publishRoute.GET(request, address)).json()).publishing
    },
    comesTo(state: Publishing['state']) {
      return vi.waitFor(
        async () => {
          const latest = await this.latest()
          expect(latest.state).toBe(state)
          return latest
        },
        { timeout: 15_000, interval: 10 },
      )
    },
    versions: () => spec.store.versions.list(tenantId, id),
  }
}

it('answers at once, tells how far it is, and callers hear the new version only when all is spoken', async () => {
  const flow = await flowOf(sayings(40))
  let give = () => {}
  leave = new Promise((resolve) => {
    give = resolve
  })
  const { status, body } = await flow.publish()
  expect(status).toBe(202) // and nobody works yet
  expect(body).toMatchObject({ flowId: flow.id, by: 'Local user', note: 'A note', version: null, failure: null })

  work()
  const progress = async () => {
    const { done, total } = await flow.latest()
    return total === 41 && done > 0 && done < total
  }
  await expect.poll(progress, { timeout: 15_000 }).toBe(true)
  expect(await flow.versions()).toEqual([])
  give()
  await flow.comesTo('done')
  const list = await publishingRoute.GET(
    new Request('http://localhost:3000/api/publishing', { headers: { host: 'localhost' } }),
    {
      params: Promise.resolve({}),
    },
  )
  expect(await list.json()).toEqual({ publishing: [] })
  expect(await flow.latest()).toMatchObject({ done: 41, total: 41, version: 1 }) // with the apology
  expect(await flow.versions()).toMatchObject([{ number: 1, note: 'A note' }])
  expect(new Set(spoken).size).toBe(spoken.length)
})

it('is found from everywhere while it is under way', async () => {
  const flow = await flowOf(sayings(3))
  await flow.publish()
  const request = new Request('http://localhost:3000/api/publishing', { headers: { host: 'localhost' } })
  const list = await publishingRoute.GET(request, { params: Promise.resolve({}) })
  expect(await list.json()).toMatchObject({ publishing: [{ flowId: flow.id, state: 'waiting' }] })
})

it('makes one version of a double click, and of two who publish the same', async () => {
  const flow = await flowOf(sayings(5))
  const answers = await Promise.all([flow.publish(), flow.publish(), flow.publish()])
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
  work()
  await flow.comesTo('done')
  expect(await flow.versions()).toHaveLength(1)
  await flow.publish()
  await flow.comesTo('done')
  expect(await flow.versions()).toHaveLength(1)
})

it('publishes what was asked for, though the draft goes on; another state waits for its turn', async () => {
  const flow = await flowOf(sayings(3))
  await flow.publish()
  const changed = { ...sayings(3, 'Other'), name: 'Drawn meanwhile' }
  await spec.store.flows.saveDraft(tenantId, flow.id, { flow: changed, revision: flow.revision, by: 'ada' })
  const second = await flow.publish(flow.revision + 1)
  expect(second).toMatchObject({ status: 409, body: { error: { code: 'publishing' } } })
  work()
  await flow.comesTo('done')
  const [version] = await flow.versions()
  expect((await spec.store.versions.get(tenantId, version?.id ?? '')).flow.name).toBe('Many')
  await flow.publish(flow.revision + 1)
  await vi.waitFor(async () => expect(await flow.versions()).toHaveLength(2), { timeout: 10_000 })
})

it('says which block’s text cannot be spoken and why, and the next try speaks only that', async () => {
  const flow = await flowOf(sayings(12))
  refused = new Set(['Text 4', 'Text 9'])
  work()
  await flow.publish()
  const { failure } = await flow.comesTo('failed')
  expect(failure).toMatchObject({ code: 'notSpoken' })
  expect(failure?.blocks.map(({ id, name }) => [id, name])).toEqual([
    ['say4', 'Say 4'],
    ['say9', 'Say 9'],
  ])
  expect(failure?.blocks[0]?.message).toContain('voice')
  expect(await flow.versions()).toEqual([])

  refused.clear()
  spoken = []
  await flow.publish()
  await flow.comesTo('done')
  expect(spoken.sort()).toEqual(['Text 4', 'Text 9'])
})

it('goes on where a server has ended in the middle, and speaks nothing twice', async () => {
  const flow = await flowOf(sayings(40))
  tookMs = 20
  const first = work()
  await flow.publish()
  await vi.waitFor(() => expect(spoken.length).toBeGreaterThan(8), { timeout: 10_000, interval: 5 })
  await first.close()
  const before = spoken.length
  expect(before).toBeLessThan(40)
  expect(await flow.versions()).toEqual([])
  work()
  await flow.comesTo('done')
  expect(new Set(spoken).size).toBe(41)
  expect(spoken.length).toBe(41)
  expect(await flow.versions()).toHaveLength(1)
})

it('fails in words when the flow was deleted meanwhile', async () => {
  const flow = await flowOf(sayings(2))
  await flow.publish()
  await spec.store.flows.remove(tenantId, flow.id, 'ada')
  work()
  expect((await flow.comesTo('failed')).failure).toMatchObject({ code: 'notFound' })
})

it('makes nothing a sub-flow that has come to answer calls since that was asked for', async () => {
  const bye = hangUp('Goodbye.')
  const flow = await flowOf(draw({ bye }))
  const { flows, versions, routeRules } = spec.store
  const { id: kept } = await versions.publish(tenantId, flow.id, { revision: 1, note: '', by: 'ada' })
  await spec.sql('delete from routes where tenant_id = $1', [tenantId])
  await flows.saveDraft(tenantId, flow.id, { flow: drawSub({ bye }), revision: 1, by: 'ada' })
  expect(await flow.publish(2)).toMatchObject({ status: 202 })
  await routeRules.add(tenantId, { called: null, caller: '+49', when: null, flowId: flow.id })
  work()
  expect(await flow.comesTo('failed')).toMatchObject({ failure: { code: 'answersAsSubFlow' } })
  expect(await routeRules.list(tenantId)).toMatchObject([{ flowId: flow.id, version: 1 }])
  expect((await versions.list(tenantId, flow.id)).map(({ id }) => id)).toEqual([kept])
})

it('rolls back to no version that could not be published today, and says the same problems', async () => {
  const bye = hangUp('Goodbye.')
  const subFlow = drawSub({ bye })
  const flow = await flowOf(subFlow)
  const { flows, versions } = spec.store
  const publish = (revision: number) => versions.publish(tenantId, flow.id, { revision, note: '', by: 'ada' })
  const save = (draft: Flow, revision: number) =>
    flows.saveDraft(tenantId, flow.id, { flow: draft, revision, by: 'ada' })
  await publish(1)
  await save(draw({ round: goTo(flow.id) }), 1)
  await publish(2)
  // From here on it answers calls.
  await save(draw({ bye }), 2)
  await publish(3)
  const rollBack = async (version: number) => {
    const address = { params: Promise.resolve({ flowId: flow.id, version: `${version}` }) }
    const request = { method: 'POST', headers: { host: 'localhost:3000' }, body: '{}' }
    const response = await rollBackRoute.POST(new Request('http://localhost:3000/', request), address)
    return { status: response.status, body: await response.json() }
  }
  const refusals = []
  for (const [draft, revision, version] of [
    [subFlow, 3, 1],
    [draw({ round: goTo(flow.id) }), 4, 2],
  ] as const) {
    await save(draft, revision)
    const refused = await rollBack(version)
    expect(refused).toEqual(await flow.publish(revision + 1))
    refusals.push([refused.status, refused.body.error.detail.problems.map(({ code }: { code: string }) => code)])
  }
  expect(refusals).toEqual([
    [422, ['answersAsSubFlow']],
    [422, ['endlessFlows']],
  ])
})
