import { describe, expect, it } from 'vitest'
import { type Rehearsal, rehearse } from '#flow/rehearse.ts'
import { frontDesk } from '#flow/sample.ts'
import { draw, hangUp, say } from '#flow/testing/draw.ts'
import { callTo, drawSub, flowIds, giveBack, libraryOf } from '#flow/testing/subFlows.ts'
import type { CallStep } from '../wire.ts'
import { staysOf, traceOf } from './visits.ts'

/** What the history holds of a rehearsed call: a second between one step and the next. */
const stepsOf = ({ trail }: Rehearsal): CallStep[] =>
  trail.map(({ block, flow, event, exit, detail }, n) => ({
    seq: n + 1,
    at: new Date(n * 1000).toISOString(),
    block,
    event,
    exit: exit ?? null,
    detail: detail ?? {},
    versionId: flow ?? null,
  }))

const toSupport = () => rehearse(frontDesk).promptFinishes().presses('2')

describe('the way of a call', () => {
  it('is its blocks in order, with the exit of each', () => {
    expect(staysOf(stepsOf(toSupport())).map(({ number, block, exit }) => [number, block, exit])).toEqual([
      [1, 'incoming', 'next'],
      [2, 'welcome', 'done'],
      [3, 'menu', '2'],
      [4, 'support', null],
    ])
  })

  it('tells why a caller was asked again', () => {
    const call = rehearse(frontDesk).promptFinishes().staysSilent().presses('9')
    expect(staysOf(stepsOf(call)).at(-1)).toMatchObject({ block: 'menu', again: ['noInput', 'noMatch'], exit: null })
  })

  it('tells what failed, and goes on by the failure path', () => {
    const call = rehearse(frontDesk).promptFails('400/8536')
    const stays = staysOf(stepsOf(call))
    expect(stays.find(({ block }) => block === 'welcome')).toMatchObject({ exit: 'error', problem: '400/8536' })
    expect(stays.at(-1)?.block).toBe('$apology')
  })

  it('is the same when steps come twice and in another order', () => {
    const steps = stepsOf(toSupport())
    expect(staysOf([...steps.toReversed(), ...steps])).toEqual(staysOf(steps))
  })
})

describe('on the canvas', () => {
  it('the block of a live call is the running one, and no block of one that has ended', () => {
    const stays = staysOf(stepsOf(toSupport()))
    expect(traceOf(stays, true).visits.map(({ state }) => state)).toEqual(['visited', 'visited', 'visited', 'now'])
    expect(traceOf(stays, false).visits.map(({ state }) => state)).not.toContain('now')
  })

  it('a block visited again shows its last number and how often', () => {
    const call = rehearse(frontDesk).promptFinishes().presses('3').promptFinishes()
    expect(traceOf(staysOf(stepsOf(call)), true).visits.find(({ block }) => block === 'menu')).toMatchObject({
      number: 5,
      times: 2,
      state: 'now',
    })
  })

  it('blocks that nobody drew do not stand', () => {
    const trace = traceOf(staysOf(stepsOf(rehearse(frontDesk).promptFails())), true)
    expect(trace.visits.map(({ block, state }) => [block, state])).toEqual([
      ['incoming', 'visited'],
      ['welcome', 'failed'],
    ])
  })
})

it('shows what was in another flow apart, and the block that has called it as one stay', () => {
  const sub = drawSub({ hello: say('Hello.', { done: 'back' }), back: giveBack('Done') })
  const flow = draw({ sub: callTo(flowIds.child, { Done: 'bye' }), bye: hangUp('Bye.') })
  const call = rehearse(flow, { flows: libraryOf({ [flowIds.child]: [sub] }) })
  const key = `${flowIds.child}@1`
  const during = staysOf(stepsOf(call))
  expect(during.map(({ block, version }) => [block, version])).toEqual([
    ['incoming', null],
    ['sub', null],
    ['incoming', key],
    ['hello', key],
  ])
  const lit = (version: string | null) =>
    traceOf(during, true, version).visits.map(({ block, state }) => [block, state])
  expect(lit(null)).toEqual([
    ['incoming', 'visited'],
    ['sub', 'now'],
  ])
  expect(lit(key)).toEqual([
    ['incoming', 'visited'],
    ['hello', 'now'],
  ])
  const after = staysOf(stepsOf(call.promptFinishes()))
  expect(after.map(({ block, exit }) => [block, exit])).toEqual([
    ['incoming', 'next'],
    ['sub', 'Done'],
    ['incoming', 'next'],
    ['hello', 'done'],
    ['back', 'Done'],
    ['bye', null],
  ])
})
