import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { specStore } from '#test/store.ts'
import { openChanges } from './changes.ts'
import { openStore } from './database.ts'
import type { NewMessage } from './messages.ts'

const spec = specStore()
const store = () => spec.store
const wav = new TextEncoder().encode('RIFF please call me back about the crown')

const message = (tenantId: string, more: Partial<NewMessage> = {}): NewMessage => ({
  ...{ id: randomUUID(), tenantId, callId: randomUUID(), flowId: randomUUID(), versionId: randomUUID() },
  ...{ block: 'box', caller: { name: 'Anna Berger', id: '+4930123' }, called: null, at: new Date(), spokenMs: 4_000 },
  wav,
  ...more,
})
const ids = async (tenantId: string) => (await store().messages.list(tenantId, 10)).map(({ id }) => id)

describe('the switch', () => {
  it('is off until somebody sets it', async () => {
    const tenantId = randomUUID()
    expect(await store().messages.setting(tenantId)).toEqual({ keeps: false, days: 30 })
    await store().messages.set(tenantId, { keeps: true, days: 7 }, 'ada')
    expect([await store().messages.keeps(tenantId), await store().messages.setting(tenantId)]).toEqual([
      true,
      { keeps: true, days: 7 },
    ])
    expect(await store().messages.keeps(randomUUID())).toBe(false)
  })

  it('cannot be put on where nothing could be sealed, and nothing is kept plain instead', async () => {
    const tenantId = randomUUID()
    const { messages, close } = openStore({ databaseUrl: spec.databaseUrl })
    await expect(messages.set(tenantId, { keeps: true, days: 7 }, 'ada')).rejects.toMatchObject({ code: 'noDataKey' })
    await expect(messages.add(message(tenantId))).rejects.toMatchObject({ code: 'noDataKey' })
    await close()
    expect(await ids(tenantId)).toEqual([])
  })
})

describe('a message', () => {
  it('is sealed in the database, and heard as it was', async () => {
    const tenantId = randomUUID()
    const left = message(tenantId)
    await store().messages.add(left)
    const { rows } = await spec.sql('select wav from messages where id = $1', [left.id])
    expect(Buffer.from(rows[0].wav).includes('crown')).toBe(false)
    expect(Buffer.from(await store().messages.listen(tenantId, left.id, 'ada'))).toEqual(Buffer.from(wav))
  })

  it('tells who left it, when and how long, the latest first', async () => {
    const tenantId = randomUUID()
    const [first, second] = [new Date(1_000_000), new Date(2_000_000)]
    await store().messages.add(message(tenantId, { at: first, caller: { name: 'First\0', id: null } }))
    await store().messages.add(message(tenantId, { at: second }))
    const page = await store().messages.list(tenantId, 1)
    expect(page).toMatchObject([
      { callerName: 'Anna Berger', callerId: '+4930123', at: second, durationMs: 4_000, doneAt: null, listens: [] },
    ])
    expect(await store().messages.list(tenantId, 2)).toMatchObject([{}, { callerName: 'First', at: first }])
  })

  it('is written once, however often it is tried', async () => {
    const tenantId = randomUUID()
    const left = message(tenantId)
    await store().messages.add(left)
    await store().messages.add(left)
    expect(await ids(tenantId)).toEqual([left.id])
  })

  it('keeps who listened and when; a file asked for in pieces is one listening', async () => {
    const tenantId = randomUUID()
    const { id } = message(tenantId)
    await store().messages.add(message(tenantId, { id }))
    for (const by of ['ada', 'ada', 'bob']) await store().messages.listen(tenantId, id, by)
    await spec.sql(`update message_listens set at = at - interval '2 minutes' where by = 'ada'`)
    await store().messages.listen(tenantId, id, 'ada')
    const [{ listens } = { listens: [] }] = await store().messages.list(tenantId, 1)
    expect(listens.map(({ by }) => by)).toEqual(['ada', 'bob', 'ada'])
    expect(Date.parse(listens[0]?.at ?? '')).toBeGreaterThan(Date.now() - 60_000)
  })

  it('is done, and not done again', async () => {
    const tenantId = randomUUID()
    const { id } = message(tenantId)
    await store().messages.add(message(tenantId, { id }))
    expect(await store().messages.open(tenantId)).toBe(1)
    await store().messages.setDone(tenantId, id, true, 'ada')
    expect(await store().messages.list(tenantId, 1)).toMatchObject([{ doneBy: 'ada', doneAt: expect.any(Date) }])
    expect(await store().messages.open(tenantId)).toBe(0)
    await store().messages.setDone(tenantId, id, false, 'ada')
    expect(await store().messages.list(tenantId, 1)).toMatchObject([{ doneBy: null, doneAt: null }])
  })

  it('is deleted and can be taken back; deleted, nobody hears it', async () => {
    const tenantId = randomUUID()
    const { id } = message(tenantId)
    await store().messages.add(message(tenantId, { id }))
    await store().messages.remove(tenantId, id, 'ada')
    expect(await ids(tenantId)).toEqual([])
    await expect(store().messages.listen(tenantId, id, 'ada')).rejects.toMatchObject({ code: 'notFound' })
    await store().messages.restore(tenantId, id)
    expect(await ids(tenantId)).toEqual([id])
  })

  it('is told to those who listen for calls', async () => {
    const changes = openChanges(spec.databaseUrl, () => {})
    const heard: unknown[] = []
    await new Promise<void>((listening) =>
      changes.on('calls', (news) => (news === 'reconnected' ? listening() : heard.push(news))),
    )
    const left = message(randomUUID())
    await store().messages.add(left)
    await expect.poll(() => heard).toContainEqual({ tenantId: left.tenantId, callIds: [left.callId] })
    await changes.close()
  })
})

it('forgets what is older than the tenant wants, with who has listened, and what was deleted yesterday', async () => {
  const tenantId = randomUUID()
  const dayMs = 86_400_000
  await store().messages.set(tenantId, { keeps: true, days: 7 }, 'ada')
  const [old, young, deleted, justDeleted] = [8, 6, 1, 1].map((days) =>
    message(tenantId, { at: new Date(Date.now() - days * dayMs) }),
  )
  if (!old || !young || !deleted || !justDeleted) throw new Error('four were made')
  for (const one of [old, young, deleted, justDeleted]) await store().messages.add(one)
  await store().messages.listen(tenantId, old.id, 'ada')
  for (const { id } of [deleted, justDeleted]) await store().messages.remove(tenantId, id, 'ada')
  await spec.sql(`update messages set deleted_at = deleted_at - interval '25 hours' where id = $1`, [deleted.id])

  expect(await store().messages.forgetOld(randomUUID(), 10)).toBe(0)
  expect(await store().messages.forgetOld(tenantId, 10)).toBe(2)
  expect(await ids(tenantId)).toEqual([young.id])
  const { rows } = await spec.sql('select id from messages where tenant_id = $1', [tenantId])
  expect(rows.map(({ id }) => id).toSorted()).toEqual([young.id, justDeleted.id].toSorted())
  expect((await spec.sql('select from message_listens where message_id = $1', [old.id])).rowCount).toBe(0)
})
