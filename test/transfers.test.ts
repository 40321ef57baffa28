import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { john } from '#emulator/testing/testLine.ts'
import type { CallView } from '#emulator/world/views.ts'
import type { Flow } from '#flow/flow.ts'
import { adele, block, draw, hangUp, menu, say, transfer } from '#flow/testing/draw.ts'
import { openForRuns } from './property/faultLine.ts'
import { openBot, sounds, spoken } from './property/realBot.ts'

/** Transfers as callers have them: the real bot and the emulator in one process, in virtual time (case B5). */

const desk = draw({
  give: transfer({ failed: 'nobody' }),
  nobody: say('Nobody there.', { done: 'ask' }),
  ask: menu('1', { '1': 'give', noInput: 'bye', noMatch: 'bye' }, { prompt: 'Again?', noInputRetries: 0 }),
  bye: hangUp('Goodbye.'),
})

type Line = Awaited<ReturnType<typeof openForRuns>>
let line: Line
let closeBot: (() => Promise<void>) | null = null
beforeAll(async () => {
  line = await openForRuns(sounds)
})
afterEach(async () => {
  await closeBot?.()
  closeBot = null
})
afterAll(() => line.close())

type Terms = { flow?: Flow; transfers?: string; on?: Line; fault?: object; from?: object; to?: object }

/** Somebody calls a flow; the person that it transfers to decides nothing by themselves unless told otherwise. */
async function callIn({ flow = desk, transfers = 'ask', on = line, fault, from = john, to }: Terms = {}) {
  const bot = await openBot(on, spoken(flow))
  closeBot = bot.close
  if (fault) expect((await on.ask('POST', '/emulator/faults', fault)).status).toBe(204)
  const { id } = (await on.ask('POST', '/emulator/calls', { from, to, transfers })).body as CallView // the emulator's own answer
  const transcript = async () => (await on.view(id)).transcript
  return {
    id,
    passes: async (seconds: number) => on.clock.advance(seconds * 1000),
    state: async () => (await on.view(id)).state,
    transfers: async () => (await transcript()).flatMap((one) => (one.kind === 'transfer' ? [one] : [])),
    hears: async () => (await transcript()).flatMap((one) => (one.kind === 'prompt' ? [one.resourceId] : [])),
    presses: (tones: string) => on.ask('POST', `/emulator/calls/${id}/tones`, { tones }),
    hangsUp: () => on.ask('POST', `/emulator/calls/${id}/hangUp`),
    decides: (outcome: string) => on.ask('POST', `/emulator/calls/${id}/transfer`, { outcome }),
    /** What the service would not take as the call stood. */
    async refused() {
      type Request = { kind: string; operation?: string; callId?: string; status?: number }
      const requests = (await on.ask('GET', '/emulator/requests')).body as Request[] // as above
      return requests.flatMap(({ kind, operation, status = 0 }) =>
        kind === 'request' && operation?.startsWith('call-') && status >= 400 ? [`${operation} ${status}`] : [],
      )
    },
    outcome: () => bot.entries.flatMap((entry) => (entry.kind === 'ended' ? [entry.outcome] : [])).join(),
    exits: () =>
      bot.entries.flatMap((one) => (one.kind === 'step' && one.exit !== null ? [`${one.block} ${one.exit}`] : [])),
  }
}

describe('a caller hears what is drawn for a transfer that fails', () => {
  it('when nobody decides for two minutes', async () => {
    const call = await callIn()
    await call.passes(5)
    expect([await call.state(), await call.hears()]).toEqual(['transferring', []])
    await call.passes(60)
    expect([await call.hears(), await call.refused()]).toEqual([['Nobody there.', 'Again?'], []])
    await call.passes(60)
    expect([await call.state(), await call.hears(), call.outcome()]).toEqual([
      'terminated',
      ['Nobody there.', 'Again?', 'Goodbye.'],
      'notTransferred',
    ])
  })

  it.each(['decline', 'noAnswer'])('when the person lets it be after a while (%s)', async (outcome) => {
    const call = await callIn()
    await call.passes(30)
    await call.decides(outcome)
    await call.passes(3)
    expect([await call.hears(), await call.refused()]).toEqual([['Nobody there.', 'Again?'], []])
  })

  it('when the news of it is lost: Graph is asked how the call stands', async () => {
    // The first two say that the call is there, and that it can be heard.
    const lost = (nth: number) => ({ on: { notification: 'updated', state: 'established', nth }, do: { lose: true } })
    const call = await callIn({ fault: lost(3), transfers: 'noAnswer' })
    await call.passes(80)
    expect([await call.state(), await call.hears()]).toEqual(['established', []])
    await call.passes(15)
    expect([await call.hears(), await call.refused()]).toEqual([['Nobody there.', 'Again?'], []])
  })

  it('when the request is refused', async () => {
    const call = await callIn({ fault: { on: { operation: 'call-transfer' }, do: { status: 403, code: '7505' } } })
    await call.passes(60)
    expect(await call.hears()).toEqual(['Nobody there.', 'Again?', 'Goodbye.'])
    expect([call.outcome(), await call.refused()]).toEqual(['notTransferred', ['call-transfer 403']])
  })

  it('and a second time, and then is transferred all the same', async () => {
    const call = await callIn()
    await call.passes(65)
    await call.presses('1')
    await call.passes(65)
    await call.presses('1')
    await call.passes(5)
    await call.decides('accept')
    await call.passes(5)
    expect(await call.hears()).toEqual(['Nobody there.', 'Again?', 'Nobody there.', 'Again?'])
    expect([await call.state(), call.outcome(), await call.refused()]).toEqual(['terminated', 'transferred', []])
  })
})

it('leaves a caller who hangs up while it rings in peace', async () => {
  const call = await callIn()
  await call.passes(30)
  await call.hangsUp()
  await call.passes(300)
  expect([call.outcome(), await call.hears(), await call.refused()]).toEqual(['callerHungUp', [], []])
  expect(call.exits().at(-1)).toBe('give hangup')
})

it('asks nothing of a call that is being transferred but how it stands, however long that lasts, and ends one that is stuck', async () => {
  const stuck = await openForRuns(sounds, { invitationTimeoutMs: 3_600_000 })
  const call = await callIn({ on: stuck })
  await call.passes(290)
  expect([await call.state(), await call.hears(), await call.refused()]).toEqual(['transferring', [], []])
  await call.passes(60)
  expect([await call.state(), call.outcome()]).toEqual(['terminated', 'failed'])
  await closeBot?.()
  closeBot = null
  await stuck.close()
})

it('knows whom it gives the call to', async () => {
  const call = await callIn({ transfers: 'accept' })
  await call.passes(10)
  expect(call.outcome()).toBe('transferred')
  const [first] = (await line.view(call.id)).transcript.filter(({ kind }) => kind === 'transfer')
  expect(first).toMatchObject({ to: 'user', id: adele.id })
})

describe('to a number', () => {
  const flow = draw({
    give: block('transferToNumber', { number: '+49 30 5550 0142', announcement: '' }, { failed: 'nobody' }),
    nobody: say('Nobody there.', { done: 'bye' }),
    bye: hangUp('Goodbye.'),
  })
  const instance = { applicationInstance: { id: '0e9e1f4b-9c55-4a8a-a9de-6c1d3c7b2a10', displayName: 'Front desk' } }

  it.each([
    ['for a call to a resource account', { to: instance }],
    ['for a caller from a telephone', { from: { phone: '+14255550199' } }],
  ])('goes through %s', async (_, people) => {
    const call = await callIn({ flow, transfers: 'accept', ...people })
    await call.passes(60)
    expect([await call.state(), call.outcome(), await call.refused()]).toEqual(['terminated', 'transferred', []])
    expect((await call.transfers()).at(-1)).toMatchObject({ to: 'phone', id: '+493055500142', outcome: 'accept' })
  })

  it('fails for a call from one user to the bot, and the caller hears what is drawn for it', async () => {
    const call = await callIn({ flow, transfers: 'accept' })
    await call.passes(60)
    expect([await call.hears(), call.exits()]).toEqual([
      ['Nobody there.', 'Goodbye.'],
      expect.arrayContaining(['give failed']),
    ])
  })
})

describe('to a queue', () => {
  const queue = { id: '5b0b8f3e-52f5-4a0b-8a8e-3b8c7d6e5f40', name: 'Support' }
  const flow = draw({
    give: block(
      'transferToQueue',
      { queue, announcement: 'One moment.' },
      { failed: 'nobody', notPermitted: 'refused' },
    ),
    nobody: say('Nobody there.', { done: 'bye' }),
    refused: say('Not allowed.', { done: 'bye' }),
    bye: hangUp('Goodbye.'),
  })

  it('names its resource account as an application', async () => {
    const call = await callIn({ flow, transfers: 'accept' })
    await call.passes(60)
    expect([await call.hears(), call.outcome(), await call.refused()]).toEqual([['One moment.'], 'transferred', []])
    expect((await call.transfers()).at(-1)).toMatchObject({ to: 'other', id: queue.id, outcome: 'accept' })
  })

  it('says so where the tenant does not permit it (403/7505)', async () => {
    const fault = { on: { operation: 'call-transfer' }, do: { status: 403, code: '7505' } }
    const call = await callIn({ flow, fault })
    await call.passes(60)
    expect(await call.hears()).toEqual(['One moment.', 'Not allowed.', 'Goodbye.'])
  })

  it('goes on where no agent answers', async () => {
    const call = await callIn({ flow, transfers: 'noAnswer' })
    await call.passes(120)
    expect(await call.hears()).toEqual(['One moment.', 'Nobody there.', 'Goodbye.'])
  })
})
