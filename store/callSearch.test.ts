import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { frontDesk } from '#flow/sample.ts'
import { specStore } from '#test/store.ts'
import type { Wanted } from './callSearch.ts'
import { openHistory } from './history.ts'
import type { HistoryEntry } from './historyBatch.ts'

const spec = specStore()

type Step = { block: string; event?: string; exit?: string; detail?: unknown }
type Ended = Extract<HistoryEntry, { kind: 'ended' }>
type Written = {
  name?: string
  number?: string
  test?: boolean
  minute?: number
  steps?: Step[]
  end?: [outcome: string, code?: number, subcode?: number]
}

/** A tenant with the sample flow, and what the bot would write down of calls to it. */
async function desk() {
  const { store } = spec
  const tenantId = randomUUID()
  const { id: flowId, revision } = await store.flows.create(tenantId, { flow: frontDesk, by: 'ada' })
  const { id: versionId } = await store.versions.publish(tenantId, flowId, { revision, note: '', by: 'ada' })
  const write = async (calls: Written[]): Promise<string[]> => {
    const history = openHistory({ databaseUrl: spec.databaseUrl, onTrouble: (error) => expect.fail(String(error)) })
    const ids = calls.map(({ name, number, test = false, minute = 0, steps = [], end }) => {
      const id = randomUUID()
      const call = { id, tenantId, at: new Date(Date.UTC(2026, 10, 30, 8, minute)) }
      const caller = { name: name ?? null, id: number ?? null }
      history.record({ kind: 'began', ...call, graphCallId: id, flowId, versionId, test, caller, called: null })
      steps.forEach(({ block, event = 'entered', exit = null, detail = {} }, n) => {
        history.record({ kind: 'step', ...call, seq: n + 1, block, event, exit, detail })
      })
      const [outcome, endCode = null, endSubcode = null] = end ?? []
      if (outcome) history.record({ kind: 'ended', ...call, outcome, endCode, endSubcode } satisfies Ended)
      return id
    })
    await history.close()
    return ids
  }
  const find = async (wanted: Wanted, limit = 50) =>
    (await store.calls.list(tenantId, wanted, limit)).map(({ id }) => id)
  return { tenantId, flowId, versionId, write, find }
}

const salesRefused: Step[] = [
  { block: 'sales' },
  { block: 'sales', event: 'left', exit: 'failed', detail: { problem: '403/7504' } },
  { block: 'nobody' },
]

describe('how a call came out', () => {
  it.each<[string, Written, string]>([
    ['runs', {}, 'live'],
    ['was given over', { end: ['transferred', 0, 7015] }, 'transferred'],
    ['was given over at the second try', { steps: salesRefused, end: ['transferred', 0, 7015] }, 'transferred'],
    ['was heard to its end', { end: ['endedByFlow', 200, 7000] }, 'finished'],
    [
      'ended by the flow after nobody was reached',
      { steps: salesRefused, end: ['endedByFlow', 200, 7000] },
      'notReached',
    ],
    ['was left after nobody was reached', { steps: salesRefused, end: ['callerHungUp', 200, 4521] }, 'notReached'],
    ['was left', { end: ['callerHungUp', 200, 4521] }, 'left'],
    ['was "left" by a line that broke', { end: ['callerHungUp', 410, 301005] }, 'notReached'],
    ['was sent on, which no later code spoils', { end: ['redirected', 404] }, 'transferred'],
    ['was turned away as drawn', { end: ['rejected'] }, 'finished'],
    ['was lost', { end: ['lost', 404] }, 'notReached'],
    ['failed', { end: ['failed'] }, 'notReached'],
    ['was not answered', { end: ['notAnswered'] }, 'notReached'],
    ['came out in a word of a newer bot', { end: ['somethingNew'] }, 'notReached'],
  ])('%s: %o is %s', async (_, call, result) => {
    const { tenantId, write } = await desk()
    const [id = ''] = await write([call])
    expect(await spec.store.calls.get(tenantId, id)).toMatchObject({ result })
  })

  it('names the block that failed, not what the flow then does by itself', async () => {
    const { tenantId, write } = await desk()
    const failing = (block: string, problem: string): Step => ({
      block,
      event: 'failed',
      exit: 'error',
      detail: { problem },
    })
    const steps = [failing('incoming', '403/7503'), { block: '$apology' }, failing('$apology', '400/8501')]
    const [id = ''] = await write([{ steps, end: ['failed'] }])
    expect(await spec.store.calls.get(tenantId, id)).toMatchObject({ failedBlock: 'incoming', problem: '403/7503' })
  })
})

describe('calls are found', () => {
  it('by a part of a name or number, however it is written', async () => {
    const { write, find } = await desk()
    const [anna, number] = await write([{ name: 'Anna Berger' }, { number: '+14255550142' }, { name: '100% Åse_ö' }])
    for (const text of ['berger', 'ANNA B', 'nn']) expect(await find({ text })).toEqual([anna])
    for (const text of ['0142', '+1 (425) 555-0142', '425 555', '+1425']) expect(await find({ text })).toEqual([number])
    expect(await find({ text: 'se_ö' })).toHaveLength(1)
    for (const text of ['a%b', 'nobody', '14255550143', "'; drop table calls; --"])
      expect(await find({ text })).toEqual([])
  })

  it('by a block that they came to, also by the name that it had then, and not by the same id in another flow', async () => {
    const { tenantId, flowId, write, find } = await desk()
    const [visited, other] = await write([
      { steps: [{ block: 'menu' }, { block: 'directions' }] },
      { steps: [{ block: 'menu' }] },
    ])
    expect(await find({ text: 'direct' })).toEqual([visited])
    expect((await find({ text: 'Main menu' })).sort()).toEqual([visited, other].sort())
    const renamed = structuredClone(frontDesk)
    if (renamed.blocks.directions) renamed.blocks.directions.name = 'Way here'
    await spec.store.versions.snapshot(tenantId, flowId, renamed, 'ada')
    expect(await find({ text: 'way here' })).toEqual([visited])
    expect(await find({ text: 'direct' })).toEqual([visited])
    const stranger = structuredClone(frontDesk)
    if (stranger.blocks.directions) stranger.blocks.directions.name = 'Elsewhere'
    const { id } = await spec.store.flows.create(tenantId, { flow: stranger, by: 'ada' })
    await spec.store.versions.publish(tenantId, id, { revision: 1, note: '', by: 'ada' })
    expect(await find({ text: 'elsewhere' })).toEqual([])
  })

  it('by what they came out as, by flow, time and reason', async () => {
    const { flowId, write, find } = await desk()
    const [refused, lost, left, test] = await write([
      { minute: 5, steps: salesRefused, end: ['endedByFlow', 200, 7000] },
      { minute: 4, end: ['callerHungUp', 410, 301005] },
      { minute: 3, end: ['callerHungUp', 200, 4521] },
      { minute: 2, test: true, steps: salesRefused, end: ['endedByFlow', 200, 7000] },
    ])
    expect(await find({ results: ['notReached'] })).toEqual([refused, lost, test])
    expect(await find({ results: ['left', 'finished'] })).toEqual([left])
    expect(await find({ text: 'zzz', textResults: ['left'] })).toEqual([left])
    expect(await find({ cause: { block: 'sales', problem: '403/7504' } })).toEqual([refused])
    expect(await find({ cause: { block: null, problem: '410/301005' } })).toEqual([lost])
    expect(await find({ flowId: randomUUID() })).toEqual([])
    const at = (minute: number) => new Date(Date.UTC(2026, 10, 30, 8, minute))
    expect(await find({ flowId, from: at(3), until: at(5) })).toEqual([lost, left])
    expect(await find({ butNotReachedSince: at(3) })).toEqual([left, test])
  })

  it('far back, where the latest do not fit, with nothing twice and nothing left out', async () => {
    const { tenantId, flowId, write, find } = await desk()
    // More than are looked through one by one.
    await spec.sql(
      `insert into calls (id, tenant_id, graph_call_id, flow_id, version_id, test, caller_name, started_at)
       select gen_random_uuid(), $1, n, $2, $2, false, 'Bea', '2026-11-30T09:00:00Z' from generate_series(1, 10100) n`,
      [tenantId, flowId],
    )
    const old = Array.from(
      { length: 7 },
      (_, n): Written => ({ minute: n, name: 'Ann Smith', steps: [{ block: 'directions' }] }),
    )
    const ids = (await write(old)).toReversed()
    for (const text of ['smith', 'directions']) {
      expect(await find({ text })).toEqual(ids)
      expect(await find({ text }, 3)).toEqual(ids.slice(0, 3))
      const before = { id: ids[2] ?? '', startedAt: new Date(Date.UTC(2026, 10, 30, 8, 4)) }
      expect(await find({ text, before }, 3)).toEqual(ids.slice(3, 6))
    }
    expect(await find({ text: 'nn' })).toEqual([]) // too short for the indexes: only the latest are looked through
  })
})

describe('a text', () => {
  const latest = 10_100
  /** Calls of these names, behind more than are looked through one by one. */
  async function farBack(names: string[]) {
    const made = await desk()
    await spec.sql(
      `insert into calls (id, tenant_id, graph_call_id, flow_id, version_id, test, caller_name, started_at)
       select gen_random_uuid(), $1, n, $2, $2, false, 'Bea', '2026-11-30T09:00:00Z' from generate_series(1, ${latest}) n`,
      [made.tenantId, made.flowId],
    )
    return { ...made, ids: await made.write(names.map((name) => ({ name }))) }
  }

  it('that reads as a number is looked for in names as it stands', async () => {
    const texts = ['12-34', '(1)', '4.5.6', '7 8']
    const { find, ids } = await farBack(texts.map((text) => `Room ${text}`))
    for (const [n, text] of texts.entries()) expect(await find({ text }), text).toEqual([ids[n]])
    expect(await find({ text: '😀x' })).toEqual([]) // two letters, so not in the index
  })

  it('is found in any letter case of any language, among the latest and far back', async () => {
    const names = ['İlker Işık', 'ΝΙΚΟΣ', 'Zoë ÄRZTE', 'Straße ẞ']
    const near = await desk()
    const ids = await near.write(names.map((name) => ({ name })))
    const far = await farBack(names)
    for (const [n, name] of names.entries()) {
      for (const text of [name, name.slice(0, 4)]) {
        expect(await near.find({ text }), `${text}, near`).toEqual([ids[n]])
        expect(await far.find({ text }), `${text}, far`).toEqual([far.ids[n]])
      }
    }
    expect(await far.find({ text: 'zoË ärz' })).toEqual([far.ids[2]])
  })
})

describe('callers who were not reached', () => {
  it('are counted by reason, without test calls, until the block gives somebody over again', async () => {
    const { tenantId, flowId, versionId, write } = await desk()
    const since = new Date(Date.UTC(2026, 10, 30, 8, 1))
    const bad = { steps: salesRefused, end: ['endedByFlow', 200, 7000] } satisfies Written
    await write([
      { ...bad, minute: 0 },
      { ...bad, minute: 2 },
      { ...bad, minute: 3 },
      { ...bad, minute: 4, test: true },
      { minute: 5, end: ['lost', 404] },
      { minute: 6, end: ['callerHungUp', 200, 4521] },
    ])
    const lost = {
      flowId,
      versionId,
      block: null,
      problem: '404',
      calls: 1,
      since: new Date(Date.UTC(2026, 10, 30, 8, 5)),
    }
    expect(await spec.store.calls.incidents(tenantId, since)).toEqual({
      callers: 4,
      incidents: [
        {
          flowId,
          versionId,
          block: 'sales',
          problem: '403/7504',
          calls: 2,
          since: new Date(Date.UTC(2026, 10, 30, 8, 2)),
        },
        lost,
      ],
    })
    await write([{ minute: 7, steps: [{ block: 'sales' }], end: ['transferred', 0, 7015] }])
    expect((await spec.store.calls.incidents(tenantId, since)).incidents).toEqual([lost])
  })
})
