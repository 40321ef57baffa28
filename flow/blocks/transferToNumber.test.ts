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
