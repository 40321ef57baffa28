import type { Clock } from '#ground/clock.ts'
import type { LiveCall } from '../calling/call.ts'
import { type CallingSettings, createCalling } from '../calling/calling.ts'
import { OperationError } from '../calling/operations.ts'
import { GraphError } from '../road/error.ts'
import { createFakeGraph, type Fate } from './fakeGraph.ts'
import { manualClock } from './manualClock.ts'

export const tenantId = '86dc81db-c112-4228-9222-63f3e5aa1edb'
export const callbackUri = 'https://bot.localhost/api/calls'
export const prompts = [{ uri: 'https://bot.localhost/hello.wav', resourceId: 'hello' }]

/** A bot that follows its calls, a Graph in memory, and a clock that we move. */
export function openLine(fate?: (what: string) => Fate, settings: Partial<CallingSettings> = {}) {
  const time = manualClock()
  /** How long each timer of the followed calls was to be. */
  const waits: number[] = []
  const clock: Clock = {
    now: time.now,
    after(ms, act) {
      waits.push(ms)
      return time.after(ms, act)
    },
  }
  const errors: unknown[] = []
  const graph = createFakeGraph(time, (news) => calling.hear([news], { tenantId }), fate)
  const calling = createCalling({
    client: graph.client,
    callbackUri,
    clock,
    onError: (error) => errors.push(error),
    ...settings,
  })
  /** Somebody calls, and the bot answers. */
  async function dial() {
    const id = crypto.randomUUID()
    const incoming = new Promise<LiveCall>((resolve) => calling.on('incoming', resolve))
    graph.ring(id)
    await time.pass(1)
    const call = await incoming
    const told: string[] = []
    const tell = (event: string) => () => told.push(event)
    for (const event of ['established', 'mediaActive', 'transferred', 'transferFailed', 'ended'] as const) {
      call.on(event, tell(event))
    }
    return { id, call, told }
  }
  async function answered() {
    const { id, call, told } = await dial()
    void call.answer()
    await time.pass(50)
    graph.asked.length = 0
    return { id, call, told }
  }
  return { time, waits, pass: time.pass, graph, calling, errors, dial, answered }
}

/** How a promise stands: `open`, what it resolved with, or the code of its error. */
export function fateOf<T>(promise: Promise<T>) {
  const fate: { now: string | T } = { now: 'open' }
  promise.then(
    (value) => {
      fate.now = value
    },
    (error) => {
      fate.now = error instanceof OperationError || error instanceof GraphError ? error.code : String(error)
    },
  )
  return fate
}
