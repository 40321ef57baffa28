import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { emptyFlow } from '#flow/sample.ts'
import { specStore, tenantWithFlow } from '#test/store.ts'
import type { Found } from './callSearch.ts'
import { openHistory } from './history.ts'

const spec = specStore()

it('pages through calls, the latest first, also where several began in the same millisecond', async () => {
  const tenantId = randomUUID()
  const flowId = randomUUID()
  const written = await recordCalls(tenantId, flowId, 7, () => new Date('2026-11-20T10:00:00Z'))

  const pages = []
  let last: Found | undefined
  do {
    const page: Found[] = await spec.store.calls.list(tenantId, { flowId, ...(last && { before: last }) }, 3)
    pages.push(page.map(({ id }) => id))
    last = page.at(-1)
  } while (last)

  expect(pages.map((page) => page.length)).toEqual([3, 3, 1, 0])
  expect(pages.flat().sort()).toEqual(written.sort())
})

it('finds a call by our id and by Graph’s, with its steps in order', async () => {
  const tenantId = randomUUID()
  const [id = ''] = await recordCalls(tenantId, randomUUID(), 1, () => new Date('2026-11-20T10:00:00.123Z'))
  const call = await spec.store.calls.get(tenantId, id)
  expect(call).toEqual({
    id,
    graphCallId: `graph-${id}`,
    flowId: expect.any(String),
    versionId: expect.any(String),
    test: false,
    state: 'live',
    caller: { name: 'Ada', id: 'ada-id' },
    called: '+31201234567',
    startedAt: new Date('2026-11-20T10:00:00.123Z'),
    endedAt: null,
    outcome: null,
    endCode: null,
    endSubcode: null,
    lastBlock: expect.any(String),
    failedBlock: null,
    problem: null,
    result: 'live',
    steps: [
      { seq: 1, at: expect.any(Date), block: 'start', event: 'entered', exit: 'next', detail: null, versionId: null },
      {
        seq: 2,
        at: expect.any(Date),
        block: 'menu',
        event: 'entered',
        exit: null,
        detail: { attempt: 1 },
        versionId: null,
      },
    ],
  })
  expect(await spec.store.calls.get(tenantId, `graph-${id}`)).toEqual(call)
  expect(await spec.store.calls.stepsAfter(tenantId, id, 1)).toEqual(call?.steps.slice(1))
  expect(await spec.store.calls.get(tenantId, 'no such call')).toBeNull()
})

it('names the flows that calls can be of as people sort, removed ones too', async () => {
  const { tenantId, flowId } = await tenantWithFlow(spec.store, 'Zulu')
  for (const name of ['beta', 'Äpfel', 'Alpha']) {
    await spec.store.flows.create(tenantId, { flow: emptyFlow(name), by: 'ada' })
  }
  await spec.store.flows.remove(tenantId, flowId, 'ada')
  const names = (await spec.store.calls.flows(tenantId)).map(({ name }) => name)
  expect(names).toEqual(['Alpha', 'Äpfel', 'beta', 'Zulu'])
})

async function recordCalls(tenantId: string, flowId: string, count: number, at: () => Date) {
  const history = openHistory({ databaseUrl: spec.databaseUrl, onTrouble: (error) => expect.fail(String(error)) })
  const ids = Array.from({ length: count }, () => randomUUID())
  for (const id of ids) {
    const caller = { name: 'Ada', id: 'ada-id' }
    const versionId = randomUUID()
    const call = {
      id,
      tenantId,
      graphCallId: `graph-${id}`,
      flowId,
      versionId,
      test: false,
      caller,
      called: '+31201234567',
    }
    history.record({ kind: 'began', ...call, at: at() })
    const step = { id, tenantId, at: at(), event: 'entered' }
    history.record({ kind: 'step', ...step, seq: 2, block: 'menu', exit: null, detail: { attempt: 1 } })
    history.record({ kind: 'step', ...step, seq: 1, block: 'start', exit: 'next', detail: null })
  }
  await history.close()
  return ids
}
