import { describe, expect, it } from 'vitest'
import { type Rehearsal, rehearse } from '#flow/rehearse.ts'
import { frontDesk } from '#flow/sample.ts'
import { block, draw, hangUp } from '#flow/testing/draw.ts'
import { viewBlocks } from '#flow/view.ts'
import { callerWords, stayWords } from './callWords.ts'
import { endWords } from './outcomes.ts'
import { staysOf } from './visits.ts'

const stepsOf = ({ trail }: Rehearsal) =>
  trail.map(({ block, flow, event, exit, detail }, seq) => ({
    ...{ seq, block, event, exit: exit ?? null, detail, versionId: flow ?? null },
    at: '2026-11-20T10:42:00.000Z',
  }))

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

it.each([
  [200, 4521, 'The caller hung up'],
  [200, 540000, 'The caller hung up'],
  [200, 7000, 'The flow hung up'],
  [0, 7015, 'The call was transferred'],
  [408, 8537, 'Teams ended the call: nothing was heard of the bot'],
  [480, 99999, 'Ended with 480/99999'],
  [404, null, 'The connection was lost'],
  [418, null, 'Ended with 418'],
  [null, null, null],
])('a call that ended with %s/%s: %j', (code, subcode, words) => expect(endWords(code, subcode)).toBe(words))

it('a step says how long a message is', () => {
  const flow = draw({ box: block('recordMessage', { prompt: 'After the tone.' }, { recorded: 'bye' }), bye: hangUp() })
  const stay = staysOf(stepsOf(rehearse(flow).speaks(58))).find((one) => one.block === 'box')
  expect(stay && stayWords(viewBlocks(flow).get('box'), stay)).toBe('Record message · Recorded · 0:58')
})

it('a step says what a milestone has noted', () => {
  const fields = [
    { name: 'day', value: '"Friday"' },
    { name: 'people', value: '2 + 2' },
  ]
  const flow = draw({ note: block('milestone', { name: 'Booked', fields }, { next: 'bye' }), bye: hangUp() })
  const stay = staysOf(stepsOf(rehearse(flow))).find((one) => one.block === 'note')
  expect(stay && stayWords(viewBlocks(flow).get('note'), stay)).toBe(
    'Milestone · Goes on · Booked: day Friday, people 4',
  )
})

it('a step says what was pressed and how often was asked', () => {
  const rehearsal = rehearse(frontDesk).promptFinishes().staysSilent().staysSilent().presses('1')
  const stay = staysOf(stepsOf(rehearsal)).find(({ block }) => block === 'menu')
  expect(stay && stayWords(viewBlocks(frontDesk).get('menu'), stay)).toBe(
    'Menu · asked again 2 times: nothing pressed · Pressed 1: Sales',
  )
})
