import { expect, it } from 'vitest'
import { askGraph } from '#communications/calling/askGraph.ts'
import { beginFollowing, follow } from '#communications/calling/follow.ts'
import type { News } from '#communications/calling/followed.ts'
import { observe, unseen } from '#communications/calling/observe.ts'
import { GraphError } from '#communications/road/error.ts'
import { manualClock } from '#communications/testing/manualClock.ts'
import type { Call, CommsOperation } from '#communications/wire/types.ts'
import { frontDesk } from '#flow/sample.ts'
import { begin } from '#flow/step.ts'
import type { Ask } from '#flow/talk.ts'
import { hear } from './hear.ts'
import { usualPace } from './liveCalls.ts'
import { begunBy, expectedOf } from './perform.ts'
import { makeProgram } from './program.ts'
import type { Session } from './session.ts'
import { createTimers } from './timers.ts'

/** Graph documents no repeat of a notification that got lost: what must be told is given a time, and then Graph is asked. */

const ref = { id: 'call', tenantId: 'tenant' }
const gone = new GraphError({ code: '8522', operation: 'get', status: 404, subcode: 8522 })
const refused = new GraphError({ code: '7504', operation: 'get', status: 403, subcode: 7504 })
const people = { caller: { id: '', name: '', phone: '' }, called: { id: '', name: '', phone: '' } }

const audio = new Map([['Five seconds.', { uri: 'https://bot.localhost/5.wav', resourceId: '5', durationMs: 5_000 }]])
const program = makeProgram({ id: 'v', flowId: 'f', flow: frontDesk }, audio)
const prompt: Ask = { type: 'play', prompts: ['Five seconds.'] }
const transfer: Ask = { type: 'transfer', target: { kind: 'person', id: 'anna', name: '' } }

/** A call that is followed as the bot does it, by whose clock the test moves, and a Graph that says what the test says. */
function followedWith(graph: { call?: Call | GraphError; operation?: CommsOperation | GraphError }, seen: Call = {}) {
  const time = manualClock()
  const timers = createTimers((_, timer) => learn({ type: 'rang', timer }), time)
  const asked: string[] = []
  const heard: unknown[] = []
  const answer =
    <T>(name: string, what: T | GraphError | undefined) =>
    async (): Promise<T> => {
      asked.push(name)
      if (what instanceof GraphError || what === undefined) throw what ?? refused
      return what
    }
  const calls = {
    get: answer('get', graph.call),
    getOperation: answer('getOperation', graph.operation),
    keepAlive: async () => {},
  }
  const { view } = observe(unseen, { changeType: 'updated', call: seen })
  const first = beginFollowing(view, usualPace)
  let session: Session = {
    ...{
      id: 's',
      callId: 'c',
      ref,
      program,
      began: 0,
      movedMs: 0,
      due: [],
      expected: [],
      recorded: null,
      told: 0,
      revision: 0,
    },
    state: begin(program, people),
    heard: first.known,
  }
  carryOut(first.asks)
  function learn(news: News) {
    const { known, told, asks } = follow(session.heard, news, usualPace)
    session = { ...session, heard: known }
    heard.push(...hear(told, known, session.expected))
    carryOut(asks)
  }
  function carryOut(asks: typeof first.asks) {
    for (const ask of asks) {
      if (ask.type === 'wait') timers.start('c', ask.timer, ask.ms)
      else if (ask.type === 'cancel') timers.stop('c', ask.timer)
      else void askGraph(ask, ref, { calls }, {}, () => {}).then(learn)
    }
  }
  return {
    ...{ asked, heard, time, learn },
    pass: time.pass,
    /** The bot asks for this in the third turn, and Graph has taken it. */
    does(ask: Ask) {
      const due = { command: { ...ask, visit: 3 }, context: 'mine' }
      const expected = expectedOf(due)
      session = { ...session, expected: expected ? [expected] : [] }
      const begun = begunBy(session, due)
      if (begun) learn(begun)
      if (ask.type === 'transfer') learn({ type: 'taken', request: 'transfer' })
      else if (ask.type === 'answer' || ask.type === 'hangUp') learn({ type: 'taken', request: ask.type })
      else learn({ type: 'taken', request: 'operation', context: 'mine', operation: { id: 'op', status: 'running' } })
    },
  }
}

const established: Call = { state: 'established', mediaState: { audio: 'active' } }

it('asks nothing about what was told in time', async () => {
  const { does, learn, asked, pass } = followedWith({}, established)
  does(prompt)
  const operation: CommsOperation = { status: 'completed', clientContext: 'mine' }
  learn({
    type: 'heard',
    notification: {
      ...{ callId: 'c', wireCallId: 'c', changeType: 'deleted', resource: 'operation', operationId: null },
      operation,
    },
  })
  await pass(600_000)
  expect(asked).toEqual([])
})

it('asks for the operation once the prompt and a margin are over, not before', async () => {
  const { does, asked, heard, pass } = followedWith({ operation: { status: 'completed' } }, established)
  does(prompt)
  await pass(14_999)
  expect(asked).toEqual([])
  await pass(1)
  expect(asked).toEqual(['getOperation'])
  expect(heard).toEqual([{ type: 'promptFinished', visit: 3 }])
})

it('tells a prompt that failed as failed', async () => {
  const resultInfo = { code: 400, subcode: 8536 }
  const { does, heard, pass } = followedWith({ operation: { status: 'failed', resultInfo } }, established)
  does(prompt)
  await pass(15_000)
  expect(heard).toEqual([{ type: 'promptFailed', visit: 3, problem: '400/8536' }])
})

it('gives a prompt that still sounds more time, but not for ever', async () => {
  const { does, asked, heard, pass } = followedWith(
    { operation: { status: 'running' }, call: { state: 'established' } },
    established,
  )
  does(prompt)
  await pass(24_999)
  expect(heard).toEqual([])
  await pass(600_000)
  expect(heard).toEqual([{ type: 'promptFinished', visit: 3 }])
  expect(asked.filter((name) => name === 'getOperation')).toHaveLength(6)
})

it('goes on where the operation cannot be read but the call is there', async () => {
  const { does, asked, heard, pass } = followedWith({ call: { state: 'established' } }, established)
  does(prompt)
  await pass(15_000)
  expect(asked).toEqual(['getOperation', 'get'])
  expect(heard).toEqual([{ type: 'promptFinished', visit: 3 }])
})

it.each([
  ['a prompt', prompt, established, 15_000, false],
  ['the connection', { type: 'answer' } as const, {}, 10_000, false],
  ['a transfer', transfer, established, 90_000, true],
])('knows by %s that is never told that the call is over', async (_what, ask, seen, ms, transferred) => {
  const { does, heard, pass } = followedWith({ call: gone }, seen)
  does(ask)
  await pass(ms + usualPace.goneMs)
  expect(heard).toEqual([{ type: 'callEnded', reason: { code: 404, subcode: 8522 }, transferred }])
})

it('knows that a call is over which Graph has taken the hang-up of, and asks nothing (B25)', async () => {
  const { does, heard, asked, pass } = followedWith({ call: gone }, established)
  does({ type: 'hangUp' })
  await pass(20_000)
  expect(heard).toEqual([{ type: 'callEnded', reason: { code: null, subcode: null }, transferred: false }])
  expect(asked).toEqual([])
})

it('lets the end of a call that is gone say why, when it comes a moment later (B25)', async () => {
  const { learn, heard, pass } = followedWith({}, established)
  learn({ type: 'gone', of: 'call', subcode: 8522 })
  await pass(200)
  const call: Call = { state: 'terminated', resultInfo: { code: 200, subcode: 4521 } }
  const about = { callId: 'c', wireCallId: 'c', resource: 'call', changeType: 'deleted' } as const
  learn({ type: 'heard', notification: { ...about, call } })
  await pass(10_000)
  expect(heard).toEqual([{ type: 'callEnded', reason: { code: 200, subcode: 4521 }, transferred: false }])
})

it('finds a connection that was not told, and a transfer that failed', async () => {
  const connected = followedWith({ call: established })
  connected.does({ type: 'answer' })
  await connected.pass(10_000)
  expect(connected.heard).toEqual([{ type: 'callEstablished', audio: true }])

  const back = followedWith({ call: established }, established)
  back.does(transfer)
  await back.pass(90_000)
  expect(back.heard).toEqual([{ type: 'transferFailed' }])
})

it('asks about a transfer as long as it lasts, and does not take one for failed because Graph could not tell once', async () => {
  const lasting = followedWith({ call: { state: 'transferring' } }, established)
  lasting.does(transfer)
  await lasting.pass(600_000)
  expect([lasting.heard, lasting.asked.filter((name) => name === 'get').length]).toEqual([[], 52])

  const blind = followedWith({ call: refused }, established)
  blind.does(transfer)
  await blind.pass(149_000)
  expect(blind.heard).toEqual([])
  await blind.pass(1_000)
  expect(blind.heard).toEqual([{ type: 'transferFailed' }])
})

it('speaks on where the app may not even read the call', async () => {
  const { does, heard, pass } = followedWith({ call: refused }, established)
  does(prompt)
  await pass(15_000)
  expect(heard).toEqual([{ type: 'promptFinished', visit: 3 }])
})
