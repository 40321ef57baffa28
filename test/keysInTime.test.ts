import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { LiveCallsDeps } from '#bot/live.ts'
import { wav } from '#emulator/testing/testBot.ts'
import { john } from '#emulator/testing/testLine.ts'
import type { CallView } from '#emulator/world/views.ts'
import type { Flow } from '#flow/flow.ts'
import { assign, block, draw, hangUp, say } from '#flow/testing/draw.ts'
import type { Value } from '#flow/values.ts'
import { openForRuns } from './property/faultLine.ts'
import { openBot, spoken } from './property/realBot.ts'

/**
 * Keys in time, to the millisecond (docs/keys.md): the real bot and the emulator in one process, in virtual time. Each block that asks
 * is held to the same sequences, those of today beside those of before. Prompts sound for three seconds, callers have five for the
 * first key and three for each further one.
 */

let promptMs = 3_000
let line: Awaited<ReturnType<typeof openForRuns>>
let close: (() => Promise<void>) | null = null
beforeAll(async () => {
  line = await openForRuns(async () => ({ status: 200, bytes: wav({ ms: promptMs }), text: null }))
})
afterEach(async () => {
  await close?.()
  close = null
  promptMs = 3_000
})
afterAll(() => line.close())

/** Every recording is there at once, with two seconds of speech in it. */
const fetched: LiveCallsDeps['recordings'] = {
  expect: () => {},
  late: () => {},
  take: async ({ callId }, visit, tell) => tell(callId, { type: 'recordingTaken', visit, spokenMs: 2_000 }),
}

type Terms = { fault?: object; services?: LiveCallsDeps['services'] }

/** Somebody calls. All times are counted from when the prompt of the block `it` begins to sound. */
async function callIn(flow: Flow, { fault, services }: Terms = {}) {
  const speak = async () => ({ wav: wav({ ms: promptMs }), durationMs: promptMs })
  const bot = await openBot(line, spoken(flow), { speak, recordings: fetched, ...(services && { services }) })
  close = bot.close
  if (fault) expect((await line.ask('POST', '/emulator/faults', fault)).status).toBe(204)
  const { id } = (await line.ask('POST', '/emulator/calls', { from: john })).body as CallView // the emulator's own answer
  const steps = () => bot.entries.flatMap((one) => (one.kind === 'step' ? [one] : []))
  const comesTo = (at: string, times = 1) => {
    const isThere = () => steps().filter(({ block, event }) => block === at && event !== 'left').length >= times
    return line.clock.runUntil(isThere, 600_000)
  }
  let base = 0
  const call = {
    /** The block's prompt begins, after so many words before it. */
    async asks() {
      await comesTo('it')
      base = line.clock.now()
      return call
    },
    comesTo,
    presses: async (keys: string) => line.ask('POST', `/emulator/calls/${id}/tones`, { tones: keys, gapMs: 0 }),
    hangsUp: () => line.ask('POST', `/emulator/calls/${id}/hangUp`),
    /** Lets time pass up to so many milliseconds. */
    at: (ms: number) => line.clock.advanceTo(base + ms),
    async pressesAt(ms: number, keys: string) {
      await call.at(ms)
      await call.presses(keys)
      await line.clock.advance(0)
    },
    hears: async () =>
      (await line.view(id)).transcript.flatMap((one) =>
        one.kind === 'prompt' ? [[bot.textOf(one.resourceId), Date.parse(one.at) - base] as const] : [],
      ),
    /** Keys that the bot has sent. */
    sent: async () =>
      (await line.view(id)).transcript.flatMap((one) =>
        one.kind === 'dtmf' ? [[one.tones, Date.parse(one.at) - base] as const] : [],
      ),
    /** How and when a block was left, each time. */
    left: (at = 'it') =>
      steps().flatMap(({ block, exit, at: when }) =>
        block === at && exit !== null ? [[exit, when.getTime() - base] as const] : [],
      ),
    entries: bot.entries,
  }
  return call
}

const next = block(
  'menu',
  { prompt: 'Next?', options: ['1', '2', '#'].map((key) => ({ key, label: '' })) },
  { '1': 'bye', '2': 'bye', '#': 'bye', noInput: 'bye', noMatch: 'bye' },
)

/** A block that asks, and a menu behind it whatever comes of it. */
function flowOf(
  type: string,
  settings: Record<string, Value>,
  rest: Partial<Flow> = {},
  before: Flow['blocks'] = {},
): Flow {
  const exits = ['1', '23', 'extension', 'collected', 'accepted', 'chosen', 'recorded', '2xx']
  const others = ['maxTime', 'sent', 'failed']
  const silent = ['noInput', 'noMatch', 'gaveUp', 'invalid', 'redo', 'finished', 'empty', 'noAudio', 'other', 'network']
  const links = [...exits, ...others, ...silent].map((name) => [name, 'next'])
  return draw(
    { ...before, it: block(type, settings, Object.fromEntries(links)), next, bye: hangUp() },
    { ...rest, variables },
  )
}
const variables: Flow['variables'] = {
  entry: { type: 'digits', initial: '' },
  n: { type: 'number', initial: 7 },
  items: { type: 'list', initial: ['pen', 'ink'] },
  t: { type: 'text', initial: '' },
}

const seconds = { waitSeconds: 5, noInputRetries: 0 }
/** A whole answer to each kind that asks, and how it is left by it and by silence. */
const asking = {
  menu: {
    ...{ keys: '1', exit: '1', silent: 'noInput' },
    settings: { ...seconds, prompt: 'Asks.', options: [{ key: '1', label: '' }] },
  },
  'menu with extensions and options of several keys': {
    ...{ type: 'menu', keys: '456', exit: 'extension', silent: 'noInput' },
    settings: {
      ...{ ...seconds, prompt: 'Asks.', extensionVariable: 'entry', furtherSeconds: 3 },
      options: ['1', '23'].map((key) => ({ key, label: '' })),
    },
  },
  collectDigits: {
    ...{ keys: '12', exit: 'collected', silent: 'noInput' },
    settings: { prompt: 'Asks.', variable: 'entry', maxDigits: 2, firstDigitSeconds: 5, noInputRetries: 0 },
  },
  confirm: {
    ...{ keys: '1', exit: 'accepted', silent: 'gaveUp' },
    settings: { ...seconds, value: 'n', prompt: '${value}?' },
  },
  readList: {
    ...{ keys: '1', exit: 'chosen', silent: 'noInput' },
    settings: {
      ...{ list: 'items', item: '${item}', chooseKey: '1', variable: 't' },
      ...{ goesOn: 'waits', pauseSeconds: 5, noInputRetries: 0 },
    },
  },
} satisfies Record<string, Asking>
type Asking = { type?: string; keys: string; exit: string; silent: string; settings: Record<string, Value> }
const flowFor = (
  name: string,
  { type = name, settings }: Asking,
  more: Record<string, Value> = {},
  ...rest: [Partial<Flow>?, Flow['blocks']?]
) => flowOf(type, { ...settings, ...more }, ...rest)

describe.each(Object.entries<Asking>(asking))('%s', (name, one) => {
  const { keys, exit, silent } = one
  const calls = async (more: Record<string, Value> = {}) => (await callIn(flowFor(name, one, more))).asks()

  it('hears a key 4,999 ms after its prompt, and goes on at once', async () => {
    const call = await calls()
    await call.pressesAt(7_999, keys)
    expect(call.left()).toEqual([[exit, 7_999]])
  })

  it('has gone on without one 5,001 ms after it; at exactly 5,000 either may win', async () => {
    const late = await calls()
    await late.pressesAt(8_001, keys)
    expect(late.left()).toEqual([[silent, 8_000]])
    await close?.()
    const exact = await calls()
    await exact.pressesAt(8_000, keys)
    expect([exit, silent]).toContain(exact.left()[0]?.[0])
  })

  it('runs no time down while a prompt of twenty seconds sounds', async () => {
    promptMs = 20_000
    const call = await calls()
    await call.pressesAt(24_999, keys)
    expect(call.left()).toEqual([[exit, 24_999]])
  })

  it("hears a key in its prompt's last millisecond", async () => {
    const call = await calls()
    await call.pressesAt(2_999, keys)
    expect(call.left()).toEqual([[exit, 2_999]])
  })

  it('asks ten times with nine retries', async () => {
    const call = await calls({ noInputRetries: 9 })
    await call.at(200_000)
    const [[left, ms] = ['', 0]] = call.left()
    expect([left, ms]).toEqual([silent, 80_000])
    expect((await call.hears()).filter(([, at]) => at < 80_000)).toHaveLength(10)
  })

  it('is left once by who hangs up in the same millisecond as the key, and the flow tidies up once', async () => {
    const flow = flowFor(name, one, {}, { onHangUp: 'tidy' })
    const tidy = { tidy: assign({ n: 'n + 1' }, { done: 'end' }), end: hangUp() }
    const call = await (await callIn({ ...flow, blocks: { ...flow.blocks, ...tidy } })).asks()
    await call.at(4_000)
    await Promise.all([call.presses(keys), call.hangsUp()])
    await call.at(60_000)
    expect([call.left().length, call.left('tidy').length]).toEqual([1, 1])
  })

  it.each([
    ['twice', { duplicate: 1 }],
    ['in another order', { reorder: true }],
  ])('knows an answer by news that are told %s', async (_, how) => {
    const fault = { on: { notification: 'updated', resource: 'call' }, do: how }
    const call = await (await callIn(flowFor(name, one), { fault })).asks()
    await call.pressesAt(4_000, keys)
    await call.at(7_000)
    expect(call.left().map(([how]) => how)).toEqual([exit])
  })
})

describe('an entry', () => {
  const digits = {
    prompt: 'Asks.',
    variable: 'entry',
    maxDigits: 4,
    interDigitSeconds: 3,
    noInputRetries: 0,
    invalidRetries: 0,
  }
  const several = {
    prompt: 'Asks.',
    furtherSeconds: 3,
    extensionVariable: 'entry',
    options: ['1', '23'].map((key) => ({ key, label: '' })),
  }
  const entryOf = async (type: string, settings: Record<string, Value>, ...pressed: [ms: number, keys: string][]) => {
    const call = await (await callIn(flowOf(type, settings))).asks()
    for (const [ms, keys] of pressed) await call.pressesAt(ms, keys)
    return call
  }

  it.each<[string, Record<string, Value>, string[], string]>([
    ['collectDigits', digits, ['1', '2', '#'], 'collected'],
    ['menu', several, ['4', '5', '6'], 'extension'],
    ['menu', several, ['2', '3'], '23'],
  ])('of %s is one, with 2,999 ms between its keys', async (type, settings, keys, exit) => {
    const call = await entryOf(type, settings, ...keys.map((key, n): [number, string] => [4_000 + n * 2_999, key]))
    await call.at(30_000)
    expect(call.left()[0]?.[0]).toBe(exit)
    const [last] = call.entries.flatMap((one) => (one.kind === 'step' && one.exit === exit ? [one.detail] : []))
    if (type === 'collectDigits') expect(last).toEqual({ digits: 2 })
  })

  it.each<[string, Record<string, Value>, string, string]>([
    ['collectDigits', digits, 'collected', '1'],
    ['menu', several, '1', '1'],
  ])(
    'of %s ends after 3,000 ms, so that a key 3,001 ms later is for the next question',
    async (type, settings, exit, key) => {
      const call = await entryOf(type, settings, [4_000, key], [7_001, '2'])
      expect([call.left(), call.left('next')]).toEqual([[[exit, 7_000]], [['2', 7_001]]])
    },
  )

  it('ends at once by its end key, by its last digit, and where no further key makes another answer', async () => {
    expect((await entryOf('collectDigits', digits, [4_000, '12#'])).left()).toEqual([['collected', 4_000]])
    await close?.()
    expect((await entryOf('collectDigits', digits, [4_000, '1234'])).left()).toEqual([['collected', 4_000]])
    await close?.()
    expect((await entryOf('menu', { ...several, extensionVariable: '' }, [4_000, '2'], [4_100, '3'])).left()).toEqual([
      ['23', 4_100],
    ])
  })

  it('that is full is not followed by its end key into the next menu, and a digit too many is', async () => {
    const full = await entryOf('collectDigits', digits, [4_000, '1234#'])
    await full.at(5_000)
    expect([full.left(), full.left('next')]).toEqual([[['collected', 4_000]], []])
    await close?.()
    const more = await entryOf('collectDigits', digits, [4_000, '12342'])
    expect([more.left(), more.left('next')]).toEqual([[['collected', 4_000]], [['2', 4_000]]])
  })

  it('typed ahead with a key too many confirms nothing that was not read out', async () => {
    const flow = flowOf('collectDigits', digits, {}, { words: say('Welcome.', { done: 'it' }) })
    const ask = block(
      'confirm',
      { value: 'entry', prompt: '${value}?' },
      { accepted: 'bye', redo: 'it', gaveUp: 'bye' },
    )
    const call = await callIn({ ...flow, blocks: { ...flow.blocks, next: ask } })
    await call.comesTo('words')
    await call.presses('12341')
    await call.asks()
    await call.at(2_000)
    expect([call.left(), call.left('next')]).toEqual([[['collected', 0]], []])
    await call.pressesAt(3_001, '1')
    expect(call.left('next')).toEqual([['accepted', 3_001]])
  })

  it('that is full confirms nothing by a key too many, until a second of its reading has sounded', async () => {
    const ask = block(
      'confirm',
      { value: 'entry', prompt: '${value}?' },
      { accepted: 'bye', redo: 'it', gaveUp: 'bye' },
    )
    const flow = flowOf('collectDigits', digits)
    const call = await (await callIn({ ...flow, blocks: { ...flow.blocks, next: ask } })).asks()
    await call.pressesAt(4_000, '12341')
    await call.pressesAt(4_300, '1')
    await call.pressesAt(4_999, '1')
    expect([call.left(), call.left('next')]).toEqual([[['collected', 4_000]], []])
    await call.pressesAt(5_000, '1')
    expect(call.left('next')).toEqual([['accepted', 5_000]])
  })

  it('typed ahead during the words before is taken when they are over, with the menu behind it', async () => {
    const words: Flow['blocks'] = { words: say('Welcome.', { done: 'it' }) }
    const call = await callIn(flowOf('collectDigits', { ...digits, maxDigits: 12 }, {}, words))
    await call.comesTo('words')
    await call.presses('1234567890122')
    await call.asks()
    await call.at(0)
    expect([call.left(), call.left('next')]).toEqual([[['collected', 0]], [['2', 0]]])
    expect((await call.hears()).map(([text]) => text)).toEqual(['Welcome.'])
  })

  it('that is wrong and silence are counted apart', async () => {
    const call = await entryOf('collectDigits', { ...digits, minDigits: 3, invalidRetries: 1, noInputRetries: 1 }, [
      4_000,
      '1#',
    ])
    // Again at once, for three seconds, then five of silence, and the same once more.
    await call.at(30_000)
    expect(call.left()).toEqual([['noInput', 20_000]])
  })

  it('of no digits is nothing typed, or an empty number where that may be (K3)', async () => {
    expect((await entryOf('collectDigits', digits, [4_000, '#'])).left()).toEqual([['noInput', 4_000]])
    await close?.()
    expect((await entryOf('collectDigits', { ...digits, minDigits: 0 }, [4_000, '#'])).left()).toEqual([
      ['collected', 4_000],
    ])
  })

  it('after a flash is taken without waiting (K2)', async () => {
    const call = await entryOf('collectDigits', digits, [4_000, '!'], [6_000, '1#'])
    expect(call.left()).toEqual([['collected', 6_000]])
  })
})

describe('words before a question', () => {
  const words: Flow['blocks'] = { words: say('Welcome.', { done: 'it' }) }

  it.each(Object.entries<Asking>(asking).filter(([, { settings }]) => !('list' in settings)))(
    'of %s that cannot be interrupted: a key before it is forgotten, one while it sounds counts at its end (K1)',
    async (name, one) => {
      const call = await callIn(flowFor(name, one, { bargeIn: false, typeAhead: true }, {}, words))
      await call.comesTo('words')
      await call.presses(one.keys)
      await call.asks()
      await call.at(2_999)
      expect([call.left(), (await call.hears()).length]).toEqual([[], 2])
      await call.presses(one.keys)
      await call.at(3_000)
      expect(call.left()).toEqual([[one.exit, 3_000]])
    },
  )
})

describe('a recording', () => {
  const greeting = { prompt: 'Leave a message.', firstSeconds: 5, silenceSeconds: 3, maxSeconds: 20 }
  const calls = async () => (await callIn(flowOf('recordMessage', greeting))).asks()
  /** The greeting, and the beep of half a second. */
  const listensAt = 3_500

  it('is over after five seconds in which nothing is said', async () => {
    const call = await calls()
    await call.at(listensAt + 4_999)
    expect(call.left()).toEqual([])
    await call.at(listensAt + 5_000)
    expect(call.left()).toEqual([['noAudio', listensAt + 5_000]])
  })

  it('does not answer the menu behind it by the key that ends it, and by the next one it does', async () => {
    const call = await calls()
    await call.pressesAt(listensAt + 2_000, '#')
    await call.comesTo('next')
    const [[, ended] = ['', 0]] = call.left()
    expect(ended).toBeGreaterThanOrEqual(listensAt + 2_000)
    await call.at(ended + 1_000)
    expect(call.left('next')).toEqual([])
    await call.pressesAt(ended + 1_001, '#')
    expect(call.left('next')).toEqual([['#', ended + 1_001]])
  })
})

describe('a service that is asked', () => {
  const ask = { url: 'https://service.example/', filler: 'One moment.', fillerSeconds: 1.5 }
  /** Answers after so many milliseconds. */
  const after = (ms: number): LiveCallsDeps['services'] => ({
    send: () =>
      new Promise((resolve) =>
        line.clock.after(ms, () => resolve({ status: 200, headers: {}, body: Buffer.from('{}') })),
      ),
    secret: async () => null,
    values: () => ({}),
  })
  const calls = async (ms: number) => (await callIn(flowOf('httpRequest', ask), { services: after(ms) })).asks()

  it('says nothing to who waits 1,499 ms, and at 1,500 that it takes a moment', async () => {
    const quick = await calls(1_499)
    await quick.at(2_000)
    expect([quick.left(), await quick.hears()]).toEqual([[['2xx', 1_499]], [['Next?', 1_499]]])
    await close?.()
    const slow = await calls(3_000)
    await slow.at(3_100)
    // What it says is cut off by what comes behind it.
    expect([slow.left(), await slow.hears()]).toEqual([
      [['2xx', 3_000]],
      [
        ['One moment.', 1_500],
        ['Next?', 3_000],
      ],
    ])
  })

  it('leaves keys that are pressed meanwhile to the question behind it', async () => {
    const call = await calls(3_000)
    await call.pressesAt(2_000, '2')
    await call.at(3_000)
    expect([call.left(), call.left('next')]).toEqual([[['2xx', 3_000]], [['2', 3_000]]])
  })
})

describe('music on hold', () => {
  const music = { prompts: ['Music.'], options: [{ key: '1', label: '' }], intervalSeconds: 1, maxSeconds: 10 }
  const calls = async (more: Record<string, Value> = {}) =>
    (await callIn(flowOf('holdMusic', { ...music, ...more }))).asks()

  it('sounds again a second after its end, and is cut off when its ten seconds are over', async () => {
    const call = await calls()
    await call.at(10_500)
    expect([call.left(), await call.hears()]).toEqual([
      [['maxTime', 10_000]],
      [
        ['Music.', 0],
        ['Music.', 4_000],
        ['Music.', 8_000],
        ['Next?', 10_000],
      ],
    ])
  })

  it('without a pause sounds again at once', async () => {
    const call = await calls({ intervalSeconds: 0 })
    await call.at(9_500)
    expect(await call.hears()).toEqual([
      ['Music.', 0],
      ['Music.', 3_000],
      ['Music.', 6_000],
      ['Music.', 9_000],
    ])
  })

  it.each([
    ['while it sounds', 4_500],
    ['in the pause', 3_500],
    ['at the very end', 2_999],
  ])('is left at once by a key %s, and by no other', async (_, ms) => {
    const call = await calls()
    await call.pressesAt(ms - 100, '7')
    await call.pressesAt(ms, '1')
    expect(call.left()).toEqual([['1', ms]])
  })
})

describe('keys that are sent', () => {
  it('go out as far apart as is set, and the call goes on behind the last', async () => {
    const call = await (await callIn(flowOf('sendDtmf', { tones: '1 2 #', gapMs: 500 }))).asks()
    await call.at(2_000)
    expect([await call.sent(), call.left()]).toEqual([
      [
        ['1', 0],
        ['2', 500],
        ['#', 1_000],
      ],
      [['sent', 1_500]],
    ])
  })

  it('leave keys that are pressed meanwhile to the question behind them', async () => {
    const call = await (await callIn(flowOf('sendDtmf', { tones: '12', gapMs: 500 }))).asks()
    await call.pressesAt(600, '2')
    await call.at(1_000)
    expect([call.left(), call.left('next')]).toEqual([[['sent', 1_000]], [['2', 1_000]]])
  })

  it('are cancelled by nothing but the end of the call', async () => {
    const call = await (await callIn(flowOf('sendDtmf', { tones: '123456', gapMs: 500 }))).asks()
    await call.at(1_200)
    await call.hangsUp()
    await line.clock.advance(0)
    expect([call.left(), (await call.sent()).length]).toEqual([[['hangup', 1_200]], 3])
  })
})
