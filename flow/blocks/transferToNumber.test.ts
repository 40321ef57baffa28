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
    expect(rehearse(flow(number)).transferredTo).toEqual({ kind: 'number', id: '+14255550100', name: '+14255550100' })
  },
)

it('goes on where nobody answers, and where the call came to no number of ours', () => {
  expect(rehearse(flow('+14255550100')).transferFails().hears).toEqual(['Nobody there.'])
  expect(rehearse(flow('+14255550100')).commandFails('transfer', '403/7504').hears).toEqual(['Nobody there.'])
})

it.each([
  ...['112', '911', '+112', '9-1-1', '110', '999', '0112', '00112', 'tel:112', '１１２', '+49 112'],
  // With an area code in front, as some countries let it be dialled.
  ...['+49 30 112', '+49 711 112', '+4989110', '+44 20 999', '+61 000 000'],
])('calls no emergency service: %s', (number) => expect(issueOf(number)).toBe('specialNumber'))

it.each(['+1 900 555 0100', '+882 16 1234', '+979 1 12345678', '+881 6 1234 5678'])(
  'calls nobody who costs more than a call: %s',
  (number) => expect(issueOf(number)).toBe('specialNumber'),
)

it.each(['+49 30 5550112', '+1 425 555 0911', '+354 555 0112', '+44 20 7946 0999'])(
  'and is not mistaken: %s',
  (number) => expect(issueOf(number)).toBeUndefined(),
)

it.each(['0301234567', '425 555 0100', '+123', '+0425550100', 'Anna', '+1234567890123456'])(
  'needs a number as the world writes it: %s is none',
  (number) => expect(issueOf(number)).toBe('notInternational'),
)

it('cannot give a call to nobody', () => expect(issueOf(' ')).toBe('required'))

const onCall = (phone: string, announcement = '') => ({
  ...draw({
    give: block('transferToNumber', { number: '${phone}', announcement }, { failed: 'back' }),
    back: say('Nobody there.', { done: 'bye' }),
    bye: hangUp(),
  }),
  variables: { phone: { type: 'text' as const, initial: phone } },
})

it('gives the call to the number that a value is, after its announcement', () => {
  const call = rehearse(onCall('0049 40 66969-131', 'One moment.'))
  expect([call.hears, call.transferredTo]).toEqual([['One moment.'], null])
  expect(call.promptFinishes().transferredTo).toEqual({ kind: 'number', id: '+494066969131', name: '+494066969131' })
  expect(check(onCall('')).filter(({ block }) => block === 'give')).toEqual([])
})

it.each(['', '112', '+49 30 112', '+1 900 555 0100', '040 66969 131', 'Anna'])(
  'a value that may not be rung is the way of not reached, and nobody is announced: “%s”',
  (phone) => {
    const call = rehearse(onCall(phone, 'One moment.'))
    expect([call.hears, call.transferredTo]).toEqual([['Nobody there.'], null])
  },
)

it.each(['${nobody}', '${phone', '+49 ${1 +}'])('an expression that is none is said before: %s', (number) =>
  expect(issueOf(number)).toBe('expression'),
)
