import { describe, expect, it } from 'vitest'
import { viewBlocks } from '#flow/check.ts'
import { rehearse } from '#flow/rehearse.ts'
import { frontDesk } from '#flow/sample.ts'
import { callerWords, endWords, markOf, outcomeWords, problemWords, stayWords } from './callWords.ts'
import { merged } from './useCallList.ts'
import { staysOf } from './visits.ts'

const call = {
  state: 'ended',
  caller: { name: null, id: null },
  outcome: null,
  endCode: null,
  endSubcode: null,
  lastBlock: null,
} as const

describe('a caller', () => {
  const phone = '+14255550142'
  const objectId = 'b1f5a3d2-7c1e-4b8e-9a55-0c1d2e3f4a5b'
  it.each([
    [{ name: 'Anna Berger', id: phone }, `Anna Berger, ${phone}`],
    [{ name: null, id: phone }, phone],
    [{ name: 'Anna Berger', id: objectId }, 'Anna Berger'],
    [{ name: null, id: objectId }, 'Unknown caller'],
  ])('%j is shown as %j', (caller, words) => expect(callerWords({ caller })).toBe(words))
})

describe('how a call came out', () => {
  it.each([
    ['callerHungUp', 'Main menu', 'Caller hung up in Main menu'],
    ['callerHungUp', '', 'Caller hung up'],
    ['endedByFlow', 'Goodbye', 'Ended by the flow'],
    ['transferred', 'Sales', 'Transferred by Sales'],
    ['somethingNew', '', 'somethingNew'],
  ])('%s in %j reads %j', (outcome, name, words) =>
    expect(outcomeWords({ ...call, outcome, lastBlock: { id: 'x', name } })).toBe(words),
  )

  it('is marked as bad only when it failed or broke off', () => {
    const marks = ['transferred', 'endedByFlow', 'callerHungUp', 'failed', 'lost'].map((outcome) =>
      markOf({ ...call, outcome }),
    )
    expect(marks).toEqual(['fine', 'fine', 'left', 'bad', 'bad'])
    expect(markOf({ ...call, outcome: 'notTransferred' })).toBe('bad')
    expect(markOf({ ...call, outcome: 'aNewOne' })).toBe('bad')
    expect(markOf({ state: 'live', outcome: null })).toBe('live')
  })
})

describe('why a call ended', () => {
  it.each([
    [200, 4521, 'The caller hung up'],
    [200, 540000, 'The caller hung up'],
    [200, 7000, 'The flow hung up'],
    [0, 7015, 'The call was transferred'],
    [480, 99999, 'Ended with 480/99999'],
    [404, null, 'Ended with 404'],
  ])('%s/%s is %j', (code, subcode, words) => expect(endWords(code, subcode)).toBe(words))

  it('is not said when the platform said nothing', () => expect(endWords(null, null)).toBeNull())
})

it('a failure that nobody explains is shown as it is', () => {
  expect(problemWords('endlessLoop')).toBe('Going round in circles')
  expect(problemWords('418/1')).toBe('The service said: 418/1')
})

it('a step says what was pressed and how often was asked', () => {
  const rehearsal = rehearse(frontDesk).promptFinishes().staysSilent().staysSilent().presses('1')
  const steps = rehearsal.trail.map(({ block, event, exit, detail }, seq) => ({
    ...{ seq, block, event, exit: exit ?? null, detail },
    at: '2026-11-20T10:42:00.000Z',
  }))
  const stay = staysOf(steps).find(({ block }) => block === 'menu')
  expect(stay && stayWords(viewBlocks(frontDesk).get('menu'), stay)).toBe(
    'Menu · asked again 2 times: nothing pressed · Pressed 1: Sales',
  )
})

it('a refreshed list keeps the older pages, without doubles, the latest first', () => {
  const item = (id: string, startedAt: string, state: 'live' | 'ended') => ({
    ...{ ...call, id, startedAt, state, graphCallId: '', flowId: '', flowName: '', version: 1, test: false },
    ...{ called: null, endedAt: null },
  })
  const known = [item('b', '2', 'live'), item('a', '1', 'ended')]
  const latest = [item('c', '3', 'live'), item('b', '2', 'ended')]
  expect(merged(latest, known).map(({ id, state }) => [id, state])).toEqual([
    ['c', 'live'],
    ['b', 'ended'],
    ['a', 'ended'],
  ])
})
