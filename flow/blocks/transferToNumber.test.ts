import { expect, it } from 'vitest'
import { check } from '../check.ts'
import { rehearse } from '../rehearse.ts'
import { block, draw, hangUp, say } from '../testing/draw.ts'

const flow = (number: string) =>
  draw({
    give: block('transferToNumber', { number, announcement: '' }, { failed: 'back' }),
    back: say('Nobody there.', { done: 'bye' }),
    bye: hangUp(),
  })
const issueOf = (number: string) => check(flow(number)).find(({ code }) => code === 'setting')?.detail

it.each(['+1 425 555 0100', '+1 (425) 555-0100', '0014255550100', 'tel:+14255550100', '+14255550100'])(
  'gives the call to the number that %s is',
  (number) => {
    expect(rehearse(flow(number)).transferredTo).toEqual({ kind: 'number', id: '+14255550100', name: number })
  },
)

it('goes on where nobody answers, and where the call came to no number of ours', () => {
  expect(rehearse(flow('+14255550100')).transferFails().hears).toEqual(['Nobody there.'])
  expect(rehearse(flow('+14255550100')).commandFails('transfer', '403/7504').hears).toEqual(['Nobody there.'])
})

it.each(['112', '911', '+112', '9-1-1', '110', '999'])('calls no emergency service: %s', (number) => {
  expect(issueOf(number)).toBe('emergencyNumber')
})

it.each(['0301234567', '425 555 0100', '+123', '+0425550100', 'Anna', '+1234567890123456'])(
  'needs a number as the world writes it: %s is none',
  (number) => expect(issueOf(number)).toBe('notInternational'),
)

it('cannot give a call to nobody', () => expect(issueOf(' ')).toBe('required'))
