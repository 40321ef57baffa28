import { randomUUID } from 'node:crypto'
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { publishKind } from '#app/server/publishing.ts'
import { retentionKind, retentionWork } from '#app/server/retention.ts'
import type { Flow } from '#flow/flow.ts'
import { draw, hangUp, say } from '#flow/testing/draw.ts'
import { createSpeaker } from '#speech/speak.ts'
import { writeWav } from '#speech/wav.ts'
import { specStore } from './store.ts'

/** What goes after a while, and what must not, on a real PostgreSQL. Time goes by as rows are made older. */
const spec = specStore()
let tenantId: string
beforeEach(() => {
  tenantId = randomUUID()
})

const speakerOf = (tenant: string) =>
  createSpeaker({
    voice: { name: 'test', languages: [], speak: async () => ({ wav: writeWav(new Int16Array(160)), durationMs: 10 }) },
    find: (keys) => spec.store.prompts.find(tenant, keys),
    save: async (prompt) => ({ publicId: await spec.store.prompts.save(tenant, prompt) }),
  })

const says = (text: string): Flow => draw({ says: say(text, { done: 'end' }), end: hangUp() }, { apology: '' })
const speak = (text: string) => speakerOf(tenantId).prepare([{ text, language: 'en-US' }])
const texts = async () =>
  (await spec.sql('select text from prompts where tenant_id = $1 order by text', [tenantId])).rows.map(
    ({ text }) => text,
  )
/** A message that was left so many days ago. */
async function leaveMessage(days: number) {
  const [id, callId, flowId, versionId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
  await spec.store.messages.add({
    ...{ id, tenantId, callId, flowId, versionId, block: 'box', caller: { name: null, id: null }, called: null },
    ...{ at: new Date(Date.now() - days * 86_400_000), spokenMs: 1_000, wav: new Uint8Array([1]) },
  })
  return id
}
/** Somebody was to be called back so many days ago. */
const askBack = (days: number) =>
  spec.store.callbacks.add(tenantId, {
    ...{ callId: randomUUID(), flowId: randomUUID(), number: `${days}`.repeat(4), name: '', reason: '', owner: '' },
    ...{ typed: false, due: new Date(Date.now() - days * 86_400_000), mergeMs: 0 },
  })
const versions = async () =>
  (await spec.sql('select id, number from flow_versions where tenant_id = $1', [tenantId])).rows

/** All that is there has been there for so long. Versions cannot be changed, so their trigger rests. */
async function grow(days: number) {
  const past = `now() - interval '${days} days'`
  await spec.sql(`update prompts set created_at = ${past}, used_at = ${past} where tenant_id = $1`, [tenantId])
  await spec.sql(`update routes set expires_at = ${past} where tenant_id = $1 and test`, [tenantId])
  await spec.sql(`update jobs set done_at = ${past} where tenant_id = $1 and done_at is not null`, [tenantId])
  await spec.sql('alter table flow_versions disable trigger flow_versions_are_immutable')
  await spec.sql(`update flow_versions set created_at = ${past} where tenant_id = $1`, [tenantId])
  await spec.sql('alter table flow_versions enable trigger flow_versions_are_immutable')
}

/** One day's work. */
async function tidy(keepDays = 30) {
  const work = retentionWork({ store: spec.store, speakerOf, keepDays })
  const job = { id: '', tenantId, kind: retentionKind, key: 'daily', data: null, tries: 1 }
  const result = await work(job, { signal: new AbortController().signal, report: () => {} })
  const hours = ((result?.again.getTime() ?? 0) - Date.now()) / 3_600_000
  expect(Math.round(hours)).toBe(24)
}

async function published(text: string) {
  const { id, revision } = await spec.store.flows.create(tenantId, { flow: says(text), by: 'ada' })
  await speak(text)
  const version = await spec.store.versions.publish(tenantId, id, { revision, note: '', by: 'ada' })
  return { id, revision, version }
}

async function tested(flowId: string, text: string) {
  const versionId = await spec.store.versions.snapshot(tenantId, flowId, says(text), 'ada')
  await speak(text)
  return versionId
}

it('removes a tested draft, its expired route and its audio, after the days that are set and not before', async () => {
  const { id } = await published('Published')
  await spec.store.routes.addTest(tenantId, id, await tested(id, 'Tested'))
  await speak('Listened to')
  await grow(29)
  await tidy()
  expect(await texts()).toEqual(['Listened to', 'Published', 'Tested'])
  expect(await versions()).toHaveLength(2)
  expect((await spec.sql('select from routes where tenant_id = $1 and test', [tenantId])).rowCount).toBe(0)

  await grow(31)
  await tidy()
  expect(await versions()).toMatchObject([{ number: 1 }])
  expect(await texts()).toEqual(['Published'])
})

it('removes messages after the days that the tenant wants, whatever is kept else', async () => {
  await spec.store.messages.set(tenantId, { keeps: true, days: 3 }, 'ada')
  await leaveMessage(4)
  const young = await leaveMessage(2)
  for (const days of [8, 2]) await askBack(days)
  await tidy(3650)
  const { rows } = await spec.sql('select id from messages where tenant_id = $1', [tenantId])
  expect(rows).toEqual([{ id: young }])
  expect((await spec.store.callbacks.list(tenantId, 10)).map(({ number }) => number)).toEqual(['2222'])
})

it('forgets the names of blocks that only forgotten drafts had, and no other', async () => {
  const named = (name: string, other: string) =>
    draw({
      says: { ...say('Hello.', { done: 'end' }), name },
      end: { ...hangUp(), name: other },
    })
  const { id } = await spec.store.flows.create(tenantId, { flow: named('Welcome', 'Goodbye'), by: 'ada' })
  await spec.store.versions.publish(tenantId, id, { revision: 1, note: '', by: 'ada' })
  await spec.store.versions.snapshot(tenantId, id, named('Tried', 'Goodbye'), 'ada')
  const { id: drawn } = await spec.store.flows.create(tenantId, { flow: named('Drawn', 'Only'), by: 'ada' })
  await spec.store.versions.snapshot(tenantId, drawn, named('Drawn', 'Only'), 'ada')
  const names = async () =>
    (
      await spec.sql('select name from block_names where tenant_id = $1 order by name collate "C"', [tenantId])
    ).rows.map(({ name }) => name)
  await tidy()
  expect(await names()).toEqual(expect.arrayContaining(['Drawn', 'Goodbye', 'Only', 'Tried', 'Welcome']))
  await grow(31)
  await spec.store.versions.snapshot(tenantId, id, named('Welcome', 'Tested today'), 'ada')
  await tidy()
  expect(await names()).toEqual(['Goodbye', 'Tested today', 'Welcome', 'incomingCall'])
})

it('keeps the audio of every published version, also of old ones and of flows that nobody answers with', async () => {
  const first = await published('First')
  await spec.store.flows.saveDraft(tenantId, first.id, { flow: says('Second'), revision: first.revision, by: 'ada' })
  await speak('Second')
  await spec.store.versions.publish(tenantId, first.id, { revision: first.revision + 1, note: '', by: 'ada' })
  const removed = await published('Of a removed flow')
  await spec.store.flows.remove(tenantId, removed.id, 'ada')
  for (let year = 0; year < 3; year++) {
    await grow(365)
    await tidy(1)
  }
  expect(await texts()).toEqual(['First', 'Of a removed flow', 'Second'])
  expect(await versions()).toHaveLength(3)
})

it('keeps a tested draft while a test route leads to it, a call of the history ran on it, or it is about to be published', async () => {
  const { id } = await published('Published')
  const [routed, called, awaited] = [
    await tested(id, 'Routed'),
    await tested(id, 'Called'),
    await tested(id, 'Awaited'),
  ]
  await spec.sql(
    `insert into calls (id, tenant_id, graph_call_id, flow_id, version_id, test, started_at) values ($1, $2, '', $3, $4, true, now())`,
    [randomUUID(), tenantId, id, called],
  )
  const data = { versionId: awaited, note: '', by: 'ada' }
  await spec.store.jobs.add({ tenantId, kind: publishKind, key: id, data })
  await grow(100)
  await spec.store.routes.addTest(tenantId, id, routed)
  await tidy()
  expect(await texts()).toEqual(['Awaited', 'Called', 'Published', 'Routed'])

  await spec.sql('delete from calls where tenant_id = $1', [tenantId])
  await spec.sql('update jobs set done_at = now() where tenant_id = $1', [tenantId])
  await grow(100)
  await tidy()
  expect(await texts()).toEqual(['Published'])
})

it('counts from the last test: what is tested again is kept again', async () => {
  const { id } = await published('Published')
  const first = await tested(id, 'Tested')
  await grow(31)
  const again = await tested(id, 'Tested')
  expect(again).not.toBe(first)
  await tidy()
  expect((await versions()).map((version) => version.id)).toContain(again)
  expect(await texts()).toEqual(['Published', 'Tested'])
})

it('removes no audio when a version cannot be read: a newer program may have written it', async () => {
  const { id } = await published('Published')
  await spec.sql(
    `insert into flow_versions (id, tenant_id, flow_id, number, document, hash, note, created_by)
     values ($1, $2, $3, 2, '{"schemaVersion":99}', 'x', '', 'ada')`,
    [randomUUID(), tenantId, id],
  )
  await speak('Of the newer program')
  await grow(100)
  await expect(tidy()).rejects.toThrow()
  expect(await texts()).toEqual(['Of the newer program', 'Published'])
})

it('touches no other tenant', async () => {
  await speak('Theirs')
  await grow(100)
  const theirs = tenantId
  tenantId = randomUUID()
  await speak('Mine')
  await grow(100)
  await tidy()
  expect(await texts()).toEqual([])
  tenantId = theirs
  expect(await texts()).toEqual(['Theirs'])
})

it('comes again every day by itself, as a job that is there once', async () => {
  const ran = vi.fn(retentionWork({ store: spec.store, speakerOf, keepDays: 30 }))
  for (let n = 0; n < 2; n++) {
    await spec.store.jobs.add({ tenantId, kind: retentionKind, key: 'daily', data: null })
    const worker = spec.store.jobs.work({ [retentionKind]: ran })
    onTestFinished(worker.close)
  }
  await vi.waitFor(() => expect(ran).toHaveBeenCalled(), { timeout: 5_000 })
  await vi.waitFor(async () => {
    const [job] = (await spec.sql('select due, done_at from jobs where tenant_id = $1', [tenantId])).rows
    expect(job.done_at).toBeNull()
    expect(job.due.getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000)
  })
  expect(ran).toHaveBeenCalledTimes(1)
})
