import { afterAll, expect, it, vi } from 'vitest'
import type { Flow } from '#flow/flow.ts'
import { emptyFlow, frontDesk } from '#flow/sample.ts'
import { nothingShared } from '#flow/shared.ts'
import type { Services } from './services.ts'

const process = globalThis as typeof globalThis & { services?: Services }
const before = process.services
afterAll(() => {
  if (before) process.services = before
  else delete process.services
})

/** Asks to roll back to version 3 of a flow that was this one then. */
async function rollBackTo(flow: Flow, number: number | null = 3, note = '', publishing: string | null = null) {
  const rollBack = vi.fn(async () => ({ id: 'x', number: 5, at: new Date(0) }))
  const prepare = vi.fn(async () => new Map())
  process.services = {
    settings: {
      databaseUrl: '',
      tenantId: 't',
      appId: '',
      local: { emulatorUrl: 'http://127.0.0.1:1' },
      named: { secrets: new Map(), values: new Map() },
    },
    store: {
      versions: { find: async () => ({ id: 'v', number, flow }), rollBack },
      faces: { shared: async () => ({ shared: nothingShared, revision: 0 }) },
      namedValues: { list: async () => [] },
      routes: { list: async () => [] },
      jobs: { find: async () => publishing && { state: publishing } },
    },
    speakerOf: () => ({ prepare }),
  } as unknown as Services
  const { POST } = await import('../api/flows/[flowId]/versions/[version]/rollback/route.ts')
  const asked = { method: 'POST', headers: { host: 'localhost:3000' }, body: JSON.stringify({ note }) }
  const response = await POST(new Request('http://localhost:3000/x', asked), {
    params: Promise.resolve({ flowId: 'f', version: '3' }),
  })
  return { status: response.status, body: await response.json(), rollBack, prepare }
}

it('speaks what is no longer kept, and says in the note what it was', async () => {
  const { status, body, rollBack, prepare } = await rollBackTo(frontDesk, 3, 'The new one said the wrong hours.')
  expect([status, body]).toEqual([201, { number: 5, at: '1970-01-01T00:00:00.000Z' }])
  expect(prepare).toHaveBeenCalledOnce()
  expect(rollBack).toHaveBeenCalledWith('t', expect.objectContaining({ number: 3 }), {
    note: 'Rolled back to version 3. The new one said the wrong hours.',
    by: 'Local user',
  })
})

it.each(['waiting', 'running'])('is refused while a publishing is %s, which would take it back', async (state) => {
  const { status, body, rollBack, prepare } = await rollBackTo(frontDesk, 3, '', state)
  expect([status, body.error.code]).toEqual([409, 'publishing'])
  expect(prepare).not.toHaveBeenCalled()
  expect(rollBack).not.toHaveBeenCalled()
})

it.each(['done', 'failed'])('is not hindered by a publishing that is %s', async (state) => {
  expect((await rollBackTo(frontDesk, 3, '', state)).status).toBe(201)
})

it.each([
  ['a version that this program would not publish', emptyFlow('Old'), 3, [422, 'problems']],
  ['a draft that was put aside, which nobody has heard', frontDesk, null, [404, 'notFound']],
] as const)('refuses %s', async (_, flow, number, refused) => {
  const { status, body, rollBack } = await rollBackTo(flow, number)
  expect([status, body.error.code]).toEqual(refused)
  expect(rollBack).not.toHaveBeenCalled()
})
