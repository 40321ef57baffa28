import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { weekOf } from '#flow/testing/calendars.ts'
import { block, collect, draw, hangUp, menu } from '#flow/testing/draw.ts'
import { callTo, drawSub, giveBack } from '#flow/testing/subFlows.ts'
import type { Value } from '#flow/values.ts'
import { openTelephone, type Telephone } from './telephone.ts'

/** Callbacks as callers ask for them: database, bot and emulator, over HTTP. */

let telephone: Telephone
beforeAll(async () => {
  telephone = await openTelephone(inject('postgresUrl'))
})
afterAll(() => telephone.close())

const answers = {
  created: hangUp('We call you back.'),
  merged: hangUp('You are on the list.'),
  none: hangUp('Which number?'),
  failed: hangUp('It failed.'),
}

/** A flow that puts its caller on the list after a key, and what is there of it. */
async function desk(settings: Record<string, Value> = {}) {
  const { routes, callbacks } = telephone.store
  const { tenantId } = telephone.identity
  const name = randomUUID()
  const exits = { created: 'created', merged: 'merged', noNumber: 'none', error: 'failed' }
  const ask = collect(
    { collected: 'noted', noInput: 'noted', invalid: 'noted' },
    { prompt: 'Type it.', minDigits: 0, noInputRetries: 0 },
  )
  const flow = draw({ ask, noted: block('createCallback', settings, exits), ...answers }, { name })
  const { flowId } = await telephone.publish(flow)
  await routes.set(tenantId, flowId, name)
  return {
    flowId,
    list: async () => (await callbacks.list(tenantId, 100)).filter((one) => one.flowId === flowId),
    async dial(from: object = { phone: '+4930555014' }) {
      const call = await telephone.dial({ from, to: { applicationInstance: { id: name } } })
      await call.hears('Type it')
      return call
    },
  }
}

type Call = Awaited<ReturnType<Awaited<ReturnType<typeof desk>>['dial']>>
async function exitOf(call: Call, heard: string, keys = '#') {
  await call.presses(keys)
  await call.hears(heard)
  await call.ends()
  const { steps } = await call.history()
  return steps.filter(({ block: at }) => at === 'noted').at(-1)?.exit
}

describe('the ways of a callback', () => {
  it('on the list, with who, why and when; then on the list already', async () => {
    const people = await desk({ reason: 'Wants ${entry}', minutes: 30 })
    expect(await exitOf(await people.dial(), 'We call you back', '7#')).toBe('created')
    const [one] = await people.list()
    expect(one).toMatchObject({ number: '+4930555014', reason: 'Wants 7', times: 1, owner: null, test: false })
    expect(Math.round(((one?.due.getTime() ?? 0) - Date.now()) / 60_000)).toBe(30)
    expect(await exitOf(await people.dial(), 'You are on the list', '8#')).toBe('merged')
    expect(await people.list()).toMatchObject([{ id: one?.id, reason: 'Wants 8', times: 2 }])
  })

  it('no number: digits that are none', async () => {
    const typed = await desk({ from: 'variable', variable: 'entry' })
    expect(await exitOf(await typed.dial(), 'Which number', '112#')).toBe('noNumber')
    expect(await typed.list()).toEqual([])
  })
})

it('is due when somebody is there again, by hours that are changed without publishing', async () => {
  const { tenantId } = telephone.identity
  const always = {
    name: randomUUID(),
    timeZone: 'UTC',
    week: weekOf(['00:00', '24:00'], [], true),
    holidays: [],
    overrides: [],
  }
  const id = await telephone.store.calendars.create(tenantId, { calendar: always, by: 'ada' })
  const people = await desk({ due: 'opening', calendar: { id, name: always.name } })
  expect(await exitOf(await people.dial(), 'We call you back')).toBe('created')
  const [one] = await people.list()
  expect(Math.abs((one?.due.getTime() ?? 0) - Date.now())).toBeLessThan(60_000)
})

it('is of the flow that the call stands in, as messages are', async () => {
  const noted = block('createCallback', {}, { created: 'back', merged: 'back', noNumber: 'back', error: 'back' })
  const sub = drawSub({ noted, back: giveBack('Noted') }, { name: randomUUID() })
  const { flowId: child } = await telephone.publish(sub)
  const people = await desk()
  const ask = menu('1', { '1': 'sub', noInput: 'failed', noMatch: 'failed' }, { prompt: 'Type it.' })
  const calls = callTo(child, { Noted: 'created', error: 'failed' })
  await telephone.publish(draw({ ask, sub: calls, ...answers }, { name: randomUUID() }), people.flowId)
  await exitOf(await people.dial(), 'We call you back', '1')
  expect(await people.list()).toEqual([])
  const all = await telephone.store.callbacks.list(telephone.identity.tenantId, 100)
  expect(all.filter(({ flowId }) => flowId === child)).toHaveLength(1)
})

it('is of whoever hangs up, too, where the hang-up path says so', async () => {
  const people = await desk()
  const flow = draw(
    { ask: menu('1', {}, { prompt: 'Type it.' }), left: block('createCallback', { reason: 'Hung up' }) },
    { name: randomUUID(), onHangUp: 'left' },
  )
  await telephone.publish(flow, people.flowId)
  const call = await people.dial()
  await call.hangsUp()
  expect(await call.history()).toMatchObject({ outcome: 'callerHungUp' })
  expect(await people.list()).toMatchObject([{ reason: 'Hung up', number: '+4930555014' }])
})

it('a database that is away is the way of an error within two seconds, and callers hear so', async () => {
  const people = await desk()
  const call = await people.dial()
  telephone.wire.freeze()
  try {
    const began = Date.now()
    await call.presses('#')
    await call.hears('It failed')
    expect(Date.now() - began).toBeLessThan(5_000) // two for the database; the rest is for a busy machine
  } finally {
    telephone.wire.mend()
  }
  await call.ends()
})
