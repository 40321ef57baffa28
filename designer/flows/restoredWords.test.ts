import { expect, it } from 'vitest'
import { restoredWords } from './restoredWords.ts'

it('says that a flow is back, and only what is not as it was', () => {
  expect(restoredWords('Desk', { name: 'Desk', taken: [] })).toEqual(['“Desk” is back.'])
  const taken = [
    { called: 'default', by: 'Night desk' },
    { called: '+14255550100', by: 'Sales' },
  ]
  expect(restoredWords('Desk', { name: 'Desk 2', taken })).toEqual([
    '“Desk” is back.',
    'There is another flow of its name, so it is called “Desk 2” now.',
    'Calls that no other flow answers stay with “Night desk”.',
    '+14255550100 stays with “Sales”, which has taken it meanwhile.',
  ])
})
