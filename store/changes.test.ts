import { randomUUID } from 'node:crypto'
import { afterEach, expect, it, vi } from 'vitest'
import { emptyFlow } from '#flow/sample.ts'
import { specStore, tenantWithFlow } from '#test/store.ts'
import { openWire } from '#test/wire.ts'
import { type CallsChanged, type Changes, openChanges } from './changes.ts'
import { openHistory } from './history.ts'

const spec = specStore()
const opened: Changes[] = []

afterEach(async () => {
  for (const changes of opened.splice(0)) await changes.close()
})

const soon = { interval: 5, timeout: 5_000 }

it('tells of each change to what answers, by its tenant', async () => {
  const { store } = spec
  const heard = await listen()
  const { tenantId, flowId, versions } = await tenantWithFlow(store, 'Front desk', ['first'])
  const acts: Record<string, () => Promise<unknown>> = {
    publish: () => store.versions.publish(tenantId, flowId, { revision: 1, note: '', by: 'ada' }),
    set: () => store.routes.set(tenantId, flowId, '+31201234567'),
    unset: () => store.routes.unset(tenantId, flowId, '+31201234567'),
    addTest: () => store.routes.addTest(tenantId, flowId, versions[0]?.id ?? ''),
    remove: () => store.flows.remove(tenantId, flowId, 'ada'),
    restore: () => store.flows.restore(tenantId, flowId),
  }
  for (const [name, act] of Object.entries(acts)) {
    await vi.waitFor(() => expect(heard.routes).toContain(tenantId), soon)
    heard.routes.length = 0
    await act()
    await vi.waitFor(() => expect(heard.routes, name).toEqual([tenantId]), soon)
  }
})

it('says nothing of a draft that was saved', async () => {
  const { store } = spec
  const { tenantId, flowId } = await tenantWithFlow(store)
  const heard = await listen()
  await store.flows.saveDraft(tenantId, flowId, { flow: emptyFlow('Changed'), revision: 1, by: 'ada' })
  const other = await tenantWithFlow(store, 'Other', ['first']) // Notices keep their order, so this one ends the wait.
  await vi.waitFor(() => expect(heard.routes).toEqual([other.tenantId]), soon)
})

it('tells of calls that have changed, fifty at most at a time', async () => {
  const heard = await listen()
  const history = openHistory({ databaseUrl: spec.databaseUrl, onTrouble: (error) => expect.fail(String(error)) })
  const tenantId = randomUUID()
  const ids = Array.from({ length: 120 }, () => randomUUID())
  for (const id of ids) {
    history.record({
      kind: 'ended',
      id,
      tenantId,
      at: new Date(),
      outcome: 'completed',
      endCode: null,
      endSubcode: null,
    })
  }
  await history.close()
  await vi.waitFor(() => expect(heard.calls).toHaveLength(3), soon)
  expect(heard.calls.map((notice) => (notice === 'reconnected' ? 0 : notice.callIds.length))).toEqual([50, 50, 20])
  expect(heard.calls.flatMap((notice) => (notice === 'reconnected' ? [] : notice.callIds))).toEqual(ids)
})

it('connects again when the connection breaks, and says so, for changes that went unheard', async () => {
  const wire = await openWire(spec.databaseUrl)
  const heard = await listen(wire.url)
  wire.cut()
  await vi.waitFor(() => expect(heard.troubles.length).toBeGreaterThan(1), soon)
  await tenantWithFlow(spec.store, 'Unheard', ['first'])
  wire.mend()
  await vi.waitFor(() => expect(heard.routes).toEqual(['reconnected']), soon)
  expect(heard.calls).toEqual(['reconnected'])
  const { tenantId } = await tenantWithFlow(spec.store, 'Heard', ['first'])
  await vi.waitFor(() => expect(heard.routes).toEqual(['reconnected', tenantId]), soon)
  await Promise.all(opened.splice(0).map((changes) => changes.close()))
  await wire.close()
})

it('tells nobody who has stopped listening', async () => {
  const heard = await listen()
  heard.stop()
  const second = await listen()
  const { tenantId } = await tenantWithFlow(spec.store, 'Front desk', ['first'])
  await vi.waitFor(() => expect(second.routes).toEqual([tenantId]), soon)
  expect(heard.routes).toEqual([])
})

/** Begins to listen, and forgets that it has. */
async function listen(databaseUrl = spec.databaseUrl) {
  const calls: (CallsChanged | 'reconnected')[] = []
  const routes: string[] = []
  const troubles: unknown[] = []
  const changes = openChanges(databaseUrl, (error) => troubles.push(error))
  opened.push(changes)
  changes.on('calls', (payload) => calls.push(payload))
  const stop = changes.on('routes', (payload) => routes.push(payload))
  await vi.waitFor(() => expect(routes).toEqual(['reconnected']), soon)
  calls.length = 0
  routes.length = 0
  return { calls, routes, troubles, stop }
}
