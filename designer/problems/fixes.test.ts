import { describe, expect, it } from 'vitest'
import { check } from '#flow/check.ts'
import { edit } from '#flow/edit.ts'
import type { Flow } from '#flow/flow.ts'
import { rehearse } from '#flow/rehearse.ts'
import { block, draw, hangUp, menu, say } from '#flow/testing/draw.ts'
import { viewedOf } from '../views.ts'
import { findingsOf } from './finding.ts'
import { fixOf } from './fixes.ts'

const silent = (flow: Flow) => findingsOf(check(flow), new Set()).filter(({ code }) => code === 'silence')

/** The fix of the only silence of a flow, and the flow behind it. */
function fixed(flow: Flow) {
  const [found] = silent(flow)
  if (!found) throw new Error('nothing is silent')
  const fix = fixOf(viewedOf(flow), found)
  return { label: fix?.label, flow: fix?.changes.reduce(edit, flow) ?? null }
}
const waits = (seconds: number, done: string) => block('wait', { seconds }, { done })

describe('a silence is mended by one press', () => {
  it('of a request: its own message plays meanwhile', () => {
    const flow = draw({
      ask: block('httpRequest', { url: 'https://a.example.com/', filler: '' }, { '2xx': 'bye', network: 'bye' }),
      bye: hangUp(),
    })
    const { label, flow: after } = fixed(flow)
    expect([label, after?.blocks.ask?.settings.filler]).toEqual(['Play a message meanwhile', 'One moment, please.'])
    expect(after && silent(after)).toEqual([])
  })

  it('that adds up on the way: something is said before, on every way', () => {
    const flow = draw({
      ask: menu('12', { '1': 'first', '2': 'second', noInput: 'bye', noMatch: 'bye' }),
      first: waits(1, 'last'),
      second: waits(1, 'last'),
      last: waits(1, 'bye'),
      bye: hangUp('Bye.'),
    })
    const { label, flow: after } = fixed(flow)
    expect([label, after && silent(after)]).toEqual(['Say something before', []])
    for (const key of ['1', '2']) {
      const call = rehearse(after ?? flow)
        .presses(key)
        .waits(1)
        .promptFinishes()
        .waits(1)
      expect(call.hears).toEqual(['Menu?', 'One moment, please.', 'Bye.'])
    }
  })

  it('but not where the block itself is too long: its author has to say what is to be', () => {
    expect(fixed(draw({ hello: say('Hello.', { done: 'long' }), long: waits(5, 'bye'), bye: hangUp() }))).toEqual({
      label: undefined,
      flow: null,
    })
  })
})

it('nothing else has a fix of one press', () => {
  const flow = draw({ hello: say('', { done: 'nowhere' }) })
  const found = findingsOf(check(flow), new Set())
  expect(found.length).toBeGreaterThan(0)
  expect(found.map((one) => fixOf(viewedOf(flow), one))).toEqual(found.map(() => null))
})
