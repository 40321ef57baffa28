import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { john } from '#emulator/testing/testLine.ts'
import type { CallView } from '#emulator/world/views.ts'
import type { Flow } from '#flow/flow.ts'
import { block, collect, draw, hangUp, menu, say } from '#flow/testing/draw.ts'
import { openForRuns } from './property/faultLine.ts'
import { openBot, sounds, spoken } from './property/realBot.ts'

/** Keys that work anywhere, and the way back to a menu: whole calls of the real bot and the emulator, in virtual time. */

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

const asks = (prompt: string, exits: Record<string, string>) =>
  menu(Object.keys(exits).join(''), { ...exits, noInput: 'bye', noMatch: 'bye' }, { prompt, noMatchRetries: 0 })
const flow = draw({
  main: asks('Main menu.', { '1': 'orders', '2': 'hold', '3': 'bye' }),
  orders: asks('Orders.', { '1': 'number' }),
  number: collect({ collected: 'bye', invalid: 'bye', noInput: 'bye' }, { prompt: 'Order number?', minDigits: 4 }),
  hold: say('Please hold.', { done: 'rest' }, { bargeIn: 'keys', keys: '' }),
  rest: block('wait', { seconds: 60 }, { done: 'bye' }),
  desk: hangUp('Operator.'),
  help: hangUp('Help.'),
  back: block('backToMenu', {}, { none: 'first' }),
  first: hangUp('This is the first menu.'),
  bye: hangUp('Goodbye.'),
  keys: block(
    'keysAnywhere',
    { options: ['0', '*', '3*'].map((key) => ({ key, label: '' })) },
    { '0': 'desk', '*': 'back', '3*': 'help' },
  ),
})

async function callIn(called: Flow) {
  const bot = await openBot(line, spoken(called), {})
  closeBot = bot.close
  const { id } = (await line.ask('POST', '/emulator/calls', { from: john })).body as CallView // the emulator's own answer
  await line.clock.advance(5_000)
  const prompts = async () => (await line.view(id)).transcript.flatMap((one) => (one.kind === 'prompt' ? [one] : []))
  return {
    async presses(tones: string, thenMs = 5_000) {
      await line.ask('POST', `/emulator/calls/${id}/tones`, { tones })
      await line.clock.advance(thenMs)
    },
    hears: async () => (await prompts()).map(({ resourceId }) => bot.textOf(resourceId)),
    exits: () =>
      bot.entries.flatMap((one) => (one.kind === 'step' && one.exit !== null ? [`${one.block} ${one.exit}`] : [])),
  }
}

it('0 leads from the middle of a prompt to the operator, and the history says by which key', async () => {
  const call = await callIn(flow)
  await call.presses('0')
  expect(await call.hears()).toEqual(['Main menu.', 'Operator.'])
  expect(call.exits()).toEqual(['incoming next', 'main anywhere', 'keys 0', 'desk done'])
})

it('star leads back menu by menu, and says where there is none before', async () => {
  const call = await callIn(flow)
  for (const key of '1*') await call.presses(key)
  expect(await call.hears()).toEqual(['Main menu.', 'Orders.', 'Main menu.'])
  await call.presses('*')
  expect((await call.hears()).at(-1)).toBe('This is the first menu.')
  expect(call.exits().slice(-6)).toEqual(['keys *', 'back back', 'main anywhere', 'keys *', 'back none', 'first done'])
})

it('in a number a 0 is a digit, and alone it leads to the operator after the pause', async () => {
  const call = await callIn(flow)
  await call.presses('11')
  await call.presses('0')
  expect((await call.hears()).at(-1)).toBe('Operator.')
  await closeBot?.()
  const other = await callIn(flow)
  await other.presses('11')
  await other.presses('1020#')
  expect(other.exits()).toContain('number collected')
})

it('a caller who waits leaves the wait by a key', async () => {
  const call = await callIn(flow)
  await call.presses('2', 20_000)
  await call.presses('3*')
  expect((await call.hears()).at(-1)).toBe('Help.')
  expect(call.exits()).toContain('rest anywhere')
})

it('a key that begins no longer answer is answered within 200 ms, and the others after the time for further keys', async () => {
  const call = await callIn(flow)
  await call.presses('1', 200)
  expect((await call.hears()).at(-1)).toBe('Orders.')
  await closeBot?.()
  const slow = await callIn(flow)
  await slow.presses('3', 1_900)
  expect(await slow.hears()).toEqual(['Main menu.'])
  await line.clock.advance(300)
  expect((await slow.hears()).at(-1)).toBe('Goodbye.')
})
