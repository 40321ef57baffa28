import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { specStore } from '#test/store.ts'
import type { Process } from './processes.ts'

const spec = specStore()
let tenantId: string
let appId: string
beforeEach(() => {
  ;[tenantId, appId] = [randomUUID(), randomUUID()]
})
const newProcess = (): Process => ({ id: randomUUID(), tenantId, appId })

/** A call of a process, so many minutes before ten o'clock. */
async function call(process: string | null, minutes = 0, tenant = tenantId, state = 'live'): Promise<string> {
  const id = randomUUID()
  const startedAt = new Date(Date.UTC(2026, 10, 30, 10) - minutes * 60_000)
  await spec.sql(
    `insert into calls (id, tenant_id, graph_call_id, flow_id, version_id, test, started_at, process, state)
     values ($1, $2, $3, $4, $4, false, $5, $6, $7)`,
    [id, tenant, `graph-${id}`, randomUUID(), startedAt, process, state],
  )
  return id
}
const processOf = async (id: string) =>
  (await spec.sql('select process from calls where id = $1', [id])).rows[0]?.process

describe('a beat', () => {
  it('tells of the others of the same tenant and app, and how often they beat', async () => {
    const { processes } = spec.store
    const [one, other] = [newProcess(), newProcess()]
    await processes.beat({ ...newProcess(), appId: randomUUID() })
    await processes.beat({ ...newProcess(), tenantId: randomUUID() })
    expect(await processes.beat(one)).toEqual([])
    expect(await processes.beat(other)).toEqual([{ id: one.id, beat: 1 }])
    await processes.beat(one)
    expect(await processes.beat(other)).toEqual([{ id: one.id, beat: 2 }])
  })

  it('tells of whose calls are live though they never beat, and of calls from before there were processes', async () => {
    const [mine, dead] = [newProcess(), newProcess()]
    await call(dead.id)
    await call(null)
    await call(mine.id)
    await call(randomUUID(), 0, tenantId, 'ended')
    await call(randomUUID(), 0, randomUUID())
    const seen = await spec.store.processes.beat(mine)
    expect(seen).toHaveLength(2)
    expect(seen).toEqual(expect.arrayContaining([{ id: dead.id, beat: null }, { id: null, beat: null }])) // biome-ignore format: two rows
  })

  it('says nothing of another app of the tenant, whose calls only that app can hang up', async () => {
    const other = { ...newProcess(), appId: randomUUID() }
    await spec.store.processes.beat(other)
    await call(other.id)
    expect(await spec.store.processes.beat(newProcess())).toEqual([])
  })
})

describe('claiming', () => {
  it('takes the oldest first, as many as asked for, and each once', async () => {
    const [mine, dead] = [newProcess(), randomUUID()]
    const [young, oldest, old] = [await call(dead, 1), await call(dead, 3), await call(dead, 2)]
    const first = await spec.store.processes.claim(mine, dead, 2)
    expect(first.map(({ id }) => id)).toEqual([oldest, old])
    expect(first[0]).toEqual({
      ...{ id: oldest, tenantId, graphCallId: `graph-${oldest}`, test: false, outcome: null },
      ...{ flowId: expect.any(String), versionId: expect.any(String), at: Date.UTC(2026, 10, 30, 9, 57) },
    })
    expect((await spec.store.processes.claim(mine, dead, 2)).map(({ id }) => id)).toEqual([young])
    expect(await spec.store.processes.claim(mine, dead, 2)).toEqual([])
    expect(await processOf(oldest)).toBe(mine.id)
  })

  it('by several at once gives each call to one', async () => {
    const dead = randomUUID()
    const ids = await Promise.all(Array.from({ length: 40 }, (_, n) => call(dead, n)))
    const claims = await Promise.all([1, 2, 3, 4].map(() => spec.store.processes.claim(newProcess(), dead, 15)))
    const claimed = claims.flat().map(({ id }) => id)
    expect(new Set(claimed).size).toBe(claimed.length)
    for (const id of ids) expect(claimed.includes(id)).toBe((await processOf(id)) !== dead)
  })

  it('touches no call of a living process, of another tenant, or that has ended', async () => {
    const [mine, dead, living] = [newProcess(), randomUUID(), randomUUID()]
    await call(living)
    await call(dead, 0, randomUUID())
    await call(dead, 0, tenantId, 'ended')
    await call(null)
    expect(await spec.store.processes.claim(mine, dead, 10)).toEqual([])
    expect(await spec.store.processes.claim(mine, null, 10)).toHaveLength(1)
  })
})

it('forgets a process once it has no live call', async () => {
  const { processes } = spec.store
  const [mine, dead] = [newProcess(), newProcess()]
  await processes.beat(dead)
  await call(dead.id)
  await processes.forget(tenantId, dead.id)
  expect(await processes.beat(mine)).toEqual([{ id: dead.id, beat: 1 }])
  await processes.claim(mine, dead.id, 10)
  await processes.forget(tenantId, dead.id)
  expect(await processes.beat(mine)).toEqual([])
})
