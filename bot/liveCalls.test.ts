import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Notification } from '#communications/inbound/notifications.ts'
import type { Calls } from '#communications/requests/calls.ts'
import { GraphError } from '#communications/road/error.ts'
import { manualClock } from '#communications/testing/manualClock.ts'
import type { Call } from '#communications/wire/types.ts'
import type { Soon } from '#ground/soon.ts'
import type { HistoryEntry } from '#store/history.ts'
import type { LiveCallsDeps } from './live.ts'
import { createLiveCalls } from './liveCalls.ts'
import { createMemorySessions } from './memorySessions.ts'
import type { Sessions } from './session.ts'
import {
  about,
  ended,
  established,
  news,
  played,
  playedGraph,
  pressed,
  program,
  silent,
  tenant,
} from './testing/desk.ts'

/** All live calls, before a Graph that the test plays. */
function liveCallsWith(answers: Partial<Calls> = {}, parts: Partial<LiveCallsDeps> = {}) {
  const { asked, calls } = playedGraph(answers)
  const entries: HistoryEntry[] = []
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const liveCalls = createLiveCalls({
    calls,
    sessions: createMemorySessions(),
    route: async () => ({ program, test: false }),
    record: (entry) => entries.push(entry),
    callbackUri: 'https://bot.localhost/api/calls',
    log,
    maxLiveCalls: 10,
    ...parts,
  })
  const take = async (notification: Notification, from = tenant) => {
    await liveCalls.take(notification, from)
    await liveCalls.settled()
  }
  open.push(liveCalls)
  return {
    liveCalls,
    asked,
    entries,
    log,
    operations: () => asked.map(({ operation }) => operation),
    steps: () => entries.flatMap((entry) => (entry.kind === 'step' ? [`${entry.block} ${entry.event}`] : [])),
    offered: (id = 'c', call: Call = {}) => take(news(id, { state: 'incoming', ...call }, 'created')),
    established: (id = 'c') => take(news(id, established)),
    presses: (digit: number, sequenceId: number, id = 'c') => take(news(id, pressed(digit, sequenceId))),
    /** The prompt asked for last has been played. */
    played: (id = 'c') => take(played(id, asked)),
    take,
  }
}

const gone = (operation: string) => new GraphError({ code: 'NotFound', operation, status: 404 })

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
  vi.useRealTimers()
})

it('moves a call from the ring to the menu by what it hears', async () => {
  const { offered, established, played, operations, steps } = liveCallsWith()
  await offered()
  await established()
  await played()
  expect(operations()).toEqual(['answer', 'subscribe', 'play', 'play'])
  expect(steps().slice(-2)).toEqual(['welcome left', 'menu entered'])
})

it('turns new calls away while the process cannot keep up, and goes on with those it has', async () => {
  let late = false
  const { offered, established, operations } = liveCallsWith({}, { turnsAway: () => late })
  await offered('one')
  late = true
  await offered('two')
  await established('one')
  expect(operations()).toEqual(['answer', 'reject busy', 'subscribe', 'play'])
})

it('answers once, however often the call is offered', async () => {
  const { offered, operations } = liveCallsWith()
  await Promise.all([offered(), offered(), offered()])
  expect(operations()).toEqual(['answer'])
})

it('plays the first prompt once, however often the call is said to be established', async () => {
  const { offered, established, operations } = liveCallsWith()
  await offered()
  await established()
  await established()
  expect(operations()).toEqual(['answer', 'subscribe', 'play'])
})

it('takes the end of a prompt that comes before the answer to its request', async () => {
  let early: (() => Soon<void>) | undefined
  const desk = liveCallsWith({
    async playPrompt(_call, { clientContext }) {
      desk.asked.push({ operation: 'play', context: clientContext })
      const notified = early
      early = undefined
      void notified?.()
      return { id: 'x', status: 'running', clientContext }
    },
  })
  early = () => desk.liveCalls.take(played('c', desk.asked), tenant)
  await desk.offered()
  await desk.established()
  await desk.liveCalls.settled()
  expect(desk.steps()).toContain('menu entered')
})

it('needs no notification for an operation that was complete at once', async () => {
  const desk = liveCallsWith({
    async playPrompt(_call, { clientContext }) {
      desk.asked.push({ operation: 'play', context: clientContext })
      return { '@odata.type': '#microsoft.graph.playPromptOperation', id: 'x', status: 'completed', clientContext }
    },
  })
  await desk.offered()
  await desk.established()
  expect(desk.steps()).toContain('menu entered')
})

it('drops the end of a prompt that the caller has talked over', async () => {
  const { offered, established, played, presses, take, asked, steps } = liveCallsWith()
  await offered()
  await established()
  await played()
  const menu = asked.at(-1)?.context ?? ''
  await presses(2, 1)
  const before = steps().length
  await take(
    ended('c', {
      '@odata.type': '#microsoft.graph.playPromptOperation',
      status: 'failed',
      clientContext: menu,
      resultInfo: { code: 400, subcode: 8508 },
    }),
  )
  expect(steps()).toHaveLength(before)
})

it('sends the cancellation before the prompt that follows, and waits for its answer', async () => {
  let answerCancel = () => {}
  const desk = liveCallsWith({
    cancelMediaProcessing: (_call, { clientContext }) => {
      desk.asked.push({ operation: 'cancel' })
      return new Promise((resolve) => {
        answerCancel = () => resolve({ status: 'completed', clientContext })
      })
    },
  })
  await desk.offered()
  await desk.established()
  await desk.played()
  void desk.presses(2, 1)
  await vi.waitFor(() => expect(desk.operations().at(-1)).toBe('cancel'))
  answerCancel()
  await desk.liveCalls.settled()
  expect(desk.operations().slice(-2)).toEqual(['cancel', 'play'])
})

describe('turned away', () => {
  it('as busy, when there are as many calls as there may be', async () => {
    const { offered, operations } = liveCallsWith({}, { maxLiveCalls: 1 })
    await offered('one')
    await offered('two')
    expect(operations()).toEqual(['answer', 'reject busy'])
  })

  it('when what answers cannot be known', async () => {
    const route = async () => {
      throw new Error('The database is away')
    }
    const { offered, operations } = liveCallsWith({}, { route })
    await offered()
    expect(operations()).toEqual(['reject none'])
  })

  it('an invitation to a meeting, which a phone menu has nothing to say to', async () => {
    const { offered, operations } = liveCallsWith()
    await offered('c', { meetingInfo: { '@odata.type': '#microsoft.graph.tokenMeetingInfo', token: 'x' } })
    expect(operations()).toEqual(['reject none'])
  })
})

describe('news', () => {
  it('in the name of another tenant changes nothing', async () => {
    const { offered, take, liveCalls, steps } = liveCallsWith()
    await offered()
    const before = steps()
    await take(news('c', { state: 'terminated' }, 'deleted'), 'another')
    expect(steps()).toEqual(before)
    expect(liveCalls.count).toBe(1)
  })

  it('after the end changes nothing and asks nothing', async () => {
    const { offered, established, take, played, presses, operations, liveCalls } = liveCallsWith()
    await offered()
    await established()
    await take(news('c', { state: 'terminated', resultInfo: { code: 200, subcode: 4521 } }, 'deleted'))
    const before = operations()
    await played()
    await presses(2, 1)
    await established()
    await offered()
    expect(operations()).toEqual(before)
    expect(liveCalls.count).toBe(0)
  })

  it('of an established call that nobody looks after hangs it up, once', async () => {
    const { established, operations } = liveCallsWith()
    await established('lost')
    await established('lost')
    expect(operations()).toEqual(['hangUp'])
  })

  it('of a call whose id is longer than any is are passed by (B24)', async () => {
    const { offered, operations } = liveCallsWith()
    await offered('c'.repeat(200_000))
    expect(operations()).toEqual([])
  })

  it('of a call that come before its ring do not hide it (B7)', async () => {
    const { offered, take, operations } = liveCallsWith()
    await take({ ...about('c'), changeType: 'updated', resource: 'participants', participants: [] })
    await offered()
    expect(operations()).toEqual(['answer'])
  })

  it('of its end that come before its ring are the end of it', async () => {
    const { offered, take, operations } = liveCallsWith()
    await take(news('c', { state: 'terminated' }, 'deleted'))
    await offered()
    expect(operations()).toEqual([])
  })

  it('of the roster or of things unknown is taken and means nothing', async () => {
    const { offered, take, steps } = liveCallsWith()
    await offered()
    const before = steps()
    await take({ ...about('c'), changeType: 'updated', resource: 'participants', participants: [] })
    await take({ ...about('c'), changeType: 'updated', resource: 'other', type: null })
    expect(steps()).toEqual(before)
  })
})

describe('when a request fails', () => {
  it('with 404, the call is over and is forgotten', async () => {
    const clock = manualClock()
    const { offered, established, liveCalls, entries } = liveCallsWith(
      { playPrompt: async () => Promise.reject(gone('playPrompt')) },
      { clock },
    )
    await offered()
    await established()
    await clock.pass(1000)
    expect(liveCalls.count).toBe(0)
    expect(entries.at(-1)).toMatchObject({ kind: 'ended', outcome: 'lost', endCode: 404 })
  })

  it('with 404, and the end of the call that says why comes a moment later, it is the end that counts (B25)', async () => {
    const desk = liveCallsWith({ playPrompt: async () => Promise.reject(gone('playPrompt')) })
    await desk.offered()
    await desk.established()
    await desk.take(news('c', { state: 'terminated', resultInfo: { code: 200, subcode: 4521 } }, 'deleted'))
    expect(desk.entries.at(-1)).toMatchObject({ kind: 'ended', outcome: 'callerHungUp', endCode: 200 })
  })

  it('in a way that nobody thought of, the caller hears the apology all the same', async () => {
    let first = true
    const desk = liveCallsWith({
      async playPrompt(_call, { prompts, clientContext }) {
        if (first) {
          first = false
          throw new TypeError('a fault of ours')
        }
        desk.asked.push({ operation: 'play', prompts: prompts.map(({ resourceId }) => resourceId) })
        return { status: 'running', clientContext }
      },
    })
    await desk.offered()
    await desk.established()
    expect(desk.asked.at(-1)?.prompts?.[0]).toContain('Sorry')
    expect(desk.log.warn).toHaveBeenCalled()
  })

  it('for a prompt that has no audio, the caller is not left in silence', async () => {
    const { offered, established, operations } = liveCallsWith(
      {},
      {
        route: async () => ({ program: silent, test: false }),
      },
    )
    await offered()
    await established()
    // The apology has no audio either, so the call ends.
    expect(operations()).toEqual(['answer', 'subscribe', 'hangUp'])
  })
})

it('goes on from what is kept, however often another process writes in between', async () => {
  const kept = createMemorySessions()
  const disturbed = new Set<number>()
  const sessions: Sessions = {
    load: (callId) => kept.load(callId),
    live: () => kept.live(),
    end: (callId) => kept.end(callId),
    get count() {
      return kept.count
    },
    save(session, before) {
      const now = kept.load(session.callId)
      if (before !== null && !disturbed.has(before) && typeof now === 'object' && 'callId' in now) {
        disturbed.add(before).add(before + 1)
        kept.save({ ...now, revision: before + 1 }, before)
      }
      return kept.save(session, before)
    },
  }
  const [calm, disturbedOne] = [liveCallsWith(), liveCallsWith({}, { sessions })]
  for (const one of [calm, disturbedOne]) {
    await one.offered()
    await one.established()
    await one.played()
    await one.presses(2, 1)
    await one.played()
  }
  expect(disturbed.size).toBeGreaterThan(8)
  expect(disturbedOne.operations()).toEqual(calm.operations())
  expect(disturbedOne.steps()).toEqual(calm.steps())
})

it('tries again when another process wrote in between', async () => {
  const sessions = createMemorySessions()
  let refusals = 2
  const save: typeof sessions.save = (session, before) =>
    before !== null && refusals-- > 0 ? false : sessions.save(session, before)
  const { offered, operations } = liveCallsWith({}, { sessions: { ...sessions, save } })
  await offered()
  expect(operations()).toEqual(['answer'])
})

describe('a long call', () => {
  it('is kept alive every 15 minutes', async () => {
    const clock = manualClock()
    const { offered, operations } = liveCallsWith({}, { clock })
    await offered()
    await clock.pass(46 * 60_000)
    expect(operations().filter((operation) => operation === 'keepAlive')).toHaveLength(3)
  })

  it('that Graph no longer knows is over', async () => {
    const clock = manualClock()
    const desk = liveCallsWith({ keepAlive: async () => Promise.reject(gone('keepAlive')) }, { clock })
    await desk.offered()
    await clock.pass(16 * 60_000)
    expect(desk.liveCalls.count).toBe(0)
  })
})

it('is kept alive by the clock, without anybody asking for it', async () => {
  vi.useFakeTimers()
  const { offered, operations } = liveCallsWith()
  await offered()
  await vi.advanceTimersByTimeAsync(17 * 60_000)
  expect(operations()).toContain('keepAlive')
})

it('leaves no timer behind when a call has ended', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { offered, established, played, take } = liveCallsWith()
  const forKeepAlive = vi.getTimerCount()
  await offered()
  await established()
  await played()
  await played() // the menu now waits for a key
  expect(vi.getTimerCount()).toBeGreaterThan(forKeepAlive)
  await take(news('c', { state: 'terminated' }, 'deleted'))
  expect(vi.getTimerCount()).toBe(forKeepAlive)
})

describe('a hang-up that Graph does not answer', () => {
  const noAnswer = () => Promise.reject(new GraphError({ code: 'timeout', operation: 'hangUp' }))

  /** A call that the bot wants to end, and how often it has asked for it. Its prompts have no audio, so it ends at once. */
  async function ending(hangUp: Calls['hangUp']) {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const asked = vi.fn(hangUp)
    const desk = liveCallsWith({ hangUp: asked }, { route: async () => ({ program: silent, test: false }) })
    await desk.offered()
    await desk.established()
    return { ...desk, asked }
  }

  it('is asked for again after the call was given up, until it is answered', async () => {
    let answers = false
    const { liveCalls, entries, asked } = await ending(() => (answers ? Promise.resolve() : noAnswer()))
    await vi.advanceTimersByTimeAsync(30_000)
    // Not over in the books while the caller may be on the line: how it came out is only kept for whoever comes after a crash.
    expect(entries.at(-1)).toMatchObject({ kind: 'leaving', outcome: 'lost' })
    expect(liveCalls.count).toBe(0)
    const before = asked.mock.calls.length
    await vi.advanceTimersByTimeAsync(20_000)
    expect(asked.mock.calls.length).toBe(before + 2)
    answers = true
    await vi.advanceTimersByTimeAsync(20 * 60_000)
    expect(asked.mock.calls.length).toBe(before + 3)
    expect(entries.at(-1)).toMatchObject({ kind: 'ended', outcome: 'lost' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is asked for once a minute as long as Graph says nothing, and the books stay open', async () => {
    const { asked, entries } = await ending(noAnswer)
    await vi.advanceTimersByTimeAsync(12 * 60_000)
    const before = asked.mock.calls.length
    await vi.advanceTimersByTimeAsync(60 * 60_000)
    expect(asked.mock.calls.length).toBe(before + 60)
    expect(entries.some(({ kind }) => kind === 'ended')).toBe(false)
  })

  it('is not asked for any more once the bot has stopped', async () => {
    const { asked, liveCalls } = await ending(noAnswer)
    await vi.advanceTimersByTimeAsync(31_000)
    await liveCalls.close()
    const before = asked.mock.calls.length
    await vi.advanceTimersByTimeAsync(20 * 60_000)
    expect(asked.mock.calls.length).toBe(before)
  })
})

it('keeps how a call will have come out before it asks Graph for its end', async () => {
  const order: string[] = []
  const record = (entry: HistoryEntry) => {
    if (entry.kind !== 'step') order.push(entry.kind === 'leaving' ? `leaving ${entry.outcome}` : entry.kind)
  }
  const desk = liveCallsWith({ hangUp: async () => void order.push('hangUp') }, { record })
  await desk.offered()
  await desk.established()
  await desk.played()
  await desk.presses(2, 1)
  await desk.played()
  await desk.played()
  expect(order).toEqual(['began', 'leaving endedByFlow', 'hangUp'])
  await desk.take(news('c', { state: 'terminated', resultInfo: { code: 200, subcode: 7000 } }, 'deleted'))
  expect(order.slice(3)).toEqual(['ended'])
})

it('writes a call down before it asks Graph to answer it', async () => {
  const order: string[] = []
  const answers = { answer: async () => void order.push('answer') }
  const desk = liveCallsWith(answers, { record: ({ kind }) => void order.push(kind) })
  await desk.offered()
  expect(order[0]).toBe('began')
  expect(order).toContain('answer')
})

describe('when the bot stops', () => {
  it('every live call is hung up and is lost', async () => {
    const { offered, established, liveCalls, operations, entries } = liveCallsWith()
    await offered('one')
    await offered('two')
    await established('two')
    await liveCalls.close()
    expect(operations().filter((operation) => operation === 'hangUp')).toHaveLength(2)
    expect(entries.filter(({ kind }) => kind === 'ended')).toMatchObject([{ outcome: 'lost' }, { outcome: 'lost' }])
    expect(liveCalls.count).toBe(0)
  })

  it('Graph is waited for no longer than three seconds, and what it did not answer is left to the next start', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { offered, liveCalls, entries } = liveCallsWith({ hangUp: () => new Promise(() => {}) })
    await offered()
    const closed = vi.fn()
    void liveCalls.close().then(closed)
    await vi.advanceTimersByTimeAsync(2_900)
    expect(closed).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(200)
    expect(closed).toHaveBeenCalled()
    expect(entries.some(({ kind }) => kind === 'ended')).toBe(false)
  })

  it('a call that comes at that moment is turned away as busy', async () => {
    let found = () => {}
    const route = () =>
      new Promise<{ program: typeof program; test: boolean }>((resolve) => {
        found = () => resolve({ program, test: false })
      })
    const { liveCalls, operations } = liveCallsWith({}, { route })
    const offering = liveCalls.take(news('c', { state: 'incoming' }, 'created'), tenant)
    await new Promise(setImmediate)
    const closing = liveCalls.close()
    found()
    await Promise.all([offering, closing])
    expect(operations()).toEqual(['reject busy'])
  })
})

it('never tells a digit, a name or a number to the log', async () => {
  const { offered, established, presses, log } = liveCallsWith({
    playPrompt: async () => Promise.reject(new GraphError({ code: 'x', operation: 'playPrompt', status: 500 })),
  })
  await offered('c', { source: { identity: { user: { id: 'user-7', displayName: 'Anna Berger' } } } })
  await established()
  await presses(7, 1)
  const logged = JSON.stringify([log.info.mock.calls, log.warn.mock.calls, log.error.mock.calls])
  expect(logged).toContain('play')
  for (const secret of ['Anna', 'user-7', 'tone7']) expect(logged).not.toContain(secret)
})
