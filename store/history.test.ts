import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import pg from 'pg'
import { afterEach, expect, it, vi } from 'vitest'
import { specStore } from '#test/store.ts'
import { openWire } from '#test/wire.ts'
import { type History, type HistoryEntry, openHistory } from './history.ts'

const spec = specStore()
const opened: History[] = []

afterEach(async () => {
  for (const history of opened.splice(0)) await history.close()
})

const tenantId = randomUUID()
const at = new Date('2026-11-20T10:00:00Z')

it('writes a call down from its beginning to its end', async () => {
  const history = open()
  const id = randomUUID()
  for (const entry of entriesOf(id, 3)) {
    history.record(entry)
    await history.flush() // Each in a batch of its own.
  }
  expect(await spec.store.calls.get(tenantId, id)).toMatchObject({
    state: 'ended',
    caller: { name: 'Ada', id: 'ada-id' },
    called: '+31201234567',
    startedAt: at,
    endedAt: at,
    outcome: 'completed',
    endCode: 200,
    endSubcode: 0,
    lastBlock: 'block-3',
    steps: [1, 2, 3].map((seq) => ({ seq, block: `block-${seq}`, event: 'entered', exit: 'next', detail: { seq } })),
  })
})

it('writes the same history, however entries fall into batches and however often one arrives', async () => {
  const history = open({ flushMs: 1 })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 20 }), fc.boolean(), async (pauses, twice) => {
      const [id, expected] = [randomUUID(), randomUUID()]
      for (const entry of entriesOf(expected, 4)) history.record(entry)
      for (const [index, entry] of entriesOf(id, 4).entries()) {
        history.record(entry)
        if (pauses[index]) await history.flush()
        if (twice) history.record(entry)
      }
      await history.flush()
      const [ours, theirs] = [await spec.store.calls.get(tenantId, id), await spec.store.calls.get(tenantId, expected)]
      expect(ours?.steps).toHaveLength(4)
      expect({ ...ours, id: '', graphCallId: '' }).toEqual({ ...theirs, id: '', graphCallId: '' })
    }),
    { numRuns: 25 },
  )
})

it('writes the first entry after a quiet time at once, and the next ones together', async () => {
  const history = open({ flushMs: 300 })
  const statements = vi.spyOn(pg.Client.prototype, 'query')
  const [first, ...others] = entriesOf(randomUUID(), 3)
  if (first) history.record(first)
  await vi.waitFor(() => expect(history.waiting()).toBe(0), { interval: 5, timeout: 250 })
  for (const entry of others) history.record(entry)
  await wait(50)
  expect(history.waiting()).toBe(others.length)
  await vi.waitFor(() => expect(history.waiting()).toBe(0), { interval: 5 })
  expect(statements).toHaveBeenCalledTimes(2)
  statements.mockRestore()
})

it('needs no more than one statement for ten calls, at 100 calls a second', async () => {
  const history = open()
  const statements = vi.spyOn(pg.Client.prototype, 'query')
  const calls = 100
  for (let call = 0; call < calls; call += 1) {
    for (const entry of entriesOf(randomUUID(), 8)) history.record(entry)
    await wait(9)
  }
  await history.flush()
  const perCall = statements.mock.calls.length / calls
  statements.mockRestore()
  expect(perCall).toBeLessThanOrEqual(0.1)
})

it('loses nothing while the database is away, and never makes a call wait', async () => {
  const wire = await openWire(spec.databaseUrl)
  const troubles: unknown[] = []
  const history = open({ databaseUrl: wire.url, flushMs: 5, onTrouble: (error) => troubles.push(error) })
  const ids = Array.from({ length: 30 }, () => randomUUID())
  for (const [index, id] of ids.entries()) {
    if (index === 10) wire.cut()
    if (index === 20) {
      await vi.waitFor(() => expect(troubles.length).toBeGreaterThan(0), { interval: 5 })
      wire.mend()
    }
    for (const entry of entriesOf(id, 5)) {
      const start = performance.now()
      history.record(entry)
      expect(performance.now() - start).toBeLessThan(50)
    }
    await wait(2)
  }
  await history.flush()
  for (const id of ids) {
    const call = await spec.store.calls.get(tenantId, id)
    expect(call).toMatchObject({ state: 'ended', steps: [1, 2, 3, 4, 5].map((seq) => ({ seq })) })
  }
  await wire.close()
})

it('drops the oldest steps when it has waited too long, and keeps how calls began and ended', async () => {
  const wire = await openWire(spec.databaseUrl)
  wire.cut()
  const history = open({ databaseUrl: wire.url, capacity: 10, onTrouble: () => {} })
  const [first, second] = [randomUUID(), randomUUID()]
  for (const id of [first, second]) for (const entry of entriesOf(id, 6)) history.record(entry)
  expect(history.waiting()).toBe(10)
  expect(history.dropped()).toBe(6)

  wire.mend()
  await history.flush()
  const steps = [1, 2, 3, 4, 5, 6].map((seq) => ({ seq }))
  expect(await spec.store.calls.get(tenantId, first)).toMatchObject({ state: 'ended', steps: [] })
  expect(await spec.store.calls.get(tenantId, second)).toMatchObject({ state: 'ended', steps })
  await wire.close()
})

it('keeps its neighbours when an entry cannot be stored', async () => {
  const troubles: unknown[] = []
  const history = open({ onTrouble: (error) => troubles.push(error) })
  const ids = Array.from({ length: 9 }, () => randomUUID())
  for (const id of ids) {
    for (const entry of entriesOf(id, 2)) {
      const broken = id === ids[4] && entry.kind === 'step' && entry.seq === 1
      history.record(broken ? { ...entry, seq: 2 ** 40 } : entry)
    }
  }
  await history.flush()
  expect(history.dropped()).toBe(1)
  expect(troubles).toHaveLength(1)
  for (const id of ids) {
    const steps = id === ids[4] ? [{ seq: 2 }] : [{ seq: 1 }, { seq: 2 }]
    expect(await spec.store.calls.get(tenantId, id)).toMatchObject({ state: 'ended', steps })
  }
})

it('writes down a caller whose name PostgreSQL could not keep', async () => {
  const history = open()
  const id = randomUUID()
  for (const entry of entriesOf(id, 1)) {
    history.record(entry.kind === 'began' ? { ...entry, caller: { name: 'A\0d\ud800a 🙂', id: null } } : entry)
  }
  await history.flush()
  expect(await spec.store.calls.get(tenantId, id)).toMatchObject({ caller: { name: 'A\ufffdd\ufffda 🙂', id: null } })
})

it('changes no call of another tenant, whatever id an entry has', async () => {
  const history = open()
  const id = randomUUID()
  for (const entry of entriesOf(id, 1)) if (entry.kind !== 'ended') history.record(entry)
  await history.flush()
  const before = await spec.store.calls.get(tenantId, id)
  const stranger = { id, tenantId: randomUUID(), at }
  history.record({ kind: 'ended', ...stranger, outcome: 'stolen', endCode: 500, endSubcode: 1 })
  await history.flush()
  expect(await spec.store.calls.get(tenantId, id)).toEqual(before)
  expect(before).toMatchObject({ state: 'live', lastBlock: 'block-1' })
  for (const entry of entriesOf(id, 1)) history.record(entry) // so that it is no stray to a later test
  await history.flush()
})

it('takes an end told by somebody who has not seen it only where there is no other, and a true end over it', async () => {
  const history = open()
  const [seen, unseen, together] = [randomUUID(), randomUUID(), randomUUID()]
  const told = {
    kind: 'ended',
    tenantId,
    at,
    outcome: 'lost',
    endCode: null,
    endSubcode: null,
    unlessEnded: true,
  } as const
  for (const id of [seen, unseen]) {
    for (const entry of entriesOf(id, 1)) if (id === seen || entry.kind !== 'ended') history.record(entry)
    await history.flush()
    history.record({ ...told, id })
    await history.flush()
  }
  for (const entry of entriesOf(together, 1)) history.record(entry)
  history.record({ ...told, id: together })
  await history.flush()
  expect(await spec.store.calls.get(tenantId, seen)).toMatchObject({ outcome: 'completed', endCode: 200 })
  expect(await spec.store.calls.get(tenantId, unseen)).toMatchObject({ state: 'ended', outcome: 'lost', endedAt: at })
  expect(await spec.store.calls.get(tenantId, together)).toMatchObject({ outcome: 'completed' })

  for (const entry of entriesOf(unseen, 1)) if (entry.kind === 'ended') history.record(entry)
  await history.flush()
  expect(await spec.store.calls.get(tenantId, unseen)).toMatchObject({ outcome: 'completed', endCode: 200 })
})

it('keeps how a call that is as good as over came out, and the call live', async () => {
  const history = open()
  const id = randomUUID()
  for (const entry of entriesOf(id, 1)) if (entry.kind !== 'ended') history.record(entry)
  history.record({ kind: 'leaving', id, tenantId, at, outcome: 'endedByFlow' })
  await history.flush()
  expect(await spec.store.calls.get(tenantId, id)).toMatchObject({
    state: 'live',
    outcome: 'endedByFlow',
    endedAt: null,
  })
  for (const entry of entriesOf(id, 1)) history.record(entry) // so that nobody else finds it live
  await history.flush()
})

it('says why it cannot be written, and no more when it can', async () => {
  const wire = await openWire(spec.databaseUrl)
  const history = open({ databaseUrl: wire.url, flushMs: 5, onTrouble: () => {} })
  expect(history.failing()).toBeNull()
  wire.cut()
  for (const entry of entriesOf(randomUUID(), 1)) history.record(entry)
  await vi.waitFor(() => expect(history.failing()).not.toBeNull(), { interval: 5 })
  wire.mend()
  await history.flush()
  expect(history.failing()).toBeNull()
  await wire.close()
})

function open(options: Partial<Parameters<typeof openHistory>[0]> = {}): History {
  const onTrouble = (error: unknown) => expect.fail(String(error))
  const history = openHistory({ databaseUrl: spec.databaseUrl, onTrouble, ...options })
  opened.push(history)
  return history
}

/** A whole call: its beginning, its steps, its end. */
function entriesOf(id: string, steps: number): HistoryEntry[] {
  const call = { id, tenantId, at }
  const caller = { name: 'Ada', id: 'ada-id' }
  const flow = { flowId: '00000000-0000-4000-8000-000000000001', versionId: '00000000-0000-4000-8000-000000000002' }
  return [
    { kind: 'began', ...call, graphCallId: `graph-${id}`, ...flow, test: false, caller, called: '+31201234567' },
    ...Array.from({ length: steps }, (_, index): HistoryEntry => {
      const seq = index + 1
      return { kind: 'step', ...call, seq, block: `block-${seq}`, event: 'entered', exit: 'next', detail: { seq } }
    }),
    { kind: 'ended', ...call, outcome: 'completed', endCode: 200, endSubcode: 0 },
  ]
}
