import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { Calendar } from '#flow/calendar.ts'
import { emptyFlow } from '#flow/sample.ts'
import { Table } from '#flow/table.ts'
import { weekOf } from '#flow/testing/calendars.ts'
import { block, draw } from '#flow/testing/draw.ts'
import { specStore, tenantWithFlow } from '#test/store.ts'
import type { Store } from './database.ts'
import type { Version } from './versions.ts'

const spec = specStore()
const flow = emptyFlow('Intruder')
const calendar = Calendar.parse({ name: 'Hours', timeZone: 'UTC', week: weekOf(['08:00', '17:00']) })
const table = Table.parse({ name: 'People', columns: [{ id: 'name', name: 'Name', type: 'text' }] })
const ada = { kind: 'column', column: 'name', key: 'ada' } as const
const naming = { ...flow, apology: '${env.base}' }
const prompt = { text: 'Hello.', voice: 'amy', wav: new Uint8Array([1]), durationMs: 1 }

const idNames = [
  'flowId',
  'removedFlowId',
  'versionId',
  'callId',
  'graphCallId',
  'called',
  'ruleId',
  'calledRuleId',
  'promptKey',
  'jobKey',
  'calendarId',
  'tableId',
  'valueName',
  'secretName',
  'messageId',
  'removedMessageId',
  'callbackId',
] as const
type Ids = Record<(typeof idNames)[number], string>

/** As whoever knows these ids could make one. */
const versionOf = (flowId: string, id: string): Version => ({
  ...{ id, flowId, flow, number: 1, hash: '', note: '', at: new Date(0), by: 'eve' },
})

type Ask = (store: Store, tenantId: string, ids: Ids) => Promise<unknown>

/** Every function of the store that takes a tenant and the name of something in it. */
const questions: Record<string, Ask> = {
  'flows.get': ({ flows }, tenantId, { flowId }) => flows.get(tenantId, flowId),
  'flows.saveDraft': ({ flows }, tenantId, { flowId }) =>
    flows.saveDraft(tenantId, flowId, { flow, revision: 1, by: 'eve' }),
  'flows.remove': ({ flows }, tenantId, { flowId }) => flows.remove(tenantId, flowId, 'ada'),
  'flows.restore': ({ flows }, tenantId, { removedFlowId }) => flows.restore(tenantId, removedFlowId),
  'versions.publish': ({ versions }, tenantId, { flowId }) =>
    versions.publish(tenantId, flowId, { revision: 1, note: '', by: 'eve' }),
  'flows.drafts': ({ flows }, tenantId, { flowId }) => flows.drafts(tenantId, [flowId]),
  'flows.removed': ({ flows }, tenantId, { removedFlowId }) => flows.removed(tenantId, removedFlowId),
  'versions.page': ({ versions }, tenantId, { flowId }) => versions.page(tenantId, flowId),
  'versions.kept': ({ versions }, tenantId, { flowId }) => versions.kept(tenantId, flowId),
  'versions.find': ({ versions }, tenantId, { flowId }) => versions.find(tenantId, flowId, 1),
  'versions.rollBack': ({ versions }, tenantId, { flowId, versionId }) =>
    versions.rollBack(tenantId, versionOf(flowId, versionId), { note: '', by: 'eve' }),
  'versions.restoreAsDraft': ({ versions }, tenantId, { flowId, versionId }) =>
    versions.restoreAsDraft(tenantId, versionOf(flowId, versionId), { revision: 1, by: 'eve' }),
  'versions.publishKept': ({ versions }, tenantId, { flowId, versionId }) =>
    versions.publishKept(tenantId, flowId, { versionId, note: '', by: 'eve' }),
  'versions.list': ({ versions }, tenantId, { flowId }) => versions.list(tenantId, flowId),
  'versions.get': ({ versions }, tenantId, { versionId }) => versions.get(tenantId, versionId),
  'versions.snapshot': ({ versions }, tenantId, { flowId }) => versions.snapshot(tenantId, flowId, flow, 'eve'),
  'routes.set': ({ routes }, tenantId, { flowId, called }) => routes.set(tenantId, flowId, called),
  'routes.unset': ({ routes }, tenantId, { flowId, called }) => routes.unset(tenantId, flowId, called),
  'routes.addTest': ({ routes }, tenantId, { flowId, versionId }) => routes.addTest(tenantId, flowId, versionId),
  'calendars.get': ({ calendars }, tenantId, { calendarId }) => calendars.get(tenantId, calendarId),
  'calendars.save': ({ calendars }, tenantId, { calendarId }) =>
    calendars.save(tenantId, calendarId, { calendar, revision: 1, by: 'eve' }),
  'calendars.remove': ({ calendars }, tenantId, { calendarId }) => calendars.remove(tenantId, calendarId),
  'calendars.uses': ({ calendars }, tenantId, { calendarId }) => calendars.uses(tenantId, calendarId),
  'tables.get': ({ tables }, tenantId, { tableId }) => tables.get(tenantId, tableId),
  'tables.rowsAt': ({ tables }, tenantId, { tableId }) => tables.rowsAt(tenantId, tableId, new Date()),
  'tables.changes': ({ tables }, tenantId, { tableId }) => tables.changes(tenantId, tableId),
  'tables.save': ({ tables }, tenantId, { tableId }) =>
    tables.save(tenantId, tableId, { table, rows: [], revision: 1, by: 'eve' }),
  'tables.remove': ({ tables }, tenantId, { tableId }) => tables.remove(tenantId, tableId),
  'tables.uses': ({ tables }, tenantId, { tableId }) => tables.uses(tenantId, tableId),
  'tables.lookUp': ({ tables }, tenantId, { tableId, callId }) =>
    tables.lookUp(tenantId, { table: tableId, match: ada, asOf: Date.now() + 1000, callId }),
  'tables.write': ({ tables }, tenantId, { tableId, callId }) =>
    tables.write(tenantId, { table: tableId, match: ada, cells: { name: 'Eve' }, callId }),
  'routeRules.add': ({ routeRules }, tenantId, { flowId }) =>
    routeRules.add(tenantId, { called: null, caller: '+49', when: null, flowId }),
  'routeRules.change': ({ routeRules }, tenantId, { flowId, ruleId }) =>
    routeRules.change(tenantId, ruleId, { called: null, caller: '+31', when: null, flowId }),
  'routeRules.remove': ({ routeRules }, tenantId, { ruleId }) => routeRules.remove(tenantId, ruleId),
  'routeRules.order': ({ routeRules }, tenantId, { ruleId, calledRuleId }) =>
    routeRules.order(tenantId, [ruleId, calledRuleId]),
  'prompts.find': ({ prompts }, tenantId, { promptKey }) => prompts.find(tenantId, [promptKey]),
  'namedValues.remove': ({ namedValues }, tenantId, { valueName }) => namedValues.remove(tenantId, valueName),
  'namedValues.setHosts': ({ namedValues }, tenantId, { secretName }) =>
    namedValues.setHosts(tenantId, { name: secretName, hosts: ['crm.example.com'], by: 'eve' }),
  'jobs.find': ({ jobs }, tenantId, { jobKey }) => jobs.find(tenantId, 'deed', jobKey),
  'messages.listen': ({ messages }, tenantId, { messageId }) => messages.listen(tenantId, messageId, 'eve'),
  'messages.setDone': ({ messages }, tenantId, { messageId }) => messages.setDone(tenantId, messageId, true, 'eve'),
  'messages.remove': ({ messages }, tenantId, { messageId }) => messages.remove(tenantId, messageId, 'eve'),
  'messages.restore': ({ messages }, tenantId, { removedMessageId }) => messages.restore(tenantId, removedMessageId),
  'callbacks.setDone': ({ callbacks }, tenantId, { callbackId }) =>
    callbacks.setDone(tenantId, callbackId, true, 'eve'),
  'callbacks.setOwner': ({ callbacks }, tenantId, { callbackId }) => callbacks.setOwner(tenantId, callbackId, 'eve'),
  'calls.list of a flow': ({ calls }, tenantId, { flowId }) => calls.list(tenantId, { flowId }, 10),
  'calls.list of a caller': ({ calls }, tenantId, { callId }) => calls.list(tenantId, { text: callId.slice(0, 8) }, 10),
  'calls.list of a block': ({ calls }, tenantId, { flowId }) => calls.list(tenantId, { flowId, text: 'Incoming' }, 10),
  'calls.count of a flow': ({ calls }, tenantId, { flowId }) => calls.count(tenantId, { flowId }),
  'calls.versionsOf': ({ calls }, tenantId, { versionId }) => calls.versionsOf(tenantId, [versionId]),
  'calls.get': ({ calls }, tenantId, { callId }) => calls.get(tenantId, callId),
  'calls.get by Graph’s id': ({ calls }, tenantId, { graphCallId }) => calls.get(tenantId, graphCallId),
  'calls.stepsAfter': ({ calls }, tenantId, { callId }) => calls.stepsAfter(tenantId, callId, 0),
}

it.each(Object.entries(questions))('%s answers for another tenant’s as for what never was', async (_, ask) => {
  const mine = await tenantWithEverything()
  const theirs = await tenantWithEverything()
  const before = await everythingOf(theirs.tenantId)

  const toTheirs = await answer(ask, mine.tenantId, theirs)
  expect(toTheirs).toEqual(await answer(ask, mine.tenantId, unknownIds()))
  expect(await everythingOf(theirs.tenantId)).toEqual(before)

  // Else the question would do nothing for anybody, and this test could not fail.
  const toOwn = await answer(ask, theirs.tenantId, theirs)
  expect([toOwn, await everythingOf(theirs.tenantId)]).not.toEqual([toTheirs, before])
})

const lists: Record<string, (store: Store, tenantId: string) => Promise<unknown[]>> = {
  'flows.list': async ({ flows }, tenantId) => (await flows.list(tenantId)).flows,
  'flows.list by name': async ({ flows }, tenantId) =>
    (await flows.list(tenantId, { sort: 'name', search: 'the' })).flows,
  'routes.answering': ({ routes }, tenantId) => routes.answering(tenantId),
  'flows.listRemoved': ({ flows }, tenantId) => flows.listRemoved(tenantId),
  'routeRules.list': ({ routeRules }, tenantId) => routeRules.list(tenantId),
  'routes.list': ({ routes }, tenantId) => routes.list(tenantId),
  'calendars.list': ({ calendars }, tenantId) => calendars.list(tenantId),
  'tables.list': ({ tables }, tenantId) => tables.list(tenantId),
  'calendars.shared': async ({ calendars }, tenantId) =>
    Object.keys((await calendars.shared(tenantId)).shared.calendars),
  'faces.shared': async ({ faces }, tenantId) => Object.keys((await faces.shared(tenantId)).shared.flows ?? {}),
  'namedValues.uses': ({ namedValues }, tenantId) => namedValues.uses(tenantId),
  'namedValues.list': ({ namedValues }, tenantId) => namedValues.list(tenantId),
  'jobs.unfinished': ({ jobs }, tenantId) => jobs.unfinished(tenantId, 'deed'),
  'calls.flows': ({ calls }, tenantId) => calls.flows(tenantId),
  'messages.list': ({ messages }, tenantId) => messages.list(tenantId, 10),
  'callbacks.list': ({ callbacks }, tenantId) => callbacks.list(tenantId, 10),
  'calls.list': ({ calls }, tenantId) => calls.list(tenantId, {}, 10),
  'calls.incidents': async ({ calls }, tenantId) => (await calls.incidents(tenantId, new Date(0))).incidents,
}

it.each(Object.entries(lists))('%s has nothing of another tenant', async (_, list) => {
  const mine = await tenantWithEverything()
  const before = await list(spec.store, mine.tenantId)
  expect(before).not.toEqual([])
  await tenantWithEverything()
  expect(await list(spec.store, mine.tenantId)).toEqual(before)
})

it('saves a prompt of the same words for each tenant, under another address', async () => {
  const save = () => spec.store.prompts.save(randomUUID(), { ...prompt, key: 'the same' })
  expect(await save()).not.toBe(await save())
})

it('takes a name from nobody in another tenant', async () => {
  const { store } = spec
  const { tenantId } = await tenantWithFlow(store, 'Same name')
  expect(await store.flows.freeName(tenantId, 'Same name')).toBe('Same name 2')
  expect(await store.flows.freeName(randomUUID(), 'Same name')).toBe('Same name')
})

function unknownIds(): Ids {
  // A UUID is possible for each of them.
  return Object.fromEntries(idNames.map((name) => [name, randomUUID()])) as Ids
}

async function answer(ask: Ask, tenantId: string, ids: Ids) {
  try {
    return { answer: await ask(spec.store, tenantId, ids) }
  } catch (error) {
    return { error: String(error) }
  }
}

async function tenantWithEverything(): Promise<Ids & { tenantId: string }> {
  const { store, sql } = spec
  const { tenantId, flowId, versions } = await tenantWithFlow(store, 'Theirs', ['first'])
  const versionId = versions[0]?.id ?? ''
  await store.flows.create(tenantId, { flow: naming, by: 'ada' })
  const { id: removedFlowId } = await store.flows.create(tenantId, { flow, by: 'ada' })
  await store.flows.remove(tenantId, removedFlowId, 'ada')
  const called = '+31201234567'
  await store.routes.set(tenantId, flowId, called)
  const ruleId = await store.routeRules.add(tenantId, { called: null, caller: '+1', when: null, flowId })
  const calledRuleId = (await store.routeRules.list(tenantId)).find((rule) => rule.called === called)?.id ?? ''
  const promptKey = randomUUID()
  await store.prompts.save(tenantId, { ...prompt, key: promptKey })
  const calendarId = await store.calendars.create(tenantId, { calendar, by: 'ada' })
  const hours = block('businessHours', { calendar: { id: calendarId, name: 'Hours' } })
  await store.flows.create(tenantId, { flow: draw({ hours }, { name: 'By hours' }), by: 'ada' })
  const tableId = await store.tables.create(tenantId, {
    table,
    rows: [{ id: randomUUID(), cells: { name: 'Ada' } }],
    by: 'ada',
  })
  const people = block('tableLookUp', { table: { id: tableId, name: 'People' } })
  await store.flows.create(tenantId, { flow: draw({ people }, { name: 'By people' }), by: 'ada' })
  const valueName = randomUUID()
  await store.namedValues.set(tenantId, { name: valueName, kind: 'value', text: 'x', by: 'ada' })
  const secretName = randomUUID()
  await store.namedValues.set(tenantId, { name: secretName, kind: 'secret', text: 'x', by: 'ada' })
  const jobKey = randomUUID()
  await store.jobs.add({ tenantId, kind: 'deed', key: jobKey, data: null })
  const [callId, graphCallId] = [randomUUID(), randomUUID()]
  for (const [id, graphId, startedAt] of [
    [callId, graphCallId, '2026-11-20T10:00:00Z'],
    [randomUUID(), randomUUID(), '2026-11-20T09:00:00Z'],
  ]) {
    await sql(
      `insert into calls (id, tenant_id, graph_call_id, flow_id, version_id, test, started_at, caller_name, state, outcome)
       values ($1, $2, $3, $4, $5, false, $6, $7, 'ended', 'lost')`,
      [id, tenantId, graphId, flowId, versionId, startedAt, callId.slice(0, 8)],
    )
  }
  const [messageId, removedMessageId] = [randomUUID(), randomUUID()]
  for (const id of [messageId, removedMessageId]) {
    await store.messages.add({
      ...{ id, tenantId, callId, flowId, versionId, block: 'box', caller: { name: 'Theirs', id: null }, called: null },
      ...{ at: new Date(0), spokenMs: 1, wav: new Uint8Array([1]) },
    })
  }
  await store.messages.remove(tenantId, removedMessageId, 'ada')
  await store.callbacks.add(tenantId, {
    ...{ callId, flowId, number: called, name: 'Theirs', reason: '', owner: '', due: new Date(0) },
    ...{ typed: false, mergeMs: 1 },
  })
  const callbackId = (await store.callbacks.list(tenantId, 1))[0]?.id ?? ''
  await sql(
    `insert into call_steps (tenant_id, call_id, seq, at, block, event, detail)
     values ($1, $2, 1, now(), 'incoming', 'entered', '{}')`,
    [tenantId, callId],
  )
  await sql(
    `insert into flow_versions (id, tenant_id, flow_id, document, hash, note, kept, created_by)
     select gen_random_uuid(), tenant_id, flow_id, document, 'kept', '', true, 'ada' from flow_versions where id = $1`,
    [versionId],
  )
  return {
    ...{ tenantId, flowId, removedFlowId, versionId, callId, graphCallId, called, promptKey, jobKey },
    ...{ calendarId, tableId, valueName, secretName, ruleId, calledRuleId, messageId, removedMessageId },
    callbackId,
  }
}

async function everythingOf(tenantId: string) {
  const tables = ['flows', 'flow_versions', 'routes', 'prompts', 'jobs', 'calls', 'call_steps']
  tables.push('calendars', 'tables', 'table_rows', 'named_values', 'messages', 'message_listens', 'data_keys')
  tables.push('callbacks')
  return Promise.all(
    tables.map(
      async (table) => (await spec.sql(`select * from ${table} where tenant_id = $1 order by id`, [tenantId])).rows,
    ),
  )
}
