import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { specStore } from '#test/store.ts'
import { openWire } from '#test/wire.ts'
import { openChanges } from './changes.ts'
import { openStore } from './database.ts'
import { JobFailed, type Jobs, type Work, type WorkerOptions } from './jobs.ts'

/**
 * What durable jobs promise, whatever keeps them. Another backend than the table runs these very tests: `open` gives it over a
 * connection that a test may cut, `openProcess` starts testing/jobProcess.ts on it.
 */
const spec = specStore()
let tenantId: string
const noteDown = () => {
  const runs: string[] = []
  return { runs, work: (async ({ key }) => void runs.push(key)) satisfies Work }
}

beforeAll(() =>
  spec.sql('create table runs (key text, pid int, began timestamptz default clock_timestamp(), ended timestamptz)'),
)
beforeEach(() => {
  tenantId = randomUUID()
})

/** Works until the test has ended. Retries and leases are much shorter than in life. */
function work(kinds: Record<string, Work>, options: WorkerOptions = {}, jobs: Jobs = spec.store.jobs) {
  const changes = openChanges(spec.databaseUrl, () => {})
  const worker = jobs.work(kinds, {
    leaseMs: 1_500,
    retryMs: 50,
    onNews: (look) => changes.on('jobs', look),
    ...options,
  })
  onTestFinished(async () => {
    await worker.close()
    await changes.close()
  })
  return worker
}

const add = (kind: string, key: string, data: unknown = null, due?: Date) =>
  spec.store.jobs.add({ tenantId, kind, key, data, ...(due && { due }) })
const find = (kind: string, key: string) => spec.store.jobs.find(tenantId, kind, key)
const comesTo = (kind: string, key: string, state: string, timeout = 10_000) =>
  vi.waitFor(async () => expect(await find(kind, key)).toMatchObject({ state }), { timeout, interval: 20 })

describe('a job', () => {
  it('is done once, soon, and its end is told with its last progress', async () => {
    const kind = randomUUID()
    let ran = 0
    work({
      [kind]: async ({ data }, { report }) => {
        ran += 1
        report({ done: 1, of: data })
      },
    })
    await wait(200)
    const begun = performance.now()
    await add(kind, 'a', { total: 3 })
    await comesTo(kind, 'a', 'done')
    expect(performance.now() - begun).toBeLessThan(2_000)
    expect(await find(kind, 'a')).toMatchObject({
      data: { total: 3 },
      progress: { done: 1, of: { total: 3 } },
      failure: null,
    })
    await wait(300)
    expect(ran).toBe(1)
  })

  it('is there once for a key while it is unfinished, and again after that', async () => {
    const kind = randomUUID()
    const [first, second, other] = await Promise.all([add(kind, 'a', 1), add(kind, 'a', 2), add(kind, 'b', 3)])
    expect(second).toEqual(first)
    expect(other.id).not.toBe(first.id)
    expect(await spec.store.jobs.unfinished(tenantId, kind)).toHaveLength(2)
    const { runs, work: noted } = noteDown()
    work({ [kind]: noted })
    await comesTo(kind, 'a', 'done')
    await comesTo(kind, 'b', 'done')
    expect(runs.sort()).toEqual(['a', 'b'])
    expect((await add(kind, 'a', 4)).id).not.toBe(first.id)
  })

  it('waits for its time, and is not found by who works on something else', async () => {
    const kind = randomUUID()
    const due = new Date(Date.now() + 700)
    await add(kind, 'later', null, due)
    const ran: number[] = []
    const { runs, work: noted } = noteDown()
    work({ another: noted })
    work({ [kind]: async () => void ran.push(Date.now()) })
    await comesTo(kind, 'later', 'done')
    expect(ran[0]).toBeGreaterThanOrEqual(due.getTime())
    expect(ran[0]).toBeLessThan(due.getTime() + 2_000)
    expect(runs).toEqual([])
  })

  it('may ask to be done again at a time, any number of times', async () => {
    const kind = randomUUID()
    const tries: number[] = []
    work(
      {
        [kind]: async (job) => {
          tries.push(job.tries)
          return tries.length < 8 ? { again: new Date(Date.now() + 10) } : undefined
        },
      },
      { mostTries: 2 },
    )
    await add(kind, 'daily')
    await comesTo(kind, 'daily', 'done')
    expect(tries).toEqual(Array(8).fill(1))
  })

  it('can be forgotten when it has ended, and not before', async () => {
    const kind = randomUUID()
    work({ [kind]: async () => {} })
    await add(kind, 'old')
    await comesTo(kind, 'old', 'done')
    await add('nobody does it', 'waits')
    expect(await spec.store.jobs.forget(tenantId, new Date(Date.now() - 60_000))).toBe(0)
    expect(await spec.store.jobs.forget(tenantId, new Date(Date.now() + 60_000))).toBe(1)
    expect(await find(kind, 'old')).toBeNull()
    expect(await find('nobody does it', 'waits')).toMatchObject({ state: 'waiting' })
  })
})

describe('a job that fails', () => {
  it('is tried again, with a pause that grows, and no more often than allowed', async () => {
    const kind = randomUUID()
    const at: number[] = []
    const troubles: unknown[] = []
    const fails: Work = async () => {
      at.push(performance.now())
      throw new Error('not yet')
    }
    work({ [kind]: fails }, { mostTries: 3, retryMs: 100, onTrouble: (error) => troubles.push(error) })
    await add(kind, 'a')
    await comesTo(kind, 'a', 'failed')
    expect(at).toHaveLength(3)
    const [first = 0, second = 0, third = 0] = at
    expect(second - first).toBeGreaterThanOrEqual(95)
    expect(third - second).toBeGreaterThanOrEqual(195)
    expect(troubles).toHaveLength(3)
    expect(await find(kind, 'a')).toMatchObject({ failure: { code: 'gaveUp' } })
  })

  it('is not tried again where that would not help, and says why', async () => {
    const kind = randomUUID()
    let ran = 0
    work({
      [kind]: async (_, { report }) => {
        ran += 1
        report(7)
        throw new JobFailed({ code: 'textTooLong', message: 'Too long.', detail: { blocks: ['Menu'] } })
      },
    })
    await add(kind, 'a')
    await comesTo(kind, 'a', 'failed')
    const failure = { code: 'textTooLong', message: 'Too long.', detail: { blocks: ['Menu'] } }
    expect(await find(kind, 'a')).toMatchObject({ failure, progress: 7 })
    expect(ran).toBe(1)
  })
})

describe('several workers', () => {
  it('share the jobs: each is one’s, and no more at once than each may have', async () => {
    const kind = randomUUID()
    const runs = new Map<string, number>()
    let now = 0
    let most = 0
    const slow: Work = async ({ key }) => {
      runs.set(key, (runs.get(key) ?? 0) + 1)
      now += 1
      most = Math.max(most, now)
      await wait(20)
      now -= 1
    }
    for (let n = 0; n < 2; n++) work({ [kind]: slow }, { most: 3 })
    const keys = Array.from({ length: 60 }, (_, n) => `job ${n}`)
    await Promise.all(keys.map((key) => add(kind, key)))
    await vi.waitFor(async () => expect(await spec.store.jobs.unfinished(tenantId, kind)).toEqual([]), {
      timeout: 20_000,
      interval: 50,
    })
    expect([...runs.values()]).toEqual(Array(60).fill(1))
    expect(most).toBeLessThanOrEqual(6)
  })

  it('leave a long job to the one that has it: its lease is renewed', async () => {
    const kind = randomUUID()
    let ran = 0
    const long: Work = async () => {
      ran += 1
      await wait(2_500)
    }
    for (let n = 0; n < 2; n++) work({ [kind]: long }, { leaseMs: 600 })
    await add(kind, 'long')
    await comesTo(kind, 'long', 'done')
    expect(ran).toBe(1)
  })

  it('call a job off whose lease another has, and only the other’s end counts', async () => {
    const kind = randomUUID()
    const aborted = vi.fn()
    work({
      [kind]: async (_, { signal, report }) => {
        signal.addEventListener('abort', aborted)
        report('first')
        await wait(2_000)
      },
    })
    await add(kind, 'a')
    await comesTo(kind, 'a', 'running')
    // As a worker does that finds an overdue lease.
    await spec.sql(`update jobs set token = gen_random_uuid(), lease = now() + interval '1 minute' where kind = $1`, [
      kind,
    ])
    await vi.waitFor(() => expect(aborted).toHaveBeenCalled(), { timeout: 3_000 })
    await wait(1_500)
    expect(await find(kind, 'a')).toMatchObject({ state: 'running' })
  })

  it('go on where one has closed in the middle, at once and without counting that as a try', async () => {
    const kind = randomUUID()
    const tries: number[] = []
    const first = work(
      {
        [kind]: async (job, { signal }) => {
          tries.push(job.tries)
          await wait(60_000, undefined, { signal })
        },
      },
      { leaseMs: 60_000 },
    )
    await add(kind, 'a')
    await comesTo(kind, 'a', 'running')
    await first.close()
    work({ [kind]: async (job) => void tries.push(job.tries) })
    await comesTo(kind, 'a', 'done', 3_000)
    expect(tries).toEqual([1, 1])
  })
})

describe('processes that are killed', () => {
  async function openProcess(): Promise<ChildProcess> {
    const file = join(import.meta.dirname, 'testing', 'jobProcess.ts')
    const env = { ...process.env, DATABASE_URL: spec.databaseUrl }
    const child = spawn(process.execPath, ['--import', 'tsx', file], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    return child
  }
  const runsOf = async (key: string) =>
    (await spec.sql('select ended is not null as ended from runs where key = $1 order by began', [key])).rows

  it('leave their jobs to another, after the lease', async () => {
    const [first, second] = [await openProcess(), await openProcess()]
    const keys = Array.from({ length: 8 }, () => randomUUID())
    await Promise.all(keys.map((key) => add('deed', key, 800)))
    await vi.waitFor(async () => expect((await spec.sql('select from runs where ended is null')).rowCount).toBe(8), {
      timeout: 10_000,
      interval: 20,
    })
    const killedAt = performance.now()
    first.kill('SIGKILL')
    for (const key of keys) await comesTo('deed', key, 'done')
    expect(performance.now() - killedAt).toBeLessThan(8_000)
    for (const key of keys) expect((await runsOf(key)).at(-1)).toEqual({ ended: true })
    second.kill('SIGKILL')
  })

  it('by one job each time: it is given up after some tries, and others are done', async () => {
    const [poison, other] = [randomUUID(), randomUUID()]
    await add('deed', poison, 'poison')
    await add('deed', other, 10)
    await vi.waitFor(
      async () => {
        const child = await openProcess()
        await Promise.race([once(child, 'exit'), wait(3_000)])
        child.kill('SIGKILL')
        expect(await find('deed', poison)).toMatchObject({ state: 'failed', failure: { code: 'gaveUp' } })
      },
      { timeout: 40_000, interval: 10 },
    )
    expect(await runsOf(poison)).toHaveLength(3)
    expect(await find('deed', other)).toMatchObject({ state: 'done' })
  }, 60_000)
})

describe('a database that goes away', () => {
  it('delays jobs, makes none be done twice, and ends nobody', async () => {
    const wire = await openWire(spec.databaseUrl)
    const store = openStore({ databaseUrl: wire.url, poolSize: 3 })
    onTestFinished(async () => {
      await store.close()
      await wire.close()
    })
    const kind = randomUUID()
    const runs: string[] = []
    let isBack = () => {}
    const back = new Promise<void>((resolve) => {
      isBack = resolve
    })
    work(
      {
        [kind]: async ({ key, data }) => {
          runs.push(key)
          if (data === 'under way') await back
        },
      },
      { leaseMs: 10_000, onNews: () => () => {} },
      store.jobs,
    )
    await add(kind, 'one', 'under way')
    await comesTo(kind, 'one', 'running')
    await add(kind, 'two', null, new Date(Date.now() + 300))
    wire.cut()
    isBack()
    await wait(2_000)
    expect(await find(kind, 'one')).toMatchObject({ state: 'running' })
    wire.mend()
    await comesTo(kind, 'one', 'done', 15_000)
    await comesTo(kind, 'two', 'done', 15_000)
    expect(runs).toEqual(['one', 'two'])
  })
})
