import { describe, expect, it } from 'vitest'
import { manualClock } from '#communications/testing/manualClock.ts'
import { nobodyId } from '#flow/nobodyAnswers.ts'
import type { RoutingEntry } from '#store/routes.ts'
import type { Program } from './program.ts'
import { createRouting } from './routing.ts'

const tenant = 'tenant'
const entry = (called: string | null, versionId: string, tenantId = tenant): RoutingEntry => ({
  tenantId,
  called,
  flowId: 'flow',
  versionId,
  test: false,
  movedSeconds: 0,
  sharedRevision: 0,
  ...{ caller: null, when: null, position: 0 },
})
const nobody = { id: '', phone: '' }

/** Routing over a database of our making, and how often it was asked. */
function routingOver(entries: RoutingEntry[]) {
  const database = { entries, away: false, unreadable: false, hangs: false, asked: 0, programs: 0, changed: () => {} }
  const clock = manualClock()
  const routing = createRouting({
    async loadRouting() {
      database.asked += 1
      if (database.hangs) return new Promise(() => {})
      if (database.away) throw new Error('away')
      return database.entries
    },
    async loadProgram(_tenantId, versionId) {
      database.programs += 1
      if (database.away || database.unreadable) throw new Error('away')
      return { versionId } as Program
    },
    onChange(listener) {
      database.changed = listener
      return () => {}
    },
    clock,
  })
  const answers = async (dialled: string[], tenantId = tenant, caller = nobody) =>
    (await routing.route(tenantId, { dialled, caller })).program.versionId
  return { routing, database, answers, clock }
}

describe('what answers', () => {
  const { answers } = routingOver([
    entry(null, 'default'),
    entry('account', 'one'),
    entry('+14255550100', 'two'),
    entry('abcdef01-2db4-4022-9570-243709c565ab', 'three'),
    entry(null, 'theirs', 'other'),
  ])

  it.each([
    [['account'], 'one'],
    [['ACCOUNT'], 'one'],
    [['+14255550100'], 'two'],
    [['tel:+1-425-555-0100'], 'two'],
    [['ABCDEF01-2DB4-4022-9570-243709C565AB'], 'three'],
    [['{abcdef01-2db4-4022-9570-243709c565ab}'], 'three'],
    [['unknown', '+14255550100'], 'two'],
    [['unknown'], 'default'],
    [[], 'default'],
  ])('%j is version %s', async (dialled, version) => expect(await answers(dialled)).toBe(version))

  it('never another tenant’s flow', async () => {
    expect(await answers(['account'], 'other')).toBe('theirs')
    expect(await answers(['account'], 'third')).toBe(nobodyId)
  })
})

it('does not ask the database for every call', async () => {
  const { answers, database } = routingOver([entry(null, 'v1'), entry('account', 'v2')])
  for (let n = 0; n < 50; n++) await answers(['account'])
  expect(database).toMatchObject({ asked: 1, programs: 1 })
})

it('asks again when routes have changed', async () => {
  const { answers, database } = routingOver([entry('account', 'v1')])
  expect(await answers(['account'])).toBe('v1')
  database.entries = [entry('account', 'v2')]
  database.changed()
  expect(await answers(['account'])).toBe('v2')
})

it('finds a route that was made this very moment', async () => {
  const { answers, database, clock } = routingOver([entry(null, 'default')])
  await answers([])
  await clock.pass(10)
  database.entries = [entry(null, 'default'), entry('test', 'draft')]
  expect(await answers(['test'])).toBe('draft')
})

it('goes on with what it knows while the database is away', async () => {
  const { answers, database, clock } = routingOver([entry(null, 'v1')])
  await answers([])
  database.away = true
  await clock.pass(60_000)
  expect(await answers([])).toBe('v1')
})

it('asks once for an address that has no route, and not with every call', async () => {
  const { answers, database } = routingOver([entry(null, 'default')])
  for (let n = 0; n < 20; n++) await answers(['the bot itself'])
  expect(database.asked).toBe(2)
})

it('holds up nobody for long while the database hangs', async () => {
  const { answers, database, clock } = routingOver([entry(null, 'v1')])
  const answersWithin = async (ms: number, dialled: string) => {
    const answer = answers([dialled])
    await clock.pass(ms)
    return Promise.race([answer, 'nothing yet'])
  }
  await answers([])
  database.hangs = true
  database.changed()
  await clock.pass(60_000)
  expect(await answersWithin(1500, 'unknown')).toBe('v1')
  await clock.pass(5000)
  expect(await answersWithin(99, 'another')).toBe('v1')
})

it('says so when it never knew anything', async () => {
  const { answers, routing, database } = routingOver([])
  database.away = true
  await expect(answers([])).rejects.toThrow('away')
  expect(routing.ready).toBe(false)
})

it('tries a version again that could not be loaded', async () => {
  const { answers, database } = routingOver([entry(null, 'v1')])
  database.unreadable = true
  await expect(answers([])).rejects.toThrow('away')
  database.unreadable = false
  expect(await answers([])).toBe('v1')
})

it('loads what it never knew as soon as the database is heard of, without a call', async () => {
  const { routing, database } = routingOver([entry(null, 'v1')])
  database.away = true
  await expect(routing.warm()).rejects.toThrow('away')
  database.away = false
  database.changed()
  await expect.poll(() => routing.ready).toBe(true)
})

it('answers by one version while another takes for ever to be made ready', async () => {
  const routing = createRouting({
    loadRouting: async () => [entry('slow', 'slow'), entry('quick', 'quick')],
    loadProgram: (_tenantId, versionId) =>
      versionId === 'slow' ? new Promise(() => {}) : Promise.resolve({ versionId } as Program),
    onChange: () => () => {},
  })
  void routing.warm()
  expect((await routing.route(tenant, { dialled: ['quick'], caller: nobody })).program.versionId).toBe('quick')
  expect(routing.ready).toBe(true)
})

describe('what flows share has changed', () => {
  /** A database in which a version was compiled, and its calendars are others now. */
  async function changed() {
    const { routing, database, clock } = routingOver([entry('account', 'one')])
    const program = async () => (await routing.route(tenant, { dialled: ['account'], caller: nobody })).program
    const before = await program()
    database.entries = [{ ...entry('account', 'one'), sharedRevision: 1 }]
    database.changed()
    return { database, clock, before, program }
  }

  it('the next call has it, and nothing is made ready twice', async () => {
    const { database, before, program } = await changed()
    const after = await program()
    expect([after === before, (await program()) === after, database.programs]).toEqual([false, true, 2])
  })

  it('a call that comes while it cannot be read has what was there before, and a later one tries again', async () => {
    const { database, before, program } = await changed()
    database.unreadable = true
    expect(await program()).toBe(before)
    database.unreadable = false
    expect(await program()).not.toBe(before)
  })
})

it('only a test call takes it for another time', async () => {
  const moved = { ...entry('account', 'one'), movedSeconds: 60 }
  const { routing } = routingOver([moved, { ...moved, called: 'trial', test: true }])
  const route = (called: string) => routing.route(tenant, { dialled: [called], caller: nobody })
  expect(await route('account')).not.toHaveProperty('movedMs')
  expect(await route('trial')).toMatchObject({ test: true, movedMs: 60_000 })
})
