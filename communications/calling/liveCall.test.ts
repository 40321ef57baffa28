import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Notification } from '../inbound/notifications.ts'
import { downloadRecording } from '../requests/recordings.ts'
import { GraphError } from '../road/error.ts'
import type { Fate } from '../testing/fakeGraph.ts'
import { callbackUri, fateOf, openLine, prompts, tenantId } from '../testing/followedLine.ts'
import type { Call, Participant, ToneInfo } from '../wire/types.ts'
import type { LiveCall } from './call.ts'

/** Calls whose news come late, twice, together or not at all, and bots that do not wait for what they ask. */

const minutes = 60_000
const target = { user: { id: '112f7296-5fa4-42ca-bae8-6a692b15d4b8' } }
const back = { call: { state: 'established' as const, resultInfo: { code: 500, subcode: 7000 } } }
const slowly = (what: string): Fate => ({ ms: what === 'answer' ? 100 : 0, times: 1, answered: true })

const unhandled: unknown[] = []
const note = (error: unknown) => unhandled.push(error)
beforeEach(() => {
  unhandled.length = 0
  process.on('unhandledRejection', note)
})
afterEach(() => {
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})

describe('a second transfer', () => {
  /** A call that the first target has declined. Graph does nothing by itself. */
  async function declined() {
    const line = openLine()
    const { id, call } = await line.answered()
    line.graph.client.calls.transfer = async () => {}
    const first = fateOf(call.transfer({ target }))
    line.graph.tell(id, { call: { state: 'transferring' } })
    line.graph.tell(id, back)
    await line.pass(1)
    expect(first.now).toBe('transferFailed')
    return { ...line, id, call }
  }

  it('does not fail by the repeated failure of the first', async () => {
    const { call, id, graph, pass } = await declined()
    const second = fateOf(call.transfer({ target }))
    graph.know(id, { state: 'transferring' })
    graph.tell(id, { call: { state: 'transferring' } })
    await pass(1)
    graph.tell(id, back)
    await pass(1)
    expect(second.now).toBe('open')
    graph.tell(id, { call: { state: 'transferAccepted' } })
    await pass(1)
    expect(second.now).toBeUndefined()
  })

  it('fails in the same way when Graph says so', async () => {
    const { call, id, graph, pass } = await declined()
    const second = fateOf(call.transfer({ target }))
    graph.tell(id, { call: { state: 'transferring' } })
    graph.know(id, back.call)
    graph.tell(id, back)
    await pass(1)
    expect(second.now).toBe('transferFailed')
    expect(graph.asked).toEqual(['get'])
  })

  it('is refused while the first is under way, which goes on', async () => {
    const { graph, pass, answered } = openLine()
    const { call } = await answered()
    graph.transfer = 'fail'
    const first = fateOf(call.transfer({ target }))
    await pass(20)
    await expect(call.transfer({ target })).rejects.toMatchObject({ name: 'GraphError', code: 'badRequest' })
    await pass(600)
    expect(first.now).toBe('transferFailed')
    expect(graph.asked.filter((operation) => operation === 'transfer')).toHaveLength(1)
    graph.transfer = 'accept'
    const next = fateOf(call.transfer({ target }))
    await pass(600)
    expect(next.now).toBeUndefined()
  })
})

it('a transfer is not undone by the answer to a question from before it', async () => {
  const { graph, pass, answered } = openLine()
  const { id, call } = await answered()
  let answer = (_call: Call) => {}
  graph.client.calls.get = () =>
    new Promise((resolve) => {
      answer = resolve
    })
  graph.refuse('playPrompt', 404)
  void call.playPrompt({ prompts })
  await pass(1)
  graph.heal()
  const transfer = fateOf(call.transfer({ target }))
  await pass(20)
  expect(call.state).toBe('transferring')
  answer({ state: 'established' })
  await pass(1)
  expect([call.state, transfer.now]).toEqual(['transferring', 'open'])
  await pass(600)
  expect(transfer.now).toBeUndefined()
  expect(call.ended).not.toBeNull()
  expect(id).toBe(call.id)
})

describe('what nobody waits for', () => {
  it('ends no process when it fails while the call goes on', async () => {
    const { graph, pass, answered, errors } = openLine()
    const { call } = await answered()
    const told: unknown[] = []
    call.on('operation', ({ status }) => told.push(status))
    graph.outcome = { status: 'failed', resultInfo: { code: 400, subcode: 8508 } }
    void call.playPrompt({ prompts })
    void call.until('tone', 100)
    await pass(2_000)
    expect({ told, errors }).toEqual({ told: ['failed'], errors: [] })
  })

  it('is told to onError when Graph refuses it, and only then', async () => {
    const { graph, pass, answered, errors } = openLine()
    const { call } = await answered()
    graph.refuse('playPrompt', 403, '7504')
    const play = async () => await call.playPrompt({ prompts })
    const waited = [
      fateOf(call.playPrompt({ prompts })),
      fateOf(play()),
      fateOf(Promise.all([call.playPrompt({ prompts })])),
    ]
    await pass(1)
    expect(waited.map(({ now }) => now)).toEqual(['7504', '7504', '7504'])
    expect(errors).toEqual([])
    void call.playPrompt({ prompts })
    await pass(1)
    expect(errors).toMatchObject([{ name: 'GraphError', code: '7504' }])
  })

  it('is an answer too, also when the caller hangs up before it is taken', async () => {
    const { graph, pass, dial, errors } = openLine(slowly)
    const { id, call } = await dial()
    void call.answer()
    await pass(1)
    graph.end(id)
    await pass(200)
    expect({ how: call.ended?.how, errors }).toEqual({ how: 'terminated', errors: [] })
  })
})

describe('a time limit', () => {
  const silent = (what: string): Fate => ({ ms: 0, times: what.startsWith('operation') ? 0 : 1, answered: true })

  it.each([0, Number.NaN, -1, 1])('of %s ms asks Graph once a second at most', async (guardMs) => {
    const { graph, pass, answered } = openLine(silent)
    const { call } = await answered()
    graph.operationMs = 10 * minutes
    void call.playPrompt({ prompts, guardMs })
    await pass(10_500)
    expect(graph.asked.filter((operation) => operation === 'getOperation')).toHaveLength(10)
  })

  it('that is infinite never asks, and one beyond the longest timer does not go off at once', async () => {
    const { graph, pass, answered, waits } = openLine(silent)
    const { call } = await answered()
    graph.operationMs = 10 * minutes
    void call.playPrompt({ prompts, guardMs: Number.POSITIVE_INFINITY })
    void call.until('tone', Number.POSITIVE_INFINITY)
    void call.until('tone', 2 ** 40)
    await pass(10 * minutes)
    expect(graph.asked).toEqual(['playPrompt'])
    expect(Math.max(...waits)).toBe(2 ** 31 - 1)
  })

  it('that is beyond the longest timer is kept all the same', async () => {
    const { graph, pass, answered } = openLine()
    const { id, call } = await answered()
    const late = fateOf(call.until('transferred', 2 ** 31 + 5_000))
    for (let part = 0; part < 4; part += 1) await pass(2 ** 29)
    expect(late.now).toBe('open')
    await pass(6_000)
    expect(late.now).toBe('timeout')
    graph.end(id)
  })
})

describe('rejecting and redirecting', () => {
  const asks: Record<string, (call: LiveCall) => Promise<void>> = {
    reject: (call) => call.reject({ reason: 'busy' }),
    redirect: (call) => call.redirect({ targets: [target] }),
  }

  it.each(Object.keys(asks))('%s has come about when the end is heard before the answer', async (name) => {
    const { pass, dial } = openLine(slowly)
    const { call } = await dial()
    const fate = fateOf(asks[name]?.(call) ?? Promise.reject(new Error(name)))
    await pass(1)
    expect(call.ended?.how).toBe('terminated')
    expect(fate.now).toBeUndefined()
  })

  it.each(Object.keys(asks))('%s has not when the call was over before', async (name) => {
    const { graph, pass, dial } = openLine()
    const { id, call } = await dial()
    graph.end(id)
    await pass(1)
    await expect(asks[name]?.(call)).rejects.toMatchObject({ code: 'callEnded' })
  })
})

describe('news of calls that nobody follows', () => {
  /** Creates that are answered, or fail, when we say so. */
  function placing() {
    const line = openLine()
    const open: { resolve(call: Call & { id: string }): void; reject(error: unknown): void }[] = []
    line.graph.client.calls.create = () => new Promise((resolve, reject) => open.push({ resolve, reject }))
    const place = () => line.calling.place({ tenantId, targets: [target] })
    const unknown: string[] = []
    line.calling.on('unknown', ({ id }) => unknown.push(id))
    const tell = (id: string) => line.graph.tell(id, { call: { state: 'established' } })
    return { ...line, open, place, unknown, tell }
  }

  it('are told when the calls that were being placed are known, though others are placed by then', async () => {
    const { open, place, unknown, tell, pass, calling } = placing()
    void place()
    tell('from-before')
    await pass(1)
    void place()
    expect(unknown).toEqual([])
    open[0]?.resolve({ id: 'placed-1' })
    await pass(1)
    void place()
    expect(unknown).toEqual(['from-before'])
    expect(calling.calls.map(({ id }) => id)).toEqual(['placed-1'])
    calling.close()
  })

  it('are told rather than forgotten when they are too many', async () => {
    const { open, place, unknown, tell, pass, calling } = placing()
    const placed = place()
    for (let n = 0; n < 1_002; n += 1) tell(`call-${n}`)
    await pass(1)
    expect(unknown).toEqual(['call-0', 'call-1'])
    // Those that came last are still there.
    open[0]?.resolve({ id: 'call-1001' })
    await pass(0)
    const established = fateOf((await placed).until('established'))
    await pass(1)
    expect(established.now).toBeUndefined()
    expect(unknown).toHaveLength(1_001)
    calling.close()
  })

  it('are not told of a call that is being taken up, however many others there are', async () => {
    const { graph, place, unknown, tell, pass, calling } = placing()
    graph.client.calls.get = () => new Promise(() => {})
    void place()
    tell('resumed')
    await pass(1)
    void calling.resume({ id: 'resumed', tenantId })
    for (let n = 0; n < 1_001; n += 1) tell(`call-${n}`)
    await pass(1)
    expect(unknown).toEqual(['call-0', 'call-1'])
    calling.close()
  })

  it('are kept for one call up to a hundred', async () => {
    const { open, place, unknown, tell, pass } = placing()
    const placed = fateOf(place())
    for (let n = 0; n < 150; n += 1) tell('talkative')
    await pass(1)
    open[0]?.reject(new GraphError({ code: 'timeout', operation: 'create' }))
    await pass(1)
    expect(placed.now).toBe('timeout')
    expect(unknown).toHaveLength(100)
  })

  it('are those of the placed call also when its end came before the answer', async () => {
    const { open, place, pass, graph, calling, unknown } = placing()
    const placed = place()
    graph.tell('quick', { changeType: 'deleted', call: { state: 'terminated' } })
    await pass(1)
    open[0]?.resolve({ id: 'quick' })
    await pass(0)
    const call = await placed
    const ended = fateOf(call.until('ended'))
    await pass(1)
    expect(ended.now).toMatchObject({ how: 'terminated' })
    expect([calling.calls, unknown]).toEqual([[], []])
  })
})

describe('after closing', () => {
  it('nobody is called any more, and nothing is taken up', async () => {
    const { calling, graph } = openLine()
    calling.close()
    await expect(calling.place({ tenantId, targets: [target] })).rejects.toMatchObject({ code: 'closed' })
    await expect(calling.resume({ id: 'x', tenantId })).rejects.toMatchObject({ code: 'closed' })
    expect(graph.asked).toEqual([])
  })

  it('a call that was being placed is hung up, since nobody follows it', async () => {
    const { calling, graph, pass, errors } = openLine(slowly)
    const placed = fateOf(calling.place({ tenantId, targets: [target] }))
    await pass(10)
    calling.close()
    await pass(1_000)
    expect(placed.now).toBe('closed')
    expect(graph.asked).toEqual(['create', 'hangUp'])
    expect({ errors, calls: calling.calls }).toEqual({ errors: [], calls: [] })
  })
})

describe('the roster', () => {
  const person = (n: number): Participant => ({ id: `0000000${n}-0000-4000-8000-000000000000` })
  const delta = (id: string, sequenceNumber: number, ...participants: Participant[]): Notification => ({
    ...{ callId: id, wireCallId: id, changeType: 'updated', resource: 'participants' },
    ...{ delta: true, sequenceNumber, participants },
  })

  it('is asked for once a second at most, however many changes are missing', async () => {
    const { graph, pass, answered } = openLine((what) => ({ ms: what === 'answer' ? 30 : 0, times: 1, answered: true }))
    const { id } = await answered()
    await pass(100)
    for (let n = 1; n <= 100; n += 1) {
      graph.post(delta(id, n * 2, person(1)))
      await pass(50)
    }
    const asked = graph.asked.filter((operation) => operation === 'list').length
    expect(asked).toBeGreaterThanOrEqual(4)
    expect(asked).toBeLessThanOrEqual(6)
  })

  it('is asked for again when more is missing by the time of the answer', async () => {
    const { graph, pass, answered } = openLine((what) => ({
      ms: what === 'answer' ? 100 : 0,
      times: 1,
      answered: true,
    }))
    const { id } = await answered()
    await pass(200)
    graph.post(delta(id, 5, person(1)))
    await pass(10)
    graph.post(delta(id, 9, person(1)))
    await pass(5_000)
    expect(graph.asked.filter((operation) => operation === 'list')).toHaveLength(2)
  })

  it('is asked for once more, and not once for each change that is missing', async () => {
    const { graph, pass, answered, time } = openLine()
    const { id } = await answered()
    const timers = time.waiting()
    for (let n = 1; n <= 20; n += 1) {
      graph.post(delta(id, n * 2, person(1)))
      await pass(10)
    }
    expect(time.waiting()).toBe(timers + 1)
    await pass(5_000)
    expect(graph.asked).toEqual(['list', 'list'])
  })

  it('that Graph answers with is taken, under what came meanwhile', async () => {
    const { graph, pass, answered } = openLine((what) => ({
      ms: what === 'answer' ? 100 : 0,
      times: 1,
      answered: true,
    }))
    const { id, call } = await answered()
    await pass(200)
    graph.roster = [person(1), person(2)]
    graph.post(delta(id, 5, person(1)))
    await pass(10)
    graph.post(delta(id, 6, person(3)))
    await pass(10)
    graph.post(delta(id, 7, { ...person(2), removedState: {} }))
    await pass(5_000)
    expect([...call.roster.keys()].sort()).toEqual([person(1).id, person(3).id])
    expect(graph.asked.filter((operation) => operation === 'list')).toHaveLength(1)
  })
})

describe('keys', () => {
  it('that wait for a lost one are told in time, though others are pressed', async () => {
    const { graph, pass, answered } = openLine()
    const { id, call } = await answered()
    const told: number[] = []
    call.on('tone', ({ sequenceId }) => told.push(sequenceId))
    for (const sequenceId of [1, 3, 4, 5]) {
      graph.press(id, sequenceId, 'tone1')
      await pass(300)
    }
    expect(told).toEqual([1, 3, 4, 5])
  })

  it('wait as long for the next lost one as for the first', async () => {
    const { graph, pass, answered } = openLine()
    const { id, call } = await answered()
    const told: number[] = []
    call.on('tone', ({ sequenceId }) => told.push(sequenceId))
    for (const sequenceId of [1, 3]) graph.press(id, sequenceId, 'tone1')
    await pass(300)
    for (const sequenceId of [5, 2]) graph.press(id, sequenceId, 'tone1')
    await pass(300)
    expect(told).toEqual([1, 2, 3])
    await pass(150)
    expect(told).toEqual([1, 2, 3, 5])
  })

  it('that come together are all there for who reads them one after the other', async () => {
    const { graph, pass, answered } = openLine()
    const { id, call } = await answered()
    const keys = call.tones()
    for (const [index, tone] of (['tone1', 'tone2', 'pound', 'tone9'] as const).entries()) {
      graph.press(id, index + 1, tone)
    }
    await pass(1)
    const typed: string[] = []
    for await (const { tone } of keys) {
      if (tone === 'pound') break
      typed.push(tone)
      await pass(10)
    }
    expect(typed).toEqual(['tone1', 'tone2'])
    expect(await keys.next()).toEqual({ value: undefined, done: true })
    graph.press(id, 5, 'star')
    await pass(1)
    expect(await keys.next()).toEqual({ value: undefined, done: true })
  })

  it('end with the call, after the last of them, and at once when it is over already', async () => {
    const { graph, pass, answered } = openLine()
    const { id, call } = await answered()
    const early = call.tones()
    const waiting = call.tones()
    const next = waiting.next()
    const last = [waiting.next(), waiting.next()]
    graph.press(id, 1, 'tone1')
    graph.press(id, 3, 'tone3')
    graph.end(id)
    await pass(1)
    expect(await next).toMatchObject({ value: { tone: 'tone1' } })
    expect(await Promise.all(last)).toMatchObject([{ value: { tone: 'tone3' } }, { done: true }])
    const read: ToneInfo[] = []
    for await (const tone of early) read.push(tone)
    expect(read.map(({ tone }) => tone)).toEqual(['tone1', 'tone3'])
    expect(await call.tones().next()).toMatchObject({ done: true })
  })
})

describe('waiting', () => {
  it('can be given up by a signal, and the next event is not taken from anybody', async () => {
    const { graph, pass, answered, time } = openLine()
    const { id, call } = await answered()
    const giveUp = new AbortController()
    const timers = time.waiting()
    const waits = [
      fateOf(call.until('tone', { timeoutMs: 5_000, signal: giveUp.signal })),
      fateOf(call.until('ended', { signal: giveUp.signal })),
    ]
    expect(time.waiting()).toBe(timers + 1)
    giveUp.abort()
    await pass(0)
    expect(waits.map(({ now }) => now)).toEqual(['aborted', 'aborted'])
    expect(time.waiting()).toBe(timers)
    await expect(call.until('tone', { signal: giveUp.signal })).rejects.toMatchObject({ code: 'aborted' })
    const { signal } = new AbortController()
    const key = fateOf(call.until('tone', { timeoutMs: 5_000, signal }))
    graph.press(id, 1, 'star')
    await pass(1)
    expect(key.now).toMatchObject({ tone: 'star' })
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('for an operation can be given up as well, and the call goes on', async () => {
    const { graph, pass, answered } = openLine()
    graph.client.calls.mute = async () => ({ id: 'slow', status: 'running' })
    const { call } = await answered()
    const giveUp = new AbortController()
    const { signal } = giveUp
    const played = fateOf(call.playPrompt({ prompts, signal }))
    const muted = fateOf(call.mute({ signal }))
    await pass(10)
    giveUp.abort()
    await pass(2_000)
    expect([played.now, muted.now, call.ended]).toEqual(['aborted', 'aborted', null])
  })

  it('for what has happened resolves also after the end', async () => {
    const { graph, pass, answered } = openLine()
    const { id, call } = await answered()
    graph.end(id)
    await pass(1)
    expect(await call.until('established')).toBeUndefined()
    expect(await call.until('mediaActive')).toBeUndefined()
    await expect(call.until('transferred')).rejects.toMatchObject({ code: 'callEnded' })
  })

  it('many at once is no fault that Node warns of', async () => {
    const warnings: unknown[] = []
    const warn = (warning: unknown) => warnings.push(warning)
    process.on('warning', warn)
    const { pass, answered } = openLine(slowly)
    const { call } = await answered()
    await pass(200)
    const all = Array.from({ length: 40 }, () => fateOf(call.playPrompt({ prompts })))
    await pass(5_000)
    process.off('warning', warn)
    expect(warnings).toEqual([])
    for (const { now } of all) expect(now).toMatchObject({ status: 'completed' })
  })
})

it('what goes wrong when Graph is asked how the call stands is told to onError, once', async () => {
  const lost = (what: string): Fate => ({ ms: 0, times: what === 'call updated' ? 0 : 1, answered: true })
  const { graph, pass, answered, errors } = openLine(lost)
  await answered()
  graph.refuse('get', 503)
  await pass(31_000)
  expect(errors).toMatchObject([{ name: 'GraphError', status: 503 }])
})

describe('a call that is taken up again', () => {
  const ref = { id: 'from-before', tenantId }

  it.each([undefined, 'stateOfTomorrow'])('is taken for established when Graph says %s of its state', async (state) => {
    const { calling, graph, pass } = openLine()
    graph.client.calls.get = async () => ({ ...(state && { state }), mediaState: { audio: 'active' } })
    graph.client.calls.keepAlive = async () => {}
    const call = await calling.resume(ref)
    expect([call.state, call.mediaActive]).toEqual(['established', true])
    await call.until('mediaActive')
    calling.close()
    await pass(0)
  })

  it('rings still when Graph says so', async () => {
    const { calling, graph } = openLine()
    graph.client.calls.get = async () => ({ state: 'incoming' })
    graph.client.calls.keepAlive = async () => {}
    expect((await calling.resume(ref)).state).toBe('incoming')
    calling.close()
  })
})

describe('a recording', () => {
  const where = { recordingLocation: 'http://127.0.0.1:1/1', recordingAccessToken: 'token' }

  it('can be passed on to its download as it is', async () => {
    const { graph, pass, answered } = openLine()
    const { call } = await answered()
    graph.outcome = { status: 'completed', resultInfo: { code: 200, subcode: 0 }, ...where }
    const recorded = call.recordResponse({})
    await pass(2_000)
    const download = downloadRecording(await recorded, { transport: () => Promise.reject(new Error('no network')) })
    await expect(download).rejects.toThrow('no network')
  })

  it('that Graph does not say where to find is none', async () => {
    const { graph, pass, answered } = openLine()
    const { call } = await answered()
    graph.outcome = { status: 'completed', resultInfo: { code: 200, subcode: 0 } }
    const recorded = fateOf(call.recordResponse({}))
    await pass(2_000)
    expect(recorded.now).toBe('noRecording')
  })
})

it('a call can be placed with a signal that gives it up', async () => {
  const { calling, pass } = openLine(slowly)
  const giveUp = new AbortController()
  const placed = fateOf(calling.place({ tenantId, targets: [target] }, { signal: giveUp.signal }))
  await pass(10)
  giveUp.abort()
  await pass(1)
  expect(placed.now).toBe('aborted')
  expect(callbackUri).toMatch(/^https:/)
})
