import { expect, it } from 'vitest'
import { Calendar } from '#flow/calendar.ts'
import { weekOf } from '#flow/testing/calendars.ts'
import { belowHeadline, headline, stateWords, triedWords } from './stateWords.ts'

const hours = (rest: object = {}) =>
  Calendar.parse({ name: 'Hours', timeZone: 'Europe/Berlin', week: weekOf(['08:00', '17:00']), ...rest })
const holidays = [{ name: 'Christmas', from: '2026-12-25', to: '2026-12-26' }]
const at = (text: string) => Date.parse(text)
const plain = (text: string) => text.replaceAll('\u202f', ' ')

// Dates look as the reader of the page has them, here as in the United States.
it.each([
  ['2026-12-17T10:42+01:00', {}, 'Open until 5:00 PM'],
  ['2026-12-17T18:00+01:00', {}, 'Closed until Friday, 8:00 AM'],
  ['2026-12-25T10:00+01:00', { holidays }, 'Closed: Christmas, until Monday, 8:00 AM'],
  ['2026-12-17T10:00+01:00', { week: weekOf(['00:00', '24:00'], [], true) }, 'Always open'],
  ['2026-12-17T10:00+01:00', { week: weekOf([]) }, 'No day set, counts as closed'],
  [
    '2026-12-17T10:00+01:00',
    { holidays: [{ name: 'Long break', from: '2026-12-17', to: '2027-01-03' }] },
    'Closed: Long break, until Mon, Jan 4, 8:00 AM',
  ],
])('at %s with %o: %s', (when, rest, words) => expect(plain(stateWords(hours(rest), at(when)))).toBe(words))

it('the first line is the truth in one sentence, and the second says where and when', () => {
  const calendar = hours({ holidays })
  const now = at('2026-12-17T10:42+01:00')
  expect(plain(headline(calendar, now))).toBe('Open until 5:00 PM. Closed on Friday, December 25: Christmas.')
  expect(plain(belowHeadline(calendar, now))).toBe(
    'It is Thursday, December 17, 10:42 AM in Berlin. Then closed until Friday, 8:00 AM.',
  )
})

it('says of a time that is tried what callers meet, and when it opens', () => {
  expect(triedWords(hours({ holidays }), at('2026-12-26T09:00+01:00'))).toMatchObject({ what: 'Closed: Christmas' })
  expect(plain(triedWords(hours(), at('2026-12-17T07:00+01:00')).opens)).toBe('Opens 8:00 AM.')
  expect(triedWords(hours(), at('2026-12-17T09:00+01:00')).opens).toBe('')
})
