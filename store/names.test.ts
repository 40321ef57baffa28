import { expect, it } from 'vitest'
import { flowLimits } from '#flow/flow.ts'
import { freeName } from './names.ts'

it.each([
  ['Desk', [], 'Desk'],
  ['Desk', ['Other'], 'Desk'],
  ['Desk', ['Desk'], 'Desk 2'],
  ['desk', ['DESK'], 'desk 2'],
  ['Äpfel', ['äPFEL'], 'Äpfel 2'],
  ['Desk', ['Desk', 'Desk 2', 'desk 3'], 'Desk 4'],
  ['Desk 2', ['Desk 2'], 'Desk 3'],
  ['Desk 2', ['Desk'], 'Desk 2'],
  ['Line 12345', ['Line 12345'], 'Line 12345 2'],
])('%j beside %j is %j', (name, taken, free) => expect(freeName(name, taken)).toBe(free))

it('stays within what a name may be, and halves no letter', () => {
  const long = '😀'.repeat(flowLimits.name / 2)
  const free = freeName(long, [long])
  expect(free).toBe(`${'😀'.repeat(flowLimits.name / 2 - 1)} 2`)
  expect(freeName(long, [long, free])).toBe(`${'😀'.repeat(flowLimits.name / 2 - 1)} 3`)
})
