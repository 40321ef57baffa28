import { expect, it } from 'vitest'
import { matches } from './matches.ts'

const flow = {
  ...{
    id: '1',
    name: 'Front desk',
    revision: 1,
    updatedAt: '',
    updatedBy: 'Marta Silva',
    published: null,
    lastCall: null,
  },
  ...{ liveCalls: 0, answers: ['+14255550100', 'default'], problems: { errors: 0, warnings: 0 }, changed: false },
}

it.each([
  ['', true],
  ['desk', true],
  ['DESK  front', true],
  ['5550100', true],
  ['marta desk', true],
  ['help line', false],
])('a search for %j finds Front desk: %s', (search, found) => expect(matches(flow, search)).toBe(found))
