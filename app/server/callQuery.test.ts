import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { placeOf } from '#designer/wire.ts'
import { frontDesk } from '#flow/sample.ts'
import { callItems } from './callItem.ts'
import { CallQuery, wantedOf } from './callQuery.ts'

const at = (hour: number) => new Date(Date.UTC(2026, 10, 30, hour))
const wanted = (query: Record<string, string>) => wantedOf(CallQuery.parse(query))

describe('what an address says of calls', () => {
  it('is nothing: all of them', () => expect(wanted({})).toEqual({}))

  it('a group is its results; those who were not reached stand apart since then only', () => {
    const since = at(0).toISOString()
    expect(wanted({ group: 'now' })).toEqual({ results: ['live'] })
    expect(wanted({ group: 'notReached', since })).toEqual({ results: ['notReached'], from: at(0) })
    expect(wanted({ group: 'notReached', since, from: at(5).toISOString() })).toMatchObject({ from: at(5) })
    expect(wanted({ group: 'earlier', since })).toEqual({
      results: ['transferred', 'finished', 'left', 'notReached'],
      butNotReachedSince: at(0),
    })
  })

  it('an outcome that a group cannot have is no question to the database', () => {
    expect(wanted({ group: 'now', result: 'left' })).toBeNull()
    expect(wanted({ group: 'earlier', result: 'left' })).toMatchObject({ results: ['left'] })
  })

  it('a text may mean an outcome, and blanks mean nothing', () => {
    expect(wanted({ text: 'hung up' })).toEqual({ text: 'hung up', textResults: ['left'] })
    expect(wanted({ text: '  ' })).toEqual({})
  })

  it('a reason has a block or none', () => {
    expect(wanted({ problem: '404' })).toEqual({ cause: { block: null, problem: '404' } })
    expect(wanted({ problem: '403/7504', block: 'sales' })).toEqual({ cause: { block: 'sales', problem: '403/7504' } })
  })

  it('goes on behind a call', () => {
    const id = randomUUID()
    const before = placeOf({ startedAt: at(9).toISOString(), id })
    expect(wanted({ before })).toEqual({ before: { startedAt: at(9), id } })
  })

  it.each<[string, string]>([
    ['from', 'yesterday'],
    ['before', 'x'],
    ['before', `never~${randomUUID()}`],
    ['result', 'green'],
    ['group', 'all'],
    ['text', 'a\0b'],
    ['text', 'x'.repeat(101)],
  ])('%s=%j is refused', (name, value) => expect(CallQuery.safeParse({ [name]: value }).success).toBe(false))
})

describe('a call in a list', () => {
  const call: Parameters<typeof callItems>[2][number] = {
    id: randomUUID(),
    flowId: randomUUID(),
    versionId: randomUUID(),
    test: false,
    state: 'ended',
    result: 'notReached',
    caller: { name: null, id: '+14255550142' },
    startedAt: at(9),
    endedAt: null,
    outcome: 'failed',
    endCode: null,
    endSubcode: null,
    lastBlock: 'nobody',
    failedBlock: 'sales',
    problem: '403/7504',
  }
  const asked: string[][] = []
  const calls = {
    versionsOf: async (_: string, ids: readonly string[]) => {
      asked.push([...ids])
      return ids.filter((id) => id === call.versionId).map((id) => ({ id, number: 7, flow: frontDesk }))
    },
  }
  const items = (...ids: string[]) =>
    callItems(
      calls,
      'tenant',
      ids.map((versionId) => ({ ...call, versionId })),
    )

  it('has the names of its version, which is read once', async () => {
    const gone = randomUUID()
    const [first, second, third] = await items(call.versionId, gone, call.versionId)
    expect(first).toMatchObject({
      ...{ flowName: 'Front desk', version: 7, startedAt: at(9).toISOString() },
      lastBlock: { id: 'nobody', name: 'Nobody free', type: 'play' },
      failedBlock: { id: 'sales', kind: { handsOver: true, permissions: ['Calls.Initiate.All'] } },
    })
    expect(second).toMatchObject({ flowName: '', lastBlock: { id: 'nobody', name: '' } })
    expect(third).toEqual(first)
    await items(call.versionId)
    expect(asked).toEqual([[call.versionId, gone]])
  })

  it('holds what is shown, and no id of the platform', async () => {
    const [item = {}] = await items(randomUUID())
    expect(Object.keys(item).sort()).toEqual(
      (
        'caller endCode endSubcode endedAt failedBlock flowId flowName id lastBlock outcome problem result startedAt state test ' +
        'version'
      ).split(' '),
    )
  })
})
