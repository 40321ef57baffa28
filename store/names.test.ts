import { expect, it } from 'vitest'
import { emptyFlow } from '#flow/sample.ts'
import { specStore, tenantWithFlow } from '#test/store.ts'

const spec = specStore()

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
  ['Desk', Array.from({ length: 30 }, (_, n) => (n === 0 ? 'Desk' : `Desk ${n + 1}`)), 'Desk 31'],
])('%j beside %j is %j', async (name, taken, free) => {
  const { tenantId } = await tenantWithFlow(spec.store, taken[0] ?? 'None')
  for (const other of taken.slice(1)) await spec.store.flows.create(tenantId, { flow: emptyFlow(other), by: 'ada' })
  expect(await spec.store.flows.freeName(tenantId, name)).toBe(free)
})
