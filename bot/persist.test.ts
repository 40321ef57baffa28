import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Calls, Options } from '#communications/requests/calls.ts'
import { GraphError } from '#communications/road/error.ts'
import { manualClock } from '#communications/testing/manualClock.ts'
import type { Call } from '#communications/wire/types.ts'
import { createLiveCalls } from './liveCalls.ts'
import { createMemorySessions } from './memorySessions.ts'
import { program, tenant } from './testing/desk.ts'

/** What is still sent of a call, and how long, when Graph does not answer as it should. */

const unavailable = (operation: string) => new GraphError({ code: 'x', operation, status: 503 })
const never = () => new Promise<never>(() => {})
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  vi.useFakeTimers() // closing waits three seconds for what Graph never answers
  const closed = Promise.all(open.splice(0).map((one) => one.close()))
  await vi.advanceTimersByTimeAsync(3_000)
  await closed
  vi.useRealTimers()
})

/** A call on a Graph that the test plays. `asked` is what was asked of it, and `untils` what may stop that. */
function aCall(answers: Partial<Calls> = {}) {
  const clock = manualClock()
  const asked: string[] = []
  const untils = new Map<string, Options>()
  const contexts: string[] = []
  const recorded: string[] = []
  let keys = 0
  const calls = new Proxy(answers as Calls, {
    get:
      (given, name: keyof Calls) =>
      async (ref: never, ask: { clientContext?: string } & Options, options: Options = ask) => {
        asked.push(name)
        untils.set(name, options)
        if (ask?.clientContext && name === 'playPrompt') contexts.push(ask.clientContext)
        const answer = given[name] as ((...all: unknown[]) => Promise<unknown>) | undefined
        if (answer) return answer(ref, ask, options)
        return name === 'subscribeToTone' ? { status: 'completed' } : { id: 'operation', status: 'running' }
      },
  })
  const liveCalls = createLiveCalls({
    ...{ calls, clock },
    sessions: createMemorySessions(),
    route: async () => ({ program, test: false }),
    record: ({ kind }) => recorded.push(kind),
    callbackUri: 'https://bot.localhost/api/calls',
    log: { info() {}, warn() {}, error() {} },
    maxLiveCalls: 10,
  })
  open.push(liveCalls)
  const hears = async (
    call: Call,
    changeType: 'created' | 'updated' | 'deleted' = 'updated',
    inTheNameOf: string = tenant,
  ) => {
    await liveCalls.take(
      { changeType, callId: 'c', wireCallId: 'c', resource: 'call', call: { id: 'c', ...call } },
      inTheNameOf,
    )
    await clock.pass(1)
  }
  return {
    ...{ asked, clock, recorded, untils, hears, liveCalls },
    offered: () => hears({ state: 'incoming' }, 'created'),
    established: () => hears({ state: 'established', mediaState: { audio: 'active' } }),
    ended: (inTheNameOf?: string) => hears({ state: 'terminated' }, 'deleted', inTheNameOf),
    presses(digit: number) {
      keys += 1
      return hears({ state: 'established', toneInfo: { tone: `tone${digit}` as 'tone0', sequenceId: keys } })
    },
    async played() {
      const operation = { status: 'completed' as const, clientContext: contexts.at(-1) ?? '' }
      await liveCalls.take(
        { changeType: 'deleted', callId: 'c', wireCallId: 'c', resource: 'operation', operationId: 'o', operation },
        tenant,
      )
      await clock.pass(1)
    },
  }
}

describe('what waits behind a request that is not answered', () => {
  it('does not go out when the call has ended meanwhile, nor is that request tried again', async () => {
    const call = aCall({ subscribeToTone: never })
    await call.offered()
    await call.established()
    await call.ended()
    expect(call.asked).toEqual(['answer', 'subscribeToTone'])
    expect(call.untils.get('subscribeToTone')?.until?.aborted).toBe(true)
    // Cut off, it would cost its connection.
    expect(call.untils.get('subscribeToTone')?.signal).toBeUndefined()
  })

  it('is not asked for either when the flow has moved on: the prompt of a menu whose key is pressed', async () => {
    let answer = (_: object) => {}
    const call = aCall({ playPrompt: () => new Promise((resolve) => (answer = resolve as typeof answer)) })
    await call.offered()
    await call.established()
    answer({ id: 'o', status: 'running' })
    await call.clock.pass(1)
    await call.played()
    // The menu's prompt waits for Graph, and the caller knows it by heart.
    const { until } = call.untils.get('playPrompt') ?? {}
    expect(until?.aborted).toBe(false)
    await call.presses(2)
    expect(until?.aborted).toBe(true)
    answer({ id: 'o', status: 'running' })
    await call.clock.pass(1)
    expect(call.asked.slice(-2)).toEqual(['cancelMediaProcessing', 'playPrompt'])
  })
})

describe('a caller who rings, and whom no answer gets through to', () => {
  const unanswered = { answer: () => Promise.reject(unavailable('answer')) }

  it('hears that it is busy, and no prompt is asked for that Graph would refuse', async () => {
    const call = aCall(unanswered)
    await call.offered()
    await call.clock.pass(2_000)
    expect(call.asked).toEqual(['answer', 'reject'])
  })

  it('is hung up where Graph refuses that, or does not say', async () => {
    for (const reject of [never, () => Promise.reject(unavailable('reject'))]) {
      const call = aCall({ ...unanswered, reject })
      await call.offered()
      await call.clock.pass(2_000)
      expect(call.asked).toEqual(['answer', 'reject', 'hangUp'])
      await call.ended()
      expect(call.untils.get('reject')?.until?.aborted).toBe(true)
    }
  })
})

describe('a call without a session', () => {
  it('that is turned away is not rejected any more once it has ended, as its own tenant says', async () => {
    const call = aCall({ reject: never })
    await call.hears({ state: 'incoming', meetingInfo: {} as never }, 'created')
    const { until } = call.untils.get('reject') ?? {}
    await call.ended('another tenant')
    expect(until?.aborted).toBe(false)
    await call.ended()
    expect(until?.aborted).toBe(true)
    expect(call.asked).toEqual(['reject'])
  })

  const inSilence = async () => {
    const refused = () => Promise.reject(new GraphError({ code: '403', operation: 'playPrompt', status: 403 }))
    const call = aCall({ playPrompt: refused, hangUp: () => Promise.reject(unavailable('hangUp')) })
    await call.offered()
    await call.established()
    // The flow asks for it twice, 15 s apart, and gives the call up.
    await call.clock.pass(40_000)
    expect(call.asked.filter((what) => what === 'hangUp').length).toBeGreaterThan(2)
    expect(call.recorded).not.toContain('ended')
    return call
  }

  it('that is hung up again and again is over in the books when Graph says so, and is let be from then on', async () => {
    const call = await inSilence()
    await call.ended()
    const asked = call.asked.length
    await call.clock.pass(10 * 60_000)
    expect(call.asked).toHaveLength(asked)
    expect(call.recorded.filter((kind) => kind === 'ended')).toHaveLength(1)
  })

  it('is not over in the books because the process ends', async () => {
    const call = await inSilence()
    await call.liveCalls.close()
    const asked = call.asked.length
    await call.clock.pass(10 * 60_000)
    expect(call.asked).toHaveLength(asked)
    expect(call.recorded).not.toContain('ended')
  })
})

describe('a transfer that is not answered', () => {
  const toSales = async (answers: Partial<Calls>) => {
    const call = aCall(answers)
    await call.offered()
    await call.established()
    await call.played()
    await call.presses(1)
    await call.played()
    return call
  }

  it('is asked for again when Graph says that the call stands as before', async () => {
    let tries = 0
    const call = await toSales({
      transfer: async () => {
        tries += 1
        if (tries === 1) throw unavailable('transfer')
      },
      get: async () => ({ state: 'established' }),
    })
    await call.clock.pass(1_500)
    expect(call.asked.slice(-3)).toEqual(['transfer', 'get', 'transfer'])
  })

  it('is never asked for again when it is under way', async () => {
    const call = await toSales({
      transfer: () => Promise.reject(unavailable('transfer')),
      get: async () => ({ state: 'transferring' }),
    })
    await call.clock.pass(60_000)
    expect(call.asked.filter((what) => what === 'transfer')).toHaveLength(1)
    expect(call.asked).not.toContain('hangUp')
  })

  it('is refused at once where Graph says no', async () => {
    const call = await toSales({
      transfer: () => Promise.reject(new GraphError({ code: '403', operation: 'transfer', status: 403 })),
    })
    await call.clock.pass(1)
    expect(call.asked.slice(-2)).toEqual(['transfer', 'playPrompt'])
  })
})
