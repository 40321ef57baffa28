import { expect, it } from 'vitest'
import { edit } from '#flow/edit.ts'
import { frontDesk } from '#flow/sample.ts'
import { judgeName } from './variableName.ts'

const flow = edit(frontDesk, { type: 'setVariable', name: 'pin', variable: { type: 'digits' } })

it.each([
  ['employeeNumber', true, undefined],
  ['', false, undefined],
  ['employee number', false, 'Write employeeNumber'],
  ['e-mail', false, 'Write eMail'],
  ['caller', false, 'cannot be a name'],
  ['2nd', false, 'beginning with a letter'],
  ['für', false, 'Write fR'],
  ['pin', false, 'already'],
])('%j can be the name of a variable: %s', (name, right, words) => {
  const judged = judgeName(name, flow)
  expect(judged.right).toBe(right)
  if (words === undefined) expect(judged.fault).toBeUndefined()
  else expect(judged.fault).toContain(words)
})
