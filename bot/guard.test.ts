import { expect, it } from 'vitest'
import type { Calls } from '#communications/requests/calls.ts'
import { GraphError } from '#communications/road/error.ts'
import type { Call, CommsOperation } from '#communications/wire/types.ts'
import { type Awaited, createGuard } from './guard.ts'

const ref = { id: 'call', tenantId: 'tenant' }
const gone = new GraphError({ code: '8522', operation: 'get', status: 404, subcode: 8522 })
const refused = new GraphError({ code: '7504', operation: 'get', status: 403, subcode: 7504 })

/** A guard by whose clock the test moves, and a Graph that says what the test says. */
function guardWith(graph: { call?: Call | GraphError; operation?: CommsOperation | GraphError }, told: Awaited[] = []) {
  let now = 0
  const timers = new Set<{ at: number; act: () => void }>()
  const heard: unknown[] = []
  const asked: string[] = []
  const answer =
    <T>(name: string, what: T | GraphError | undefined) =>
    async (): Promise<T> => {
      asked.push(name)
      if (what instanceof GraphError || what === undefined) throw what ?? refused
      return what
    }
  const calls: Pick<Calls, 'get' | 'getOperation'> = {
    get: answer('get', graph.call),
    getOperation: answer('getOperation', graph.operation),
  }
  const guard = createGuard({
    calls,
    tell: (_callId, event) => heard.push(event),
    found: (_callId, call) => heard.push(call),
    awaits: async (_callId, awaited) => !told.includes(awaited),
    clock: {
      after(ms, act) {
        const timer = { at: now + ms, act }
        timers.add(timer)
        return () => timers.delete(timer)
      },
    },
  })
  const pass = async (ms: number) => {
    const end = now + ms
    for (;;) {
      const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (!next) break
      now = next.at
      timers.delete(next)
      next.act()
      await new Promise((resolve) => setImmediate(resolve))
    }
    now = end
  }
  return { guard, heard, asked, timers, pass }
}

const prompt: Awaited = { what: 'promptEnd', visit: 3, operationId: 'op', durationMs: 5_000 }

it('asks nothing about what was told in time', async () => {
  const { guard, asked, pass } = guardWith({}, [prompt])
  guard.expect('c', ref, prompt)
  await pass(600_000)
  expect(asked).toEqual([])
})

it('asks for the operation once the prompt and a margin are over, not before', async () => {
  const { guard, asked, heard, pass } = guardWith({ operation: { status: 'completed' } })
  guard.expect('c', ref, prompt)
  await pass(14_999)
  expect(asked).toEqual([])
  await pass(1)
  expect(asked).toEqual(['getOperation'])
  expect(heard).toEqual([{ type: 'promptFinished', visit: 3 }])
})

it('tells a prompt that failed as failed', async () => {
  const resultInfo = { code: 400, subcode: 8536 }
  const { guard, heard, pass } = guardWith({ operation: { status: 'failed', resultInfo } })
  guard.expect('c', ref, prompt)
  await pass(15_000)
  expect(heard).toEqual([{ type: 'promptFailed', visit: 3, problem: '400/8536' }])
})

it('gives a prompt that still sounds more time, but not for ever', async () => {
  const { guard, asked, heard, pass } = guardWith({ operation: { status: 'running' }, call: { state: 'established' } })
  guard.expect('c', ref, prompt)
  await pass(24_999)
  expect(heard).toEqual([])
  await pass(600_000)
  expect(heard).toEqual([{ type: 'promptFinished', visit: 3 }])
  expect(asked.filter((name) => name === 'getOperation')).toHaveLength(6)
})

it('goes on where the operation cannot be read but the call is there', async () => {
  const { guard, asked, heard, pass } = guardWith({ call: { state: 'established' } })
  guard.expect('c', ref, prompt)
  await pass(15_000)
  expect(asked).toEqual(['getOperation', 'get'])
  expect(heard).toEqual([{ type: 'promptFinished', visit: 3 }])
})

it.each([
  ['a prompt', prompt, 15_000, false],
  ['the connection', { what: 'established' } as const, 10_000, false],
  ['a transfer', { what: 'transferEnd', visit: 1 } as const, 90_000, true],
  ['the end', { what: 'end' } as const, 20_000, false],
])('knows by %s that is never told that the call is over', async (_what, awaited, ms, transferred) => {
  const { guard, heard, pass } = guardWith({ call: gone })
  guard.expect('c', ref, awaited)
  await pass(ms)
  expect(heard).toEqual([{ type: 'callEnded', reason: { code: 404, subcode: 8522 }, transferred }])
})

it('finds a connection that was not told, and a transfer that failed', async () => {
  const call: Call = { state: 'established', mediaState: { audio: 'active' } }
  const connected = guardWith({ call })
  connected.guard.expect('c', ref, { what: 'established' })
  await connected.pass(10_000)
  expect(connected.heard).toEqual([call])

  const back = guardWith({ call })
  back.guard.expect('c', ref, { what: 'transferEnd', visit: 1 })
  await back.pass(90_000)
  expect(back.heard).toEqual([{ type: 'transferFailed' }])
})

it('speaks on where the app may not even read the call', async () => {
  const { guard, heard, pass } = guardWith({ call: refused })
  guard.expect('c', ref, prompt)
  await pass(15_000)
  expect(heard).toEqual([{ type: 'promptFinished', visit: 3 }])
})

it('leaves nothing behind when the call ends', async () => {
  const { guard, asked, timers, pass } = guardWith({ operation: { status: 'running' } })
  guard.expect('c', ref, prompt)
  guard.expect('c', ref, { what: 'established' })
  guard.stop('c')
  await pass(600_000)
  expect([asked, timers.size, guard.size]).toEqual([[], 0, 0])
})
