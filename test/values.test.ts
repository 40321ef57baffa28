import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { john } from '#emulator/testing/testLine.ts'
import type { CallView } from '#emulator/world/views.ts'
import type { Flow } from '#flow/flow.ts'
import { english } from '#flow/saying/english.ts'
import { collect, draw, hangUp, say } from '#flow/testing/draw.ts'
import { readOut } from '#speech/english/readOut.ts'
import { openForRuns } from './property/faultLine.ts'
import { openBot, sounds, spoken } from './property/realBot.ts'

/** What callers hear of values, and blocks that read out: the real bot and the emulator in one process, in virtual time. */

const bye = hangUp('Goodbye.')

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

async function callIn(flow: Flow, fault?: object) {
  const bot = await openBot(line, spoken(flow))
  closeBot = bot.close
  if (fault) expect((await line.ask('POST', '/emulator/faults', fault)).status).toBe(204)
  const { id } = (await line.ask('POST', '/emulator/calls', { from: john })).body as CallView // the emulator's own answer
  const prompts = async () => (await line.view(id)).transcript.flatMap((one) => (one.kind === 'prompt' ? [one] : []))
  type Play = { operation?: string; body?: { prompts: unknown[] } }
  return {
    ...{ bot, passes: async (seconds: number) => line.clock.advance(seconds * 1000) },
    /** What was heard of each request, as one text. */
    async hears() {
      const byRequest = new Map<string, string[]>()
      for (const { operationId, resourceId } of await prompts()) {
        byRequest.set(operationId, [...(byRequest.get(operationId) ?? []), bot.textOf(resourceId) ?? ''])
      }
      return [...byRequest.values()].map((texts) => texts.join(' '))
    },
    ids: async () => (await prompts()).map(({ resourceId }) => resourceId),
    /** How many prompts each request had. */
    async sizes() {
      const requests = (await line.ask('GET', '/emulator/requests')).body as Play[] // as above
      return requests.flatMap(({ operation, body }) => (operation === 'call-playprompt' ? [body?.prompts.length] : []))
    },
    presses: (tones: string) => line.ask('POST', `/emulator/calls/${id}/tones`, { tones }),
    hangsUp: () => line.ask('POST', `/emulator/calls/${id}/hangUp`),
    exits: () =>
      bot.entries.flatMap((one) => (one.kind === 'step' && one.exit !== null ? [`${one.block} ${one.exit}`] : [])),
    outcome: () => bot.entries.flatMap((entry) => (entry.kind === 'ended' ? [entry.outcome] : [])).join(),
  }
}

describe('the built-in voice reads a value as people do', () => {
  const { plain, digits, spelled, money, date, time } = english
  it.each([
    [plain(911), 'nine hundred eleven'],
    [plain(112), 'one hundred twelve'],
    [plain(2026), 'two thousand twenty-six'],
    [plain(1_000_000), 'one million'],
    [plain(-12.5), 'minus twelve point five'],
    [plain(0), 'zero'],
    [digits('0123456789'), 'zero one two, three four five, six seven eight nine'],
    [digits('911'), 'nine one one'],
    [digits('+4930*#'), 'plus four nine three zero star hash'],
    [spelled('a7-B'), 'ay, seven, dash, B'],
    [spelled('BA7'), 'B, ay, seven'],
    [money(12.5, 'EUR'), 'twelve euros and fifty cents'],
    [money(-1, 'USD'), 'minus one dollar'],
    [money(0, 'GBP'), 'zero pounds'],
    [money(1_000_000, 'EUR'), 'one million euros'],
    [money(12.5, 'CHF'), 'twelve Swiss francs and fifty centimes'],
    [date('2026-11-30'), 'November thirtieth, twenty twenty-six'],
    [date('2028-02-29'), 'February twenty-ninth, twenty twenty-eight'],
    [time('00:00'), 'midnight'],
    [time('12:30'), 'twelve thirty P M'],
    [time('0005'), 'twelve oh five A M'],
    [plain(['a', 'b', 3]), 'a, b and three'],
  ])('%s: %s', (words, read) => expect(readOut(words).trim()).toBe(read))
})

describe('a prompt with values', () => {
  const asks = collect(
    { collected: 'tell', invalid: 'bye', noInput: 'bye' },
    { prompt: 'Your number, ${caller.name}?', minDigits: 4, maxDigits: 4 },
  )
  const flow = draw({ asks, tell: say('You typed ${entry}. Is ${entry} right?', { done: 'bye' }), bye })

  it('is heard as one text, filled in, in one request', async () => {
    const call = await callIn(flow)
    await call.passes(6)
    await call.presses('4711')
    await call.passes(20)
    expect(await call.hears()).toEqual(['Your number, John?', 'You typed 4 7 1 1. Is 4 7 1 1 right?', 'Goodbye.'])
    expect(await call.sizes()).toEqual([2, 3, 1])
    expect(call.outcome()).toBe('endedByFlow')
  })

  it('leaves nothing of its values behind: not in the history, not in memory, not in an address', async () => {
    const call = await callIn(flow)
    await call.passes(6)
    await call.presses('4711')
    await call.passes(3)
    expect(call.bot.fresh.kept()).toBeGreaterThan(0)
    const ids = await call.ids()
    await call.passes(60)
    expect(call.outcome()).toBe('endedByFlow')
    expect(call.bot.fresh.kept()).toBe(0)
    const [known, secret] = [
      new Set(spoken(flow).prompts),
      ids.filter((id) => !spoken(flow).prompts.includes(id ?? '')),
    ]
    expect([known.size, secret.length]).toEqual([5, 2])
    for (const id of secret) {
      expect(id).toMatch(/^[0-9a-f-]{36}$/)
      expect(call.bot.fresh.get(id ?? '')).toBeNull()
    }
    const steps = JSON.stringify(call.bot.entries.filter(({ kind }) => kind === 'step'))
    expect(steps).not.toMatch(/4711|4 7 1 1/)
  })

  it('that is long is several requests in a row, and the call goes on when the last of them has ended', async () => {
    const text = Array.from({ length: 15 }, (_, n) => `Here comes the value of number ${n}: \${n}`).join(' ')
    const call = await callIn(draw({ a: say(text, { done: 'bye' }), bye }))
    await call.passes(59)
    expect(await call.sizes()).toEqual([20, 10])
    await call.passes(30)
    expect([await call.sizes(), call.exits()]).toEqual([[20, 10, 1], expect.arrayContaining(['a done'])])
    expect((await call.hears()).join(' ')).toBe(`${text.replaceAll('${n}', '0')} Goodbye.`)
  })

  it('takes the way of a failure when a value cannot be worked out', async () => {
    const call = await callIn(
      draw({ a: say('${10 / n}', { done: 'bye', error: 'no' }), no: say('No.', { done: 'bye' }), bye }),
    )
    await call.passes(20)
    expect([await call.hears(), call.exits()]).toEqual([['No.', 'Goodbye.'], expect.arrayContaining(['a error'])])
  })

  it('takes it too when Graph does not play it, and hears out what can be', async () => {
    const fault = { on: { operation: 'call-playprompt', nth: 1 }, do: { status: 400, code: '8500' } }
    const call = await callIn(draw({ a: say('Hello ${n}', { done: 'bye' }), bye }), fault)
    await call.passes(20)
    expect([await call.hears(), call.outcome()]).toEqual([['Sorry.'], 'failed'])
  })

  it('asks Graph for a prompt whose end is not told when its pieces are over, and no sooner', async () => {
    const fault = { on: { notification: 'deleted', resource: 'operation', nth: 1 }, do: { lose: true } }
    const text = 'One ${n} and then there are two ${n} and then there are three ${n} and then there is the end'
    const call = await callIn(draw({ a: say(text, { done: 'bye' }), bye }), fault)
    // Two seconds each, and ten for how late Graph may tell it.
    await call.passes(22)
    expect(await call.sizes()).toEqual([7])
    await call.passes(6)
    expect((await call.hears()).at(-1)).toBe('Goodbye.')
  })

  it('is forgotten when the caller hangs up in the middle of it', async () => {
    const call = await callIn(flow)
    await call.passes(2)
    expect(call.bot.fresh.kept()).toBe(1)
    await call.hangsUp()
    await call.passes(30)
    expect([call.bot.fresh.kept(), call.outcome(), call.bot.broken]).toEqual([0, 'callerHungUp', []])
  })
})
