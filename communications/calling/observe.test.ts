import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Call, CallState, ChangeType } from '../wire/types.ts'
import { askTransfer, type CallView, endWithoutWord, observe, unseen } from './observe.ts'

const updated = (call: Call) => ({ changeType: 'updated' as const, call })
const active = { mediaState: { audio: 'active' as const } }

/** The events of some news, told one after the other. */
function hear(news: { changeType: ChangeType; call: Call }[], from: CallView = unseen) {
  let view = from
  const told: string[] = []
  for (const one of news) {
    const seen = observe(view, one)
    view = seen.view
    told.push(...seen.events.map(({ type, ...rest }) => (type === 'stateChanged' && 'to' in rest ? rest.to : type)))
  }
  return { view, told }
}
const established = hear([updated({ state: 'established', ...active })]).view
const transferring = observe(askTransfer(established), updated({ state: 'transferring' })).view

describe('what is seen of a call', () => {
  it('is established once, whatever the order and the number of the updates', () => {
    const news = [
      updated({ state: 'established' }),
      updated({ state: 'establishing' }),
      updated({ state: 'established', ...active }),
      updated({ state: 'established', ...active }),
    ]
    expect(hear(news).told).toEqual(['established', 'established', 'mediaState', 'mediaActive'])
    expect(hear([...news].reverse()).told).toEqual(['established', 'established', 'mediaState', 'mediaActive'])
  })

  it('is ready to speak only once, when it is established and audio flows', () => {
    expect(hear([updated(active)]).told).toEqual(['mediaState'])
    expect(hear([updated(active), updated({ state: 'established' })]).told).toContain('mediaActive')
    const again = [updated({ mediaState: { audio: 'inactive' } }), updated(active)]
    expect(hear(again, established).told).toEqual(['mediaState', 'mediaState'])
  })

  it('does not change by a state that nobody knows', () => {
    expect(hear([updated({ state: 'unknownFutureValue' })], established)).toEqual({ view: established, told: [] })
  })

  it('ends by a deleted that carries neither state nor id, and then nothing counts any more', () => {
    const { view, told } = hear([{ changeType: 'deleted', call: {} }])
    expect(told).toEqual(['terminated', 'ended'])
    expect(observe(view, updated({ state: 'established' })).events).toEqual([])
    expect(endWithoutWord(view, 'gone').events).toEqual([])
  })

  it('tells how it ended', () => {
    const resultInfo = { code: 200, subcode: 4521 }
    const { events } = observe(established, { changeType: 'deleted', call: { state: 'terminated', resultInfo } })
    expect(events.at(-1)).toEqual({ type: 'ended', how: 'terminated', resultInfo, terminationReason: null })
  })
})

describe('a transfer', () => {
  it.each([
    ['transferAccepted', updated({ state: 'transferAccepted' })],
    ['subcode 7015', { changeType: 'deleted' as const, call: { resultInfo: { code: 0, subcode: 7015 } } }],
    ['AppTransferred', { changeType: 'deleted' as const, call: { terminationReason: 'AppTransferred' } }],
  ])('has come about by %s, also when transferring was lost', (_how, news) => {
    expect(hear([news], transferring).told).toContain('transferred')
    expect(hear([news], askTransfer(established)).told).toContain('transferred')
  })

  it('is told once, though the end says it again', () => {
    const end = { changeType: 'deleted' as const, call: { resultInfo: { code: 200, subcode: 7015 } } }
    const { told } = hear([updated({ state: 'transferAccepted' }), end], transferring)
    expect(told.filter((type) => type === 'transferred')).toHaveLength(1)
  })

  const back = updated({ state: 'established', resultInfo: { code: 500, subcode: 7000 } })

  it('has failed when the call is back with a result, once, and what is said late of it is nothing', () => {
    const { view, told } = hear([back, back, updated({ state: 'transferring' })], transferring)
    expect(told).toEqual(['transferFailed', 'established'])
    expect(view.state).toBe('established')
    expect(hear([back], askTransfer(established)).told).toEqual(['transferFailed'])
  })

  it('is not undone by a late established without a result, but by one that Graph was asked for', () => {
    expect(hear([updated({ state: 'established' })], transferring).view.state).toBe('transferring')
    const asked = observe(transferring, updated({ state: 'established' }), 'answered')
    expect(asked.view.state).toBe('established')
    expect(asked.events).toContainEqual({ type: 'transferFailed', resultInfo: null })
  })

  it('is not taken for failed by the result of an earlier one that is still there when Graph is asked', () => {
    const { events } = observe(askTransfer(hear([back], transferring).view), back, 'answered')
    expect(events).toEqual([])
  })

  it('can be tried again after it has failed, and then a failure that is heard may be a repeat: Graph has to tell', () => {
    const failed = hear([back], transferring).view
    const again = observe(askTransfer(failed), updated({ state: 'transferring' })).view
    const { view, events, inDoubt } = observe(again, back)
    expect({ events, inDoubt, state: view.state }).toEqual({ events: [], inDoubt: true, state: 'transferring' })
    expect(observe(view, back, 'answered').events).toContainEqual({
      type: 'transferFailed',
      resultInfo: back.call.resultInfo,
    })
    expect(observe(view, updated({ state: 'transferring' }), 'answered').events).toEqual([])
    expect(observe(view, updated({ state: 'transferAccepted' })).events).toContainEqual({ type: 'transferred' })
  })

  it('is not decided by an answer that is late, which is asked for again', () => {
    expect(observe(transferring, updated({ state: 'established' }), 'late').view.state).toBe('transferring')
    expect(observe(transferring, back, 'late')).toMatchObject({ events: [], inDoubt: true })
  })

  it('is in no doubt when it is the first that fails', () => {
    expect(observe(transferring, back).inDoubt).toBeUndefined()
  })
})

it('any news in any order end a call once at most, establish it once at most, and never bring it back', () => {
  const states: CallState[] = ['incoming', 'establishing', 'established', 'hold', 'transferring', 'transferAccepted']
  const call = fc.record(
    {
      state: fc.constantFrom(...states, 'terminating' as const, 'terminated' as const, 'unknownFutureValue' as const),
      mediaState: fc.constantFrom({ audio: 'active' as const }, { audio: 'inactive' as const }),
      resultInfo: fc.constantFrom({ code: 500, subcode: 7000 }, { code: 0, subcode: 7015 }),
    },
    { requiredKeys: [] },
  )
  const news = fc.record({ changeType: fc.constantFrom<ChangeType>('updated', 'created'), call })
  fc.assert(
    fc.property(fc.array(news, { maxLength: 30 }), (all) => {
      const { view, told } = hear(all)
      const count = (type: string) => told.filter((one) => one === type).length
      expect(count('ended')).toBeLessThanOrEqual(1)
      expect(count('mediaActive')).toBeLessThanOrEqual(1)
      expect(count('terminated')).toBe(count('ended'))
      expect(told.indexOf('ended')).toBe(count('ended') ? told.length - 1 : -1)
      expect(view.state === 'terminated').toBe(count('ended') === 1)
    }),
    { numRuns: 500 },
  )
})

it('keeps no details where nobody asks for them, and one view of all calls that look the same', () => {
  const look = (id: string) =>
    observe({ ...unseen, details: null }, { changeType: 'updated', call: { id, state: 'established' } }).view
  expect(look('one')).toEqual({ ...unseen, state: 'established', established: true, details: null })
  expect(look('other')).toBe(look('one'))
})
