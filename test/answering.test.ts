import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { john } from '#emulator/testing/testLine.ts'
import type { CallView } from '#emulator/world/views.ts'
import type { Flow } from '#flow/flow.ts'
import { adele, assign, block, hangUp, rings, say, when } from '#flow/testing/draw.ts'
import { openForRuns } from './property/faultLine.ts'
import { openBot, sounds, spoken } from './property/realBot.ts'

/** Calls before they are answered: answer, reject and redirect by the real bot at the emulator, in virtual time (blocks 1 to 3). */

const second = { id: '2f6d3c1b-8e4a-4d5f-9b7c-6a5e4d3c2b1a', name: 'Lee Gu' }
const redirect = (targets: object[], seconds: number | null = null) =>
  block('redirect', { targets: targets.map((target) => ({ kind: 'person', ...target })), seconds })

type Line = Awaited<ReturnType<typeof openForRuns>>
let line: Line
let closeBot: (() => Promise<void>) | null = null
beforeAll(async () => {
  // As Microsoft gives calls up, and not as tests that look at nothing of this have it.
  line = await openForRuns(sounds, { answerWithinMs: 15_000 })
})
afterEach(async () => {
  await closeBot?.()
  closeBot = null
})
afterAll(() => line.close())

type Terms = { flow: Flow; to?: object; people?: object[]; fault?: object }

async function callIn({ flow, to, people = [], fault }: Terms) {
  const bot = await openBot(line, spoken(flow))
  closeBot = bot.close
  for (const person of people) expect((await line.ask('POST', '/emulator/people', person)).status).toBeLessThan(300)
  if (fault) expect((await line.ask('POST', '/emulator/faults', fault)).status).toBe(204)
  const { id } = (await line.ask('POST', '/emulator/calls', { from: john, to })).body as CallView // the emulator's own answer
  const transcript = async () => (await line.view(id)).transcript
  type Request = { kind: string; operation?: string; callId?: string; status?: number; body?: unknown }
  const requests = async () =>
    ((await line.ask('GET', '/emulator/requests')).body as Request[]).filter(
      ({ kind, callId }) => kind === 'request' && callId === id,
    )
  return {
    id,
    passes: async (seconds: number) => line.clock.advance(seconds * 1000),
    state: async () => (await line.view(id)).state,
    hears: async () => (await transcript()).flatMap((one) => (one.kind === 'prompt' ? [one.resourceId] : [])),
    redirected: async () =>
      (await transcript()).flatMap((one) => (one.kind === 'redirected' ? [[one.id, one.outcome]] : [])),
    operations: async () => (await requests()).map(({ operation }) => operation?.replace('call-', '')),
    asked: async (operation: string) => (await requests()).find((one) => one.operation === operation)?.body,
    hangsUp: () => line.ask('POST', `/emulator/calls/${id}/hangUp`),
    live: () => bot.liveCalls.count,
    broken: () => [...bot.broken, ...bot.strange],
    outcome: () => bot.entries.flatMap((entry) => (entry.kind === 'ended' ? [entry.outcome] : [])).join(),
    leaving: () => bot.entries.flatMap((entry) => (entry.kind === 'leaving' ? [entry.outcome] : [])).join(),
    exits: () =>
      bot.entries.flatMap((one) => (one.kind === 'step' && one.exit !== null ? [`${one.block} ${one.exit}`] : [])),
  }
}

describe('answer', () => {
  const desk = (seconds: number) =>
    rings({
      pause: block('wait', { seconds }, { done: 'take' }),
      take: block('answer', {}, { next: 'hello', missed: 'note' }),
      hello: say('Hello.', { done: 'bye' }),
      note: assign({ n: '1' }),
      bye: hangUp(),
    })

  it('is given when the flow comes to it, and the caller hears what follows: next', async () => {
    const call = await callIn({ flow: desk(6) })
    await call.passes(5)
    expect([await call.state(), await call.operations()]).toEqual(['incoming', []])
    await call.passes(30)
    expect([await call.hears(), call.outcome(), call.broken()]).toEqual([['Hello.'], 'endedByFlow', []])
    expect(call.exits()).toContain('take next')
  })

  it('is given by the engine at 12 seconds, so that nobody rings in vain', async () => {
    const call = await callIn({ flow: desk(20) })
    await call.passes(14)
    expect([await call.state(), await call.hears()]).toEqual(['established', []])
    await call.passes(30)
    expect([await call.hears(), call.outcome()]).toEqual([['Hello.'], 'endedByFlow'])
    expect((await call.operations()).filter((one) => one === 'answer')).toEqual(['answer'])
  })

  it('or the call is turned away by then, where that is chosen', async () => {
    const flow = rings({ pause: block('wait', { seconds: 20 }, { done: 'bye' }), bye: hangUp() }, {}, 'reject')
    const call = await callIn({ flow })
    await call.passes(13)
    expect([await call.state(), await call.operations()]).toEqual(['terminated', ['get', 'reject']])
    await call.passes(30)
    expect([call.outcome(), call.live()]).toEqual(['notAnswered', 0])
  })

  it('comes too late for a caller who has given up: the hang-up path, and nothing is asked of a call that is gone', async () => {
    const flow = { ...desk(6), onHangUp: 'note' }
    const call = await callIn({ flow })
    await call.passes(3)
    await call.hangsUp()
    await call.passes(60)
    expect([await call.operations(), call.outcome(), call.live()]).toEqual([[], 'callerHungUp', 0])
    expect(call.exits()).toEqual(['incoming next', 'pause hangup', 'note done'])
  })

  it('that finds the call gone (404) leaves by missed', async () => {
    const call = await callIn({
      flow: desk(6),
      fault: { on: { operation: 'call-answer' }, do: { status: 404, code: '8522' } },
    })
    await call.passes(60)
    expect(call.exits()).toEqual(expect.arrayContaining(['take missed', 'note done']))
    expect([await call.hears(), call.live()]).toEqual([[], 0])
  })

  it('that another process gave already (wrong state) leaves by missed, and the caller is not left in silence', async () => {
    const call = await callIn({
      flow: desk(6),
      fault: { on: { operation: 'call-answer' }, do: { status: 403, code: '7503' } },
    })
    await call.passes(120)
    expect(call.exits()).toEqual(expect.arrayContaining(['take missed']))
    expect([await call.state(), call.outcome(), call.live()]).toEqual(['terminated', 'notAnswered', 0])
  })

  it('comes before the apology where something fails while it rings', async () => {
    const flow = rings({ check: when({ x: '10 / int(n) > 1' }, { x: 'bye', else: 'bye' }), bye: hangUp() })
    const call = await callIn({ flow })
    await call.passes(30)
    expect([await call.hears(), call.outcome()]).toEqual([['Sorry.'], 'failed'])
  })
})

describe('reject', () => {
  it.each(['busy', 'forbidden', 'none'])('turns the call away (%s) without an answer (I14)', async (reason) => {
    const call = await callIn({ flow: rings({ no: block('reject', { reason }) }) })
    await call.passes(10)
    expect([await call.state(), await call.operations()]).toEqual(['terminated', ['reject']])
    expect(await call.asked('call-reject')).toMatchObject({ reason })
    expect([call.outcome(), call.live(), call.broken()]).toEqual(['rejected', 0, []])
  })

  it('that is refused answers the caller, who hears why', async () => {
    const fault = { on: { operation: 'call-reject' }, do: { status: 403, code: '7503' } }
    const call = await callIn({ flow: rings({ no: block('reject') }), fault })
    await call.passes(30)
    expect([await call.hears(), call.outcome()]).toEqual([['Sorry.'], 'failed'])
  })

  it('a caller who gives up at that moment makes no difference', async () => {
    const call = await callIn({
      flow: rings({ pause: block('wait', { seconds: 2 }, { done: 'no' }), no: block('reject') }),
    })
    await call.passes(2)
    await call.hangsUp()
    await call.passes(30)
    expect([call.live(), call.broken(), await call.state()]).toEqual([0, [], 'terminated'])
  })
})

describe('redirect', () => {
  const flow = rings({ on: redirect([adele, second], 20) })

  it('lets all of them ring at once for as long as was said, and whoever takes the call has it', async () => {
    const people = [
      { id: adele.id, onCall: 'noAnswer' },
      { id: second.id, onCall: 'accept', afterMs: 4_000 },
    ]
    const call = await callIn({ flow, people })
    await call.passes(2)
    expect([await call.state(), await call.redirected()]).toEqual([
      'redirecting',
      [
        [adele.id, null],
        [second.id, null],
      ],
    ])
    expect(await call.asked('call-redirect')).toMatchObject({ timeout: 20, targets: [{}, {}] })
    await call.passes(10)
    expect([(await call.redirected()).at(-1), await call.operations()]).toEqual([[second.id, 'accept'], ['redirect']])
    expect([call.outcome(), call.leaving(), call.live(), call.broken()]).toEqual(['redirected', 'redirected', 0, []])
  })

  it('is over as well where nobody takes the call, and says so to nobody', async () => {
    const people = [adele, second].map(({ id }) => ({ id, onCall: 'noAnswer' }))
    const call = await callIn({ flow, people })
    await call.passes(40)
    expect([await call.state(), call.outcome(), call.live()]).toEqual(['terminated', 'redirected', 0])
  })

  it('to a number goes through for a call to a resource account', async () => {
    const to = { applicationInstance: { id: '0e9e1f4b-9c55-4a8a-a9de-6c1d3c7b2a10', displayName: 'Front desk' } }
    const number = rings({
      on: block('redirect', { targets: [{ kind: 'number', id: '+49 30 5550 0142', name: '' }] }),
    })
    const call = await callIn({ flow: number, to })
    await call.passes(10)
    expect((await call.redirected()).at(-1)).toEqual(['+493055500142', 'accept'])
  })

  it('that is refused answers the caller, who hears why', async () => {
    const fault = { on: { operation: 'call-redirect' }, do: { status: 403, code: '7503' } }
    const call = await callIn({ flow, fault })
    await call.passes(30)
    expect([await call.hears(), call.outcome()]).toEqual([['Sorry.'], 'failed'])
  })

  it('of a caller who gives up while others ring is over at once', async () => {
    const people = [adele, second].map(({ id }) => ({ id, onCall: 'noAnswer' }))
    const call = await callIn({ flow, people })
    await call.passes(5)
    await call.hangsUp()
    await call.passes(5)
    expect([await call.state(), call.live(), call.broken()]).toEqual(['terminated', 0, []])
  })
})
