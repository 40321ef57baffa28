import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import type { Flow } from '#flow/flow.ts'
import { mostFrames } from '#flow/subFlows.ts'
import { assign, block, collect, draw, hangUp, menu, say, when } from '#flow/testing/draw.ts'
import { callTo, drawSub, giveBack, goTo } from '#flow/testing/subFlows.ts'
import { openTelephone, type Telephone } from './telephone.ts'

/** Flows that call flows, as callers meet them: database, bot and emulator, over HTTP. */

let telephone: Telephone
beforeAll(async () => {
  telephone = await openTelephone(inject('postgresUrl'))
})
afterAll(() => telephone.close())

const variables: Flow['variables'] = { n: { type: 'number', initial: 0 }, t: { type: 'text', initial: '' } }
const named = (flow: Flow): Flow => ({ ...flow, name: randomUUID() })
const publish = async (flow: Flow, existing?: string) => (await telephone.publish(named(flow), existing)).flowId

/** A flow that waits for a key before it calls another one, and says how that came out. */
async function desk(sub: Flow['blocks'][string], rest: Partial<Flow> = {}) {
  const name = randomUUID()
  const flowId = await publish(
    draw(
      {
        ask: menu('1', { '1': 'sub', noInput: 'bye', noMatch: 'bye' }, { prompt: 'Press 1.', noInputRetries: 0 }),
        sub,
        booked: hangUp('Booked for ${n} by ${t}.'),
        full: hangUp('All full.'),
        failed: hangUp('It failed.'),
        tidy: assign({ n: 'n + 1.0' }),
        bye: hangUp('Goodbye.'),
      },
      { variables, onHangUp: 'tidy', ...rest },
    ),
  )
  await telephone.store.routes.set(telephone.identity.tenantId, flowId, name)
  return {
    flowId,
    async dial() {
      const call = await telephone.dial({ to: { applicationInstance: { id: name } } })
      await call.hears('Press 1')
      await call.presses('1')
      return call
    },
  }
}

const ways = { Booked: 'booked', Full: 'full', error: 'failed' }
const given = { parameters: { n: '2.0', t: '"Ann"' }, results: { n: 'n', t: 't' } }

/** Asks for a number of people, and books for them and those that it was given. */
const books = (greeting = 'How many?') =>
  drawSub(
    {
      ask: collect({ collected: 'count', noInput: 'none', invalid: 'none' }, { prompt: greeting, maxDigits: 1 }),
      count: assign({ n: 'n + double(entry)', t: 't + "a"' }, { done: 'which' }),
      which: when({ few: 'n < 8.0' }, { few: 'booked', else: 'full' }),
      none: giveBack('Full'),
      booked: giveBack('Booked', 'n', 't'),
      full: giveBack('Full'),
      tidy: assign({ n: '0.0' }),
    },
    {
      variables: { ...variables, entry: { type: 'digits', initial: '' } },
      parameters: [
        { variable: 'n', required: true },
        { variable: 't', required: true },
      ],
      onHangUp: 'tidy',
    },
  )

type Call = Awaited<ReturnType<Awaited<ReturnType<typeof desk>>['dial']>>
async function exitOf(call: Call, heard: string) {
  await call.hears(heard)
  await call.ends()
  const { steps, outcome } = await call.history()
  return [steps.filter(({ block }) => block === 'sub').at(-1)?.exit, outcome]
}

describe('the ways of a call to a sub-flow', () => {
  it('takes two parameters, and comes back on a named exit with a value that its caller reads out', async () => {
    const child = await publish(books())
    const call = await (await desk(callTo(child, ways, given))).dial()
    await call.hears('How many')
    await call.presses('3')
    expect(await exitOf(call, 'Booked for')).toEqual(['Booked', 'endedByFlow'])
    const said = (await call.transcript()).flatMap((one) => (one.kind === 'prompt' ? (one.text ?? '') : []))
    expect(said.join(' ')).toContain('Booked for 5 by Anna')
    const { steps, flowId, versionId } = await call.history()
    const inside = steps.filter(({ versionId }) => versionId !== null)
    expect(inside.map(({ block, event }) => `${block} ${event}`)).toEqual([
      'incoming entered',
      'incoming left',
      'ask entered',
      'ask left',
      'count entered',
      'count left',
      'which entered',
      'which left',
      'booked entered',
      'booked left',
    ])
    expect(inside.some((step) => step.versionId === versionId)).toBe(false)
    expect(flowId).not.toBe(child)
  })

  it('by its other exit', async () => {
    const call = await (await desk(callTo(await publish(books()), ways, given))).dial()
    await call.hears('How many')
    await call.presses('9')
    expect(await exitOf(call, 'All full')).toEqual(['Full', 'endedByFlow'])
  })

  it('error: it fails, and has no path of its own for that', async () => {
    const child = await publish(drawSub({ hello: say('Hello.', { done: 'bad' }), bad: block('fromTheFuture') }))
    const call = await (await desk(callTo(child, { ...ways }))).dial()
    await call.hears('Hello')
    expect(await exitOf(call, 'It failed')).toEqual(['error', 'failed'])
  })

  it('error: it calls itself without end', async () => {
    const { tenantId } = telephone.identity
    const first = named(drawSub({ back: giveBack('Full') }))
    const child = (await telephone.publish(first)).flowId
    const self = drawSub({ sub: callTo(child, { Full: 'back' }), back: giveBack('Full') })
    await telephone.publish({ ...self, name: first.name }, child)
    const call = await (await desk(callTo(child, ways))).dial()
    expect(await exitOf(call, 'It failed')).toEqual(['error', 'failed'])
    const { steps, id } = await call.history()
    expect(steps.filter(({ block, event }) => block === 'incoming' && event === 'entered')).toHaveLength(mostFrames + 1)
    expect(JSON.stringify(steps)).toContain('tooManyFlows')
    expect(await telephone.store.calls.get(tenantId, id)).toMatchObject({
      lastBlock: 'failed',
      problem: 'tooManyFlows',
    })
  })

  it('error: the version is not there, and the sub-flow itself keeps its own words for what it may', async () => {
    const call = await (await desk(callTo(randomUUID(), ways))).dial()
    expect(await exitOf(call, 'It failed')).toEqual(['error', 'failed'])
  })
})

describe('a version', () => {
  const says = (words: string) => drawSub({ a: say(words, { done: 'back' }), back: giveBack('Full') })

  /** Where the database is slow a caller is answered with what was, and not kept waiting: bot/routing.ts. */
  const dialledTo = (line: Awaited<ReturnType<typeof desk>>, words: string) =>
    vi.waitFor(
      async () => {
        const next = await line.dial()
        await next.hears(words)
        return next
      },
      { timeout: 20_000, interval: 200 },
    )

  it('that is pinned stays when another is published; always the latest follows with the next call', async () => {
    const first = named(says('This is one.'))
    const { flowId: child } = await telephone.publish(first)
    const pinned = await desk(callTo(child, ways, { version: 1 }))
    const latest = await desk(callTo(child, ways))
    const heard = async (one: typeof pinned, words: string) => exitOf((await one.dial()) as Call, words)
    expect((await (await latest.dial()).hears('This is one')).kind).toBe('prompt')
    await telephone.publish({ ...says('This is two.'), name: first.name }, child)
    const call = await dialledTo(latest, 'This is two')
    expect(await exitOf(call, 'All full')).toEqual(['Full', 'endedByFlow'])
    const old = await pinned.dial()
    await old.hears('This is one')
    expect(await heard(pinned, 'All full')).toEqual(['Full', 'endedByFlow'])
  })

  it('is kept by a call under way, whatever is published meanwhile', async () => {
    const first = named(books('Old question?'))
    const { flowId: child } = await telephone.publish(first)
    const one = await desk(callTo(child, ways, given))
    const call = await one.dial()
    await call.hears('Old question')
    await telephone.publish({ ...books('New question?'), name: first.name }, child)
    const next = await dialledTo(one, 'New question')
    await call.presses('1')
    expect(await exitOf(call, 'Booked for')).toEqual(['Booked', 'endedByFlow'])
    await next.hangsUp()
  })
})

describe('a caller who hangs up in a sub-flow', () => {
  const leave = async (sub: Flow) => {
    const call = await (await desk(callTo(await publish(sub), ways, given))).dial()
    await call.hears('How many')
    await call.hangsUp()
    const { steps, outcome } = await call.history()
    expect(outcome).toBe('callerHungUp')
    return steps.filter(({ block, event }) => block === 'tidy' && event === 'entered')
  }

  it('sets off its hang-up path', async () => {
    const tidied = await leave(books())
    expect(tidied.map(({ versionId }) => versionId === null)).toEqual([false])
  })

  it('else that of the flow that has called it', async () => {
    const tidied = await leave({ ...books(), onHangUp: null })
    expect(tidied.map(({ versionId }) => versionId === null)).toEqual([true])
  })
})

it('goes on in another flow, and comes to its end there', async () => {
  const other = await publish(draw({ a: say('Here is the other.', { done: 'bye' }), bye: hangUp() }))
  const call = await (await desk(goTo(other))).dial()
  expect(await exitOf(call, 'Here is the other')).toEqual(['done', 'endedByFlow'])
})

it('a flow that is gone and was to be gone on in takes the failure path', async () => {
  const call = await (await desk(goTo(randomUUID()))).dial()
  expect(await exitOf(call, 'Sorry')).toEqual(['error', 'failed'])
})

describe('a sub-flow in the books', () => {
  it('answers nothing, and cannot be given anything to answer', async () => {
    const { store, identity } = telephone
    const child = await publish(books())
    expect((await store.routes.list(identity.tenantId)).filter(({ flowId }) => flowId === child)).toEqual([])
    await expect(store.routes.set(identity.tenantId, child, randomUUID())).rejects.toMatchObject({
      code: 'notFound',
      detail: { what: 'publishedVersion' },
    })
  })

  it('cannot be deleted while a flow calls it, and is known from outside', async () => {
    const { store, identity } = telephone
    const child = await publish(books())
    const { flowId } = await desk(callTo(child, ways, given))
    const { name } = (await store.flows.get(identity.tenantId, flowId)).flow
    await expect(store.flows.remove(identity.tenantId, child, 'ada')).rejects.toMatchObject({
      code: 'inUse',
      detail: { flows: [name] },
    })
    const { shared } = await store.faces.shared(identity.tenantId)
    expect(shared.flows?.[`${child}@latest`]).toMatchObject({
      version: 1,
      exits: ['Booked', 'Full'],
      parameters: [
        { name: 'n', type: 'number', required: true },
        { name: 't', type: 'text', required: true },
      ],
      asks: true,
    })
    await store.flows.remove(identity.tenantId, flowId, 'ada')
    await store.flows.remove(identity.tenantId, child, 'ada')
    expect((await store.faces.shared(identity.tenantId)).shared.flows?.[`${child}@latest`]).toBeUndefined()
  })

  it('is no business of another organisation', async () => {
    const { store, identity } = telephone
    const child = await publish(books())
    const flow = draw({ sub: callTo(child, {}) })
    expect([...(await store.faces.entered(identity.tenantId, flow)).keys()]).toEqual([`${child}@latest`])
    expect((await store.faces.entered(randomUUID(), flow)).size).toBe(0)
    expect((await store.faces.shared(randomUUID())).shared.flows).toEqual({})
  })
})

it('a sub-flow that somebody tries by a test call is answered, and ends where it would come back', async () => {
  const { store, identity } = telephone
  const child = await publish(drawSub({ a: say('Only a try.', { done: 'back' }), back: giveBack('Full') }))
  const { published } = await store.flows.get(identity.tenantId, child)
  const called = await store.routes.addTest(identity.tenantId, child, published?.versionId ?? '')
  const call = await telephone.dial({ to: { applicationInstance: { id: called } } })
  await call.hears('Only a try')
  await call.ends()
  expect(await call.history()).toMatchObject({ outcome: 'endedByFlow', test: true })
})
