import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Notification } from '../inbound/notifications.ts'
import { GraphError } from '../road/error.ts'
import type { Fate } from '../testing/fakeGraph.ts'
import { callbackUri, fateOf, openLine, prompts, tenantId } from '../testing/followedLine.ts'
import type { CommsOperation } from '../wire/types.ts'
import type { LiveCall } from './call.ts'
import { createCalling } from './calling.ts'

const minutes = 60_000

describe('a call', () => {
  it('is told as incoming, answered, established and ready, each once, and leaves when it ends', async () => {
    const { calling, graph, pass, answered, time } = openLine()
    const { id, call, told } = await answered()
    expect(call).toMatchObject({ id, tenantId, state: 'established', direction: 'incoming', mediaActive: true })
    graph.tell(id, { call: { state: 'established', mediaState: { audio: 'active' } } })
    expect(calling.get(id.toUpperCase().replaceAll('-', ''))).toBe(call)
    graph.end(id)
    await pass(1)
    expect(told).toEqual(['established', 'mediaActive', 'ended'])
    expect(call.ended).toEqual({ how: 'terminated', resultInfo: { code: 200, subcode: 4521 }, terminationReason: null })
    expect(calling.calls).toEqual([])
    expect(time.waiting()).toBe(0)
  })

  it('does not come back by news that arrive after its end', async () => {
    const { calling, graph, pass, answered } = openLine()
    const { id } = await answered()
    const unknown: unknown[] = []
    calling.on('unknown', (news) => unknown.push(news))
    graph.end(id)
    await pass(1)
    graph.tell(id, { changeType: 'created', call: { state: 'incoming' } })
    await pass(1)
    expect(calling.calls).toEqual([])
    expect(unknown).toEqual([])
  })

  it('that ended before it was heard of is not told as incoming', async () => {
    const { calling, graph, pass } = openLine()
    const incoming: unknown[] = []
    calling.on('incoming', (call) => incoming.push(call))
    graph.tell('gone-already', { changeType: 'deleted', call: {} })
    graph.tell('gone-already', { changeType: 'created', call: { state: 'incoming' } })
    await pass(1)
    expect(incoming).toEqual([])
  })

  it('whose established was lost is established by asking Graph, once', async () => {
    const lost = (what: string): Fate => ({ ms: 0, times: what === 'call updated' ? 0 : 1, answered: true })
    const { graph, pass, answered } = openLine(lost)
    const { told } = await answered()
    expect(told).toEqual([])
    await pass(30_000)
    expect(told).toEqual(['established', 'mediaActive'])
    await pass(10 * minutes)
    expect(graph.asked).toEqual(['get'])
  })

  it('that takes long to be established is asked about less and less often', async () => {
    const { calling, graph, pass } = openLine((what) => ({
      ms: 0,
      times: what === 'call updated' ? 0 : 1,
      answered: true,
    }))
    graph.establishMs = 4 * minutes
    const told: string[] = []
    void calling.place({ tenantId, targets: [{ user: { id: 'anna' } }] }).then((call) => {
      call.on('established', () => told.push('established'))
    })
    await pass(8 * minutes)
    expect(told).toEqual(['established'])
    // After 30 s, 1:30, 3:30 and 7:30.
    expect(graph.asked).toEqual(['create', 'get', 'get', 'get', 'get'])
  })

  it('is never asked about when nothing is lost', async () => {
    const { graph, pass, answered } = openLine()
    const { call } = await answered()
    void call.playPrompt({ prompts })
    await pass(14 * minutes)
    expect(graph.asked).toEqual(['playPrompt'])
  })

  it('that is gone when Graph is asked has ended', async () => {
    const { graph, pass, dial } = openLine((what) => ({
      ms: 0,
      times: what === 'call deleted' ? 0 : 1,
      answered: true,
    }))
    const { id, call, told } = await dial()
    graph.end(id)
    await pass(31_000)
    expect(call.ended).toEqual({ how: 'gone', resultInfo: null, terminationReason: null })
    expect(told).toEqual(['ended'])
  })

  it('is kept alive every 15 minutes, sooner after a failure, and has ended when that finds it gone', async () => {
    const { graph, pass, answered } = openLine()
    const { call } = await answered()
    await pass(45 * minutes)
    expect(graph.asked).toEqual(['keepAlive', 'keepAlive', 'keepAlive'])
    graph.refuse('keepAlive', 503)
    await pass(15 * minutes)
    graph.heal()
    graph.asked.length = 0
    await pass(1 * minutes)
    expect(graph.asked).toEqual(['keepAlive'])
    graph.refuse('keepAlive', 404)
    await pass(15 * minutes)
    expect(call.ended?.how).toBe('gone')
  })
})

describe('keepAlive', () => {
  it('leaves no gap of 45 minutes in ten hours, though one in five fails', async () => {
    const { graph, pass, answered, time } = openLine()
    const { id } = await answered()
    let seed = 1
    let last = time.now()
    let longest = 0
    for (let minute = 0; minute < 600; minute += 1) {
      seed = (seed * 16_807) % 2_147_483_647
      const fails = seed % 5 === 0
      if (fails) graph.refuse('keepAlive', 500)
      else graph.heal()
      graph.asked.length = 0
      await pass(1 * minutes)
      if (!fails && graph.asked.includes('keepAlive')) {
        longest = Math.max(longest, time.now() - last)
        last = time.now()
      }
    }
    expect(longest).toBeGreaterThan(0)
    expect(longest).toBeLessThan(45 * minutes)
    graph.end(id)
  })
})

describe('an operation', () => {
  const id = '0fe0623f-d628-42ed-b4bd-8ac290072cc5'
  const ended = (more: Partial<CommsOperation>): { operation: CommsOperation } => ({
    operation: { status: 'completed', ...more },
  })

  /** A call on which playPrompt is answered when we say so. */
  async function playing() {
    const line = openLine()
    const { call, id: callId } = await line.answered()
    let clientContext = ''
    let answer = (_operation: CommsOperation) => {}
    line.graph.client.calls.playPrompt = (_ref, ask) => {
      clientContext = ask.clientContext
      return new Promise((resolve) => {
        answer = resolve
      })
    }
    const fate = fateOf(call.playPrompt({ prompts }))
    await line.pass(0)
    return { ...line, call, callId, fate, answer: (operation: CommsOperation) => answer(operation), clientContext }
  }

  it.each([
    ['by its id, in capitals and without hyphens', id, () => ({ id: id.toUpperCase().replaceAll('-', '') })],
    ['by its context, without an id', null, (clientContext: string) => ({ clientContext })],
  ])('ends by its notification %s, after the answer', async (_how, operationId, more) => {
    const { fate, graph, callId, pass, answer, clientContext } = await playing()
    answer({ id, status: 'running' })
    await pass(1)
    expect(fate.now).toBe('open')
    const { operation } = ended(more(clientContext))
    graph.post({ callId, wireCallId: callId, changeType: 'deleted', resource: 'operation', operationId, operation })
    await pass(1)
    expect(fate.now).toEqual(operation)
  })

  it.each([
    ['by its id', () => ({ id })],
    ['by its context', (clientContext: string) => ({ clientContext })],
  ])('ends by its notification %s, before the answer', async (_how, more) => {
    const { fate, graph, callId, pass, answer, clientContext } = await playing()
    graph.tell(callId, ended(more(clientContext)))
    await pass(1)
    answer({ id, status: 'running', clientContext })
    await pass(6 * minutes)
    expect(fate.now).toMatchObject({ status: 'completed' })
    expect(graph.asked).toEqual([])
  })

  it('ends by the answer, when that says so, and is told once whatever still comes', async () => {
    const { call, fate, graph, callId, pass, answer } = await playing()
    const told: unknown[] = []
    call.on('operation', (operation) => told.push(operation.status))
    answer({ id, status: 'completed' })
    await pass(1)
    graph.tell(callId, ended({ id }))
    await pass(1)
    expect(fate.now).toMatchObject({ id, status: 'completed' })
    expect(told).toEqual(['completed'])
  })

  it('rejects with the key of the documented result when it failed', async () => {
    const { fate, graph, callId, pass, answer } = await playing()
    answer({ id, status: 'running' })
    graph.tell(callId, ended({ id, status: 'failed', resultInfo: { code: 400, subcode: 8508 } }))
    await pass(1)
    expect(fate.now).toBe('cancelled')
  })

  it('that sent tones has failed when its reason says so, though it is completed', async () => {
    const { graph, pass, answered } = openLine()
    const { call } = await answered()
    graph.outcome = { status: 'completed', completionReason: 'completedSuccessfully' }
    const sent = fateOf(call.sendDtmfTones({ tones: ['tone1'] }))
    await pass(2_000)
    expect(sent.now).toMatchObject({ completionReason: 'completedSuccessfully' })
    graph.outcome = { status: 'completed', completionReason: 'mediaOperationCanceled' }
    const cancelled = fateOf(call.sendDtmfTones({ tones: ['tone1'] }))
    await pass(2_000)
    expect(cancelled.now).toBe('cancelled')
  })

  const silent = (what: string): Fate => ({ ms: 0, times: what.startsWith('operation') ? 0 : 1, answered: true })

  it('whose end was lost is asked for after its guard time, and again only while it runs', async () => {
    const { graph, pass, answered } = openLine(silent)
    const { call } = await answered()
    graph.operationMs = 15_000
    const fate = fateOf(call.playPrompt({ prompts, guardMs: 10_000 }))
    await pass(10_000)
    expect(fate.now).toBe('open')
    await pass(10_000)
    expect(fate.now).toMatchObject({ status: 'completed' })
    await pass(5 * minutes)
    expect(graph.asked).toEqual(['playPrompt', 'getOperation', 'getOperation'])
  })

  it('of which Graph cannot tell has no word, and the call goes on', async () => {
    const { graph, pass, answered } = openLine(silent)
    const { call } = await answered()
    graph.refuse('getOperation', 501)
    const fate = fateOf(call.recordResponse({ maxRecordDurationInSeconds: 10 }))
    await pass(46_000)
    expect(fate.now).toBe('noWord')
    expect(graph.asked).toEqual(['recordResponse', 'getOperation', 'get'])
    expect(call.state).toBe('established')
  })

  it('ends with the call that was found to be gone', async () => {
    const { graph, pass, answered } = openLine((what) => ({
      ms: 0,
      times: /operation|deleted/.test(what) ? 0 : 1,
      answered: true,
    }))
    const { id: callId, call } = await answered()
    const fate = fateOf(call.invite({ participants: [{ party: { phone: { id: '+14255550123' } } }] }))
    graph.end(callId)
    await pass(76_000)
    expect(fate.now).toBe('callEnded')
    expect(call.ended?.how).toBe('gone')
  })

  it.each(['running', 'on its way'])('that is %s when the call ends rejects with callEnded', async (how) => {
    const { fate, graph, callId, pass, answer, time } = await playing()
    if (how === 'running') answer({ id, status: 'running' })
    await pass(1)
    graph.end(callId)
    await pass(1)
    expect(fate.now).toBe('callEnded')
    expect(time.waiting()).toBe(0)
  })

  it('that Graph refuses rejects with its GraphError, and a 404 of one of its parts does not end the call', async () => {
    const { graph, pass, answered } = openLine()
    const { call } = await answered()
    graph.refuse('invite', 404)
    const fate = fateOf(call.invite({ participants: [{ party: { user: { id: 'anna' } } }] }))
    await pass(1)
    expect(fate.now).toBe('404')
    expect(call.ended).toBeNull()
    graph.refuse('get', 404)
    const gone = fateOf(call.invite({ participants: [{ party: { user: { id: 'anna' } } }] }))
    await pass(1)
    expect(gone.now).toBe('callEnded')
  })

  it('that nobody awaits ends quietly with its call', async () => {
    const { graph, pass, answered, time } = openLine()
    const { id: callId, call } = await answered()
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    void call.playPrompt({ prompts })
    void call.until('tone')
    graph.end(callId)
    await pass(2_000)
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
    expect(time.waiting()).toBe(0)
  })

  it('that is refused before it is sent rejects as well, and nothing waits for it', async () => {
    const { graph, pass, answered, time } = openLine()
    const { id: callId, call, told } = await answered()
    const refusal = () => {
      throw new GraphError({ code: 'badRequest', operation: 'test' })
    }
    Object.assign(graph.client.calls, {
      playPrompt: refusal,
      transfer: refusal,
      hangUp: refusal,
      changeScreenSharingRole: refusal,
    })
    const waiting = time.waiting()
    const asked = [
      call.playPrompt({ prompts }),
      call.transfer({ target: { user: { id: 'anna' } } }),
      call.hangUp(),
      call.changeScreenSharingRole({ role: 'viewer' }),
    ]
    for (const outcome of await Promise.allSettled(asked))
      expect(outcome).toMatchObject({ reason: { code: 'badRequest' } })
    expect(time.waiting()).toBe(waiting)
    // Nor is a transfer that was never sent told as failed.
    graph.tell(callId, { call: { state: 'established', resultInfo: { code: 500, subcode: 7000 } } })
    await pass(1)
    expect(told).toEqual(['established', 'mediaActive'])
  })

  it('is refused at once when the call is over', async () => {
    const { graph, pass, answered } = openLine()
    const { id: callId, call } = await answered()
    graph.end(callId)
    await pass(1)
    await expect(call.playPrompt({ prompts })).rejects.toMatchObject({ name: 'OperationError', code: 'callEnded' })
    expect(graph.asked).toEqual([])
  })

  it('has a context of its own that is random', async () => {
    const { graph, answered } = openLine()
    const { call } = await answered()
    const contexts: string[] = []
    graph.client.calls.mute = async (_ref, { clientContext }) => {
      contexts.push(clientContext)
      return { status: 'completed' }
    }
    await Promise.all([call.mute(), call.mute()])
    expect(new Set(contexts).size).toBe(2)
    for (const context of contexts) expect(context).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  })
})

describe('a transfer', () => {
  const target = { user: { id: '112f7296-5fa4-42ca-bae8-6a692b15d4b8' } }

  it('resolves when the other side was taken over, and the call ends', async () => {
    const { pass, answered } = openLine()
    const { call, told } = await answered()
    const fate = fateOf(call.transfer({ target }))
    await pass(600)
    expect(fate.now).toBeUndefined()
    expect(told.slice(-2)).toEqual(['transferred', 'ended'])
  })

  it('rejects when the call is back, and the call goes on', async () => {
    const { graph, pass, answered } = openLine()
    const { call } = await answered()
    graph.transfer = 'fail'
    const fate = fateOf(call.transfer({ target }))
    await pass(600)
    expect(fate.now).toBe('transferFailed')
    expect(call.state).toBe('established')
    graph.transfer = 'accept'
    const again = fateOf(call.transfer({ target }))
    await pass(600)
    expect(again.now).toBeUndefined()
  })

  it('whose news were lost is asked about', async () => {
    const { graph, pass, answered, calling } = openLine()
    const { call } = await answered()
    graph.transfer = 'fail'
    const hear = calling.hear
    calling.hear = () => {}
    const fate = fateOf(call.transfer({ target }))
    await pass(76_000)
    expect(fate.now).toBe('noWord')
    expect(call.state).toBe('established')
    calling.hear = hear
  })
})

describe('hanging up', () => {
  it('resolves when the call is over', async () => {
    const { pass, answered } = openLine()
    const { call } = await answered()
    const fate = fateOf(call.hangUp())
    await pass(20)
    expect(fate.now).toBeUndefined()
    expect(call.ended).toMatchObject({ how: 'terminated', resultInfo: { code: 200, subcode: 7000 } })
    await call.hangUp()
  })

  it('resolves as well when Graph never says so', async () => {
    const { pass, answered } = openLine((what) => ({ ms: 0, times: what === 'call deleted' ? 0 : 1, answered: true }))
    const { call } = await answered()
    const fate = fateOf(call.hangUp())
    await pass(6_000)
    expect(fate.now).toBeUndefined()
    expect(call.ended?.how).toBe('hungUp')
  })
})

describe('tones', () => {
  it('are told in order and once; one that is missing is waited for, but not for long', async () => {
    const { graph, pass, answered } = openLine()
    const { id, call } = await answered()
    const told: number[] = []
    call.on('tone', ({ sequenceId }) => told.push(sequenceId))
    for (const sequenceId of [1, 3, 3, 2, 6]) graph.press(id, sequenceId, 'tone1')
    await pass(1)
    expect(told).toEqual([1, 2, 3])
    await pass(400)
    expect(told).toEqual([1, 2, 3, 6])
  })

  it('that still wait when the call ends are told before its end', async () => {
    const { graph, pass, answered } = openLine()
    const { id, call, told } = await answered()
    call.on('tone', () => told.push('tone'))
    graph.press(id, 2, 'pound')
    graph.end(id)
    await pass(1)
    expect(told.slice(-2)).toEqual(['tone', 'ended'])
  })
})

describe('handlers', () => {
  it('may wait for an operation of the same call without holding up its news', async () => {
    const { graph, pass, answered } = openLine()
    const { id, call } = await answered()
    const heard: string[] = []
    call.on('tone', async ({ tone }) => {
      await call.playPrompt({ prompts })
      heard.push(tone)
    })
    graph.press(id, 1, 'tone1')
    await pass(2_000)
    expect(heard).toEqual(['tone1'])
  })

  it('that throw are told to onError and stop nobody, but that the call is over is no error', async () => {
    const { graph, pass, answered, errors } = openLine()
    const { id, call } = await answered()
    const heard: string[] = []
    call.on('tone', () => {
      throw new Error('a fault of the bot')
    })
    call.on('tone', async ({ tone }) => {
      heard.push(tone)
      await call.playPrompt({ prompts })
    })
    graph.press(id, 1, 'tone1')
    await pass(1)
    expect(heard).toEqual(['tone1'])
    expect(errors).toEqual([new Error('a fault of the bot')])
    graph.end(id)
    await pass(1)
    expect(errors).toHaveLength(1)
  })

  it('waiting with until get what has happened already, what happens, a timeout, or the end', async () => {
    const { graph, pass, answered } = openLine()
    const { id, call } = await answered()
    await call.until('mediaActive')
    const late = fateOf(call.until('tone', 1_000))
    await pass(1_000)
    expect(late.now).toBe('timeout')
    const tone = fateOf(call.until('tone', 1_000))
    const never = fateOf(call.until('transferred'))
    const end = fateOf(call.until('ended'))
    graph.press(id, 1, 'star')
    await pass(1)
    expect(tone.now).toEqual({ sequenceId: 1, tone: 'star' })
    graph.end(id)
    await pass(1)
    expect(never.now).toBe('callEnded')
    expect(end.now).toMatchObject({ how: 'terminated' })
    expect(await call.until('ended')).toMatchObject({ how: 'terminated' })
  })
})

describe('the roster', () => {
  const anna = { id: '1c8d6b8e-0d58-4a47-a9ee-6f5a3a0ae8a1', isMuted: false }
  const bert = { id: 'b1d3cb14-5e5b-4d8c-8d4f-1f2d8f1c1f2e', isMuted: false }
  const participants = (callId: string, news: object): Notification =>
    ({ callId, wireCallId: callId, changeType: 'updated', resource: 'participants', ...news }) as Notification // complete below

  it('is told by what changed, and asked for when a delta is missing', async () => {
    const { graph, pass, answered } = openLine()
    const { id, call } = await answered()
    const told: string[] = []
    call.on('roster', ({ added, removed }) => told.push(`+${added.length} -${removed.length}`))
    graph.post(participants(id, { participants: [anna] }))
    graph.post(participants(id, { participants: [anna] }))
    await pass(1)
    expect([...call.roster.keys()]).toEqual([anna.id])
    graph.roster = [bert]
    graph.post(participants(id, { delta: true, sequenceNumber: 1, participants: [bert] }))
    graph.post(participants(id, { delta: true, sequenceNumber: 3, participants: [] }))
    await pass(1)
    expect(graph.asked).toEqual(['list'])
    expect([...call.roster.keys()]).toEqual([bert.id])
    expect(told).toEqual(['+1 -0', '+1 -0', '+0 -1'])
  })
})

describe('a call that we place', () => {
  it('hears what was told before it was answered', async () => {
    const { calling, pass } = openLine((what) => ({ ms: what === 'answer' ? 1_000 : 0, times: 1, answered: true }))
    const placed = calling.place({ tenantId, targets: [{ user: { id: 'anna' } }] })
    const told: string[] = []
    const listening = placed.then((call) => {
      call.on('established', () => told.push('established'))
      call.on('mediaActive', () => told.push('mediaActive'))
      return call
    })
    await pass(2_000)
    const call = await listening
    expect(call).toMatchObject({ direction: 'outgoing', tenantId })
    expect(told).toEqual(['established', 'mediaActive'])
    call.hangUp()
    await pass(10_000)
  })

  it('whose answer never came is told as unknown, so that it can be hung up', async () => {
    const { calling, pass } = openLine((what) => ({ ms: 0, times: 1, answered: what !== 'answer' }))
    const unknown = new Set<string>()
    calling.on('unknown', ({ id }) => unknown.add(id))
    const fate = fateOf(calling.place({ tenantId, targets: [{ user: { id: 'anna' } }] }))
    await pass(20_000)
    expect(fate.now).toBe('timeout')
    expect(unknown.size).toBe(1)
  })

  it('is taken up again after a restart, with its roster, and kept alive at once', async () => {
    const { calling, graph, pass, answered, time } = openLine()
    const { id, call } = await answered()
    graph.roster = [{ id: '1c8d6b8e-0d58-4a47-a9ee-6f5a3a0ae8a1' }]
    graph.know(id, { chatInfo: { threadId: '19:meeting' } })
    calling.close()
    const restarted = createCalling({ client: graph.client, callbackUri, clock: time, onError: () => {} })
    const resumed = restarted.resume({ id, tenantId })
    await pass(1)
    const again = await resumed
    expect(again).toMatchObject({ id, state: 'established', mediaActive: true })
    expect(again.roster.size).toBe(1)
    await again.until('mediaActive')
    expect(graph.asked).toEqual(['get', 'list', 'keepAlive'])
    expect(call.ended).toBeNull()
    expect(await restarted.resume({ id, tenantId })).toBe(again)
    restarted.close()
    expect(time.waiting()).toBe(0)
  })

  it('is not resumed when it is over', async () => {
    const { calling, pass } = openLine()
    const fate = fateOf(calling.resume({ id: 'long-gone', tenantId }))
    await pass(1)
    expect(fate.now).toBe('callEnded')
  })

  it('is not resumed when it is found to be over before anybody could listen for its end', async () => {
    const { calling, graph, pass, answered, time } = openLine()
    const { id } = await answered()
    graph.know(id, { chatInfo: { threadId: '19:meeting' } })
    calling.close()
    const list = () => new Promise<[]>((resolve) => time.after(2_000, () => resolve([])))
    const client = { ...graph.client, participants: { ...graph.client.participants, list } }
    const restarted = createCalling({ client, callbackUri, clock: time, onError: () => {} })
    graph.refuse('keepAlive', 404)
    const fate = fateOf(restarted.resume({ id, tenantId }))
    await pass(3_000)
    expect(fate.now).toBe('callEnded')
    expect(restarted.calls).toEqual([])
  })

  it('leaves nothing open when the process stops following', async () => {
    const { calling, time, pass, answered } = openLine()
    const { call } = await answered()
    const fates = [fateOf(call.playPrompt({ prompts })), fateOf(call.until('tone'))]
    calling.close()
    await pass(0)
    expect(fates.map(({ now }) => now)).toEqual(['closed', 'closed'])
    await pass(2_000)
    expect(time.waiting()).toBe(0)
  })
})

it('whatever is lost, repeated, delayed or not answered, by a Graph that answers at times: every promise settles, the end is told once, nothing is left', async () => {
  const fate = fc.record({
    ms: fc.nat(3_000),
    times: fc.constantFrom(0, 1, 1, 1, 2, 3),
    answered: fc.constantFrom(true, true, true, true, false),
  })
  const script = fc.record({
    // Of a Graph that tells nothing and never answers nobody can know that a call is over.
    fates: fc.array(fate, { minLength: 5, maxLength: 40 }).filter((all) => all.some(({ answered }) => answered)),
    asks: fc.array(
      fc.constantFrom('play', 'record', 'tones', 'invite', 'transfer', 'cancel', 'until', 'mute', 'hangUp'),
      { maxLength: 6 },
    ),
    endMs: fc.integer({ min: 1, max: 120_000 }),
    keys: fc.array(fc.nat(5), { maxLength: 5 }),
    transfer: fc.constantFrom('accept' as const, 'fail' as const),
    tells: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(script, async ({ fates, asks, endMs, keys, transfer, tells }) => {
      let next = 0
      const draw = () => fates[next++ % fates.length] ?? { ms: 0, times: 1, answered: true }
      const { graph, calling, pass, time } = openLine(draw)
      graph.transfer = transfer
      if (!tells) graph.refuse('getOperation', 501)
      const open: Promise<unknown>[] = []
      let settled = 0
      const track = (promise: Promise<unknown>) => {
        open.push(promise)
        promise.then(
          () => (settled += 1),
          () => (settled += 1),
        )
      }
      const ends = new Map<LiveCall, number>()
      const tones: number[] = []
      const target = { user: { id: 'anna' } }
      const ask: Record<string, (call: LiveCall) => Promise<unknown>> = {
        play: (call) => call.playPrompt({ prompts }),
        record: (call) => call.recordResponse({}),
        tones: (call) => call.sendDtmfTones({ tones: ['tone1'] }),
        invite: (call) => call.invite({ participants: [{ party: target }] }),
        transfer: (call) => call.transfer({ target }),
        cancel: (call) => call.cancelMediaProcessing(),
        until: (call) => call.until('tone'),
        mute: (call) => call.mute(),
        hangUp: (call) => call.hangUp(),
      }
      calling.on('incoming', (call) => {
        ends.set(call, 0)
        call.on('ended', () => ends.set(call, (ends.get(call) ?? 0) + 1))
        call.on('tone', ({ sequenceId }) => tones.push(sequenceId))
        call.on('mediaActive', () => {
          for (const name of asks) track((ask[name] ?? ask.play)?.(call) ?? Promise.resolve())
        })
        track(call.until('ended'))
        track(call.answer())
      })
      const id = crypto.randomUUID()
      graph.ring(id)
      keys.forEach((key, index) => {
        time.after(1_000 + index * 200, () => graph.press(id, key, 'tone1'))
      })
      time.after(endMs, () => graph.end(id))
      await pass(60 * minutes)
      expect(settled).toBe(open.length)
      expect([...ends.values()]).toEqual([...ends.keys()].map(() => 1))
      expect(tones).toEqual([...new Set(tones)].sort((a, b) => a - b))
      expect(calling.calls).toEqual([])
      expect(time.waiting()).toBe(0)
    }),
    { numRuns: 3000 },
  )
})
