import { expect, it } from 'vitest'
import { isSame } from './identity.ts'

const id = '278405a3-f568-4b3e-b684-009193463064'
const type = { '@odata.type': '#microsoft.graph.identity' as const }

it('takes ids for the same however they are spelled, and only of the same kind', () => {
  const user = (spelled: string) => ({ user: { ...type, id: spelled } })
  expect(isSame(user(id), user(id.toUpperCase()))).toBe(true)
  expect(isSame(user(id), user(id.replaceAll('-', '')))).toBe(true)
  expect(isSame(user('Ann'), user('ann'))).toBe(false)
  expect(isSame(user(id), { guest: { ...type, id } })).toBe(false)
  expect(isSame({}, {})).toBe(false)
})
