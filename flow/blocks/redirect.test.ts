import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { Rehearsal } from '../rehearse.ts'
import { adele, block, draw, rings, say, silentCall } from '../testing/draw.ts'
import type { Value } from '../values.ts'

const person = (n: number) => ({
  kind: 'person',
  id: `b1f5a3d2-7c1e-4b8e-9a55-${String(n).padStart(12, '0')}`,
  name: `P${n}`,
})
const number = (id: string) => ({ kind: 'number', id, name: '' })
const flow = (targets: Value, more: Record<string, Value> = {}) =>
  rings({ on: block('redirect', { targets, ...more }) })
const issues = (targets: Value, more: Record<string, Value> = {}) =>
  check(flow(targets, more)).flatMap(({ code, field, detail }) => (code === 'setting' ? [[field, detail]] : []))

describe('redirect', () => {
  it('sends the call on unanswered, and is over when the telephone says so', () => {
    const call = new Rehearsal(flow([{ kind: 'person', ...adele }])).comesIn()
    expect([call.redirectedTo, call.isOver]).toEqual([[{ kind: 'person', ...adele }], false])
    expect([call.redirectEnds().isOver, call.asked.some(({ type }) => type === 'answer')]).toEqual([true, false])
    expect(call.trail.at(-1)).toMatchObject({ block: 'on', event: 'left', exit: 'done' })
  })

  it('lets people, numbers and queues ring at once', () => {
    const call = new Rehearsal(flow([person(1), number('+49 30 5550 0142'), { ...person(2), kind: 'queue' }])).comesIn()
    expect(call.redirectedTo.map(({ kind, id }) => [kind, id])).toEqual([
      ['person', person(1).id],
      ['number', '+493055500142'],
      ['queue', person(2).id],
    ])
  })

  it('takes 1 to 25 targets and 15 to 90 seconds (I13)', () => {
    const many = Array.from({ length: 26 }, (_, n) => person(n))
    expect(issues(many.slice(1))).toEqual([])
    expect(issues(many)).toEqual([['targets', 'too_big']])
    expect(issues([])).toEqual([['targets', 'required']])
    expect([10, 14, 15, 90, 91].map((seconds) => issues([person(1)], { seconds }).length)).toEqual([1, 1, 0, 0, 1])
  })

  it.each([
    [number('112'), 'specialNumber'],
    [number('0301234567'), 'notInternational'],
    [{ kind: 'person', id: 'adele@contoso.com', name: '' }, 'notObjectId'],
    [{ kind: 'queue', id: '+14255550100', name: '' }, 'notObjectId'],
  ])('refuses %o', (target, code) => expect(issues([person(1), target])).toEqual([['targets.1.id', code]]))

  it('lets nobody ring twice', () => {
    expect(issues([number('+1 425 555 0100'), number('0014255550100')])).toEqual([['targets.1.id', 'targetTwice']])
  })

  it('of a call that was answered is a fault of the drawing, and the caller hears the apology', () => {
    const late = draw({ hello: say('Hello.', { done: 'on' }), on: block('redirect', { targets: [person(1)] }) })
    expect(check(late).map(({ code }) => code)).toContain('alreadyAnswered')
    expect(new Rehearsal(late).rings().promptFinishes().hears).toEqual(['Hello.', 'Sorry.'])
  })

  it('that is refused answers the caller after all, who hears the apology', () => {
    const call = new Rehearsal(flow([person(1)])).comesIn().commandFails('redirect', '403')
    expect(call.asked.at(-1)?.type).toBe('answer')
    expect(call.isHeard().hears).toEqual(['Sorry.'])
  })

  it('is not answered at 12 seconds, since others ring', () => {
    const call = new Rehearsal(flow([person(1)])).comesIn().waits(14)
    expect(call.asked.map(({ type }) => type)).toEqual(['startTimer', 'redirect', 'startTimer'])
  })

  it.each([
    [1, null, 55],
    [2, null, 60],
    [1, 15, 15],
    [2, 90, 90],
  ])('%d that ring for %j s are never asked to ring again', (count, seconds, rings) => {
    const call = silentCall(
      flow(
        Array.from({ length: count }, (_, n) => person(n)),
        { seconds },
      ),
    )
    const commands = call.tell({ type: 'callOffered' })
    expect(commands.findLast(({ type }) => type === 'startTimer')).toMatchObject({ ms: rings * 1000 + 15_000 })
    expect(call.tell({ type: 'timerElapsed', timer: 'block', visit: call.state.visit })).toEqual([])
    expect(call.state.at).toBeNull()
  })
})
