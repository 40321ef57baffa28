import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { callsIn, endLine, headLine, headOf, lineOf, openLine, withoutEnded } from './lines.ts'
import { end, stray } from './testing/strays.ts'

const head = { process: randomUUID(), appId: randomUUID(), host: 'here' }

it('reads what it writes: open calls oldest first, and ended ones with their end', () => {
  const [young, old, over] = [stray({ at: 2_000 }), stray({ at: 1_000 }), stray()]
  const text = headLine(head) + [young, old, over].map(openLine).join('') + endLine(over.id, end)
  expect(headOf(text)).toEqual(head)
  expect(callsIn(text)).toEqual({ open: [old, young], ended: [{ call: over, end }] })
})

it('knows how a call that was as good as over will have come out', () => {
  const one = stray()
  const at = new Date()
  const leaving = lineOf({ kind: 'leaving', id: one.id, tenantId: one.tenantId, at, outcome: 'transferred' })
  expect(callsIn(openLine(one) + leaving).open).toEqual([{ ...one, outcome: 'transferred' }])
})

it('takes no piece of a word for how a call has come out', () => {
  const one = stray()
  const leaving = `${lineOf({ kind: 'leaving', id: one.id, tenantId: one.tenantId, at: new Date(), outcome: 'transferred' })}`
  for (let length = 0; length < leaving.length - 1; length++) {
    expect(callsIn(`${openLine(one)}${leaving.slice(0, length)}\n`).open).toEqual([one])
  }
  const odd = {
    kind: 'leaving',
    id: one.id,
    tenantId: one.tenantId,
    at: new Date(),
    outcome: `a\n-${one.id} {}`,
  } as const
  expect(callsIn(openLine(one) + lineOf(odd)).open).toEqual([{ ...one, outcome: odd.outcome }])
})

it('forgets nothing when a call is taken over a second time from where less is known of it', () => {
  const one = stray({ outcome: 'endedByFlow' })
  const again = openLine(one) + openLine({ ...one, outcome: null })
  expect(callsIn(again).open).toEqual([one])
  const later = { ...end, outcome: 'lost' }
  expect(callsIn(again + endLine(one.id, end) + endLine(one.id, later)).ended).toEqual([{ call: one, end }])
})

it('holds no name and no number of a caller', () => {
  const { at, outcome: _, ...call } = stray()
  const caller = { name: 'Anna Berger', id: '+31201234567' }
  const line = lineOf({ ...call, kind: 'began', at: new Date(at), caller, called: '+31207654321' }) ?? ''
  expect(callsIn(line).open).toEqual([{ ...call, at, outcome: null }])
  for (const secret of ['Anna', '+312']) expect(line).not.toContain(secret)
  const step = { kind: 'step', seq: 1, block: 'menu', event: 'left', exit: '1', detail: { digits: '1234' } } as const
  expect(lineOf({ ...step, id: call.id, tenantId: call.tenantId, at: new Date() })).toBeNull()
})

it('loses the call alone whose line is cut short or broken', () => {
  const [one, other, broken] = [stray({ at: 1 }), stray({ at: 2 }), stray({ at: 3 })]
  const whole = openLine(one) + openLine(broken) + openLine(other)
  const at = openLine(one).length + openLine(broken).length
  fc.assert(
    fc.property(fc.integer({ min: 0, max: openLine(broken).length - 2 }), fc.string(), (cut, rubbish) => {
      const text = `${whole.slice(0, openLine(one).length + cut)}\n${rubbish.replaceAll('\n', '')}\n${whole.slice(at)}`
      expect(callsIn(text).open).toEqual([one, other])
    }),
  )
  expect(headOf('')).toBeNull()
  expect(headOf('#{"process":"me"}\n')).toBeNull()
})

it('made shorter it says of open calls what it said before', () => {
  const calls = Array.from({ length: 20 }, (_, n) => stray({ at: n }))
  const over = calls.filter((_, n) => n % 3 === 0)
  const text = headLine(head) + calls.map(openLine).join('') + over.map(({ id }) => endLine(id, end)).join('')
  const shorter = withoutEnded(text)
  expect(headOf(shorter)).toEqual(head)
  expect(callsIn(shorter)).toEqual({ open: callsIn(text).open, ended: [] })
  expect(withoutEnded(headLine(head) + openLine(stray()).repeat(0))).toBe(headLine(head))
})
