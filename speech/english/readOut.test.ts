import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardinal, digits, ordinal } from './numbers.ts'
import { readOut } from './readOut.ts'

/** What is typed, and what somebody says who reads it out. */
const cases: Record<string, [typed: string, read: string][]> = {
  'words that are spelled': [
    ['A', 'ay'],
    ['A, B, 1, 2', 'ay, B, one, two'],
    ['B, A, 7, A.', 'B, ay, seven, ay.'],
    ['A, dash, 7', 'A, dash, seven'],
    ['A message, a call', 'A message, a call'],
    ['Vitamin A, Boris says', 'Vitamin A, Boris says'],
  ],
  'numbers that are dialled': [
    ['Dial 911.', 'Dial nine one one.'],
    ['In an emergency, hang up and call 911 now', 'In an emergency, hang up and call nine one one now'],
    ['Call 112 or 999.', 'Call one one two or nine nine nine.'],
    ['Call 311 for the city', 'Call three one one for the city'],
    ['Call 425-555-0142.', 'Call four two five, five five five, zero one four two.'],
    ['(425) 555-0142', 'four two five, five five five, zero one four two'],
    ['+1 425 555 0142', 'plus one, four two five, five five five, zero one four two'],
    ['+31 20 123 4567', 'plus three one, two zero, one two three, four five six seven'],
    ['1-800-555-0199', 'one, eight zero zero, five five five, zero one nine nine'],
    ['4255550142', 'four two five, five five five, zero one four two'],
    ['555-0142', 'five five five, zero one four two'],
    ['ext. 4021', 'extension four zero two one'],
    ['extension 12', 'extension one two'],
    ['x204', 'extension two zero four'],
    ['room 101', 'room one zero one'],
    ['Your code is 4711', 'Your code is four seven one one'],
    ['zip 98052', 'zip nine eight zero, five two'],
    ['007', 'zero zero seven'],
    ['123-45-6789', 'one two three, four five, six seven eight nine'],
  ],
  keys: [
    ['Press 1 for sales, 2 for support.', 'Press one for sales, two for support.'],
    ['Press #.', 'Press pound.'],
    ['press the * key', 'press the star key'],
    ['followed by 1#', 'followed by one pound'],
    ['Dial *67', 'Dial star six seven'],
    ['#5', 'number five'],
  ],
  'opening hours': [
    ['24/7', 'twenty-four seven'],
    ['We are here 24/7.', 'We are here twenty-four seven.'],
    ['5 pm', 'five P M'],
    ['5 p.m. today', 'five P M today'],
    ['at 5PM.', 'at five P M.'],
    ['9:30 am', 'nine thirty A M'],
    ['17:00', 'five P M'],
    ['09:05', 'nine oh five A M'],
    ['9:30', 'nine thirty'],
    ['10:00', "ten o'clock"],
    ['00:00', 'midnight'],
    ['9-5', 'nine to five'],
    ['9am-5pm', 'nine A M to five P M'],
    ['8:30 – 17:00', 'eight thirty to five P M'],
    ['9-5 pm', 'nine to five P M'],
    ['Mon-Fri', 'Monday to Friday'],
    ['Mon–Fri 9-17, Sat 10-12', 'Monday to Friday nine to seventeen, Saturday ten to twelve'],
    ['Tue & Thu', 'Tuesday and Thursday'],
  ],
  dates: [
    ['12/24/2026', 'December twenty-fourth, twenty twenty-six'],
    ['24/12/2026', 'December twenty-fourth, twenty twenty-six'],
    ['2026-12-24', 'December twenty-fourth, twenty twenty-six'],
    ['24.12.2026', 'December twenty-fourth, twenty twenty-six'],
    ['24 December', 'the twenty-fourth of December'],
    ['24th of December 2026', 'the twenty-fourth of December twenty twenty-six'],
    ['December 24', 'December twenty-fourth'],
    ['Dec. 24th, 2026', 'December twenty-fourth, twenty twenty-six'],
    ['Closed Jan 1', 'Closed January first'],
    ['You may 5 times', 'You may five times'],
    ['since 1984', 'since nineteen eighty-four'],
    ['in 2005', 'in two thousand five'],
    ['in 1906', 'in nineteen oh six'],
    ['the 1980s', 'the nineteen eighties'],
    ['99/99/2026', 'ninety-nine slash ninety-nine slash twenty twenty-six'],
  ],
  money: [
    ['$12.50', 'twelve dollars and fifty cents'],
    ['$1', 'one dollar'],
    ['$0.50', 'fifty cents'],
    ['$1,250.00', 'one thousand two hundred fifty dollars'],
    ['$5 million', 'five million dollars'],
    ['$2.5 million', 'two point five million dollars'],
    ['€ 9.99', 'nine euros and ninety-nine cents'],
    ['12,50 €', 'twelve euros and fifty cents'],
    ['£1.01', 'one pound and one penny'],
    ['20 USD', 'twenty dollars'],
  ],
  'numbers among words': [
    ['You are number 3 of 12', 'You are number three of twelve'],
    ['100 seats', 'one hundred seats'],
    ['1,000,000', 'one million'],
    ['1500 people', 'one thousand five hundred people'],
    ['3.14', 'three point one four'],
    ['version 2.0.1', 'version two point zero point one'],
    ['-5', 'minus five'],
    ['15%', 'fifteen percent'],
    ['10-20%', 'ten to twenty percent'],
    ['1st, 2nd, 3rd, 21st', 'first, second, third, twenty-first'],
    ['pages 3-5', 'pages three to five'],
    ['1/2', 'one half'],
    ['3½', 'three one half'],
    ['5/6', 'five slash six'],
    ['B12', 'B twelve'],
    ['No. 7', 'number seven'],
  ],
  measures: [
    ['5 km', 'five kilometers'],
    ['1 km', 'one kilometer'],
    ['80 km/h', 'eighty kilometers per hour'],
    ['10 min', 'ten minutes'],
    ['1.5 h', 'one point five hours'],
    ['20 °C', 'twenty degrees Celsius'],
    ['16GB', 'sixteen gigabytes'],
  ],
  'short forms': [
    ['Dr. Berger', 'Doctor Berger'],
    ['12 Main Dr.', 'twelve Main Drive'],
    ['St. Mary', 'Saint Mary'],
    ['5 Main St.', 'five Main Street'],
    ['Fifth Ave.', 'Fifth Avenue'],
    ['Mr. and Mrs. Ng', 'Mister and Missis Ng'],
    ['sales & support', 'sales and support'],
    ['AT&T', 'AT and T'],
    ['and/or', 'and or'],
    ['yes/no', 'yes or no'],
    ['e.g. bills', 'for example bills'],
  ],
  addresses: [
    ['www.contoso.com', 'www dot contoso dot com'],
    ['https://contoso.com/help2.', 'contoso dot com slash help two.'],
    ['anna.berger@contoso.com', 'anna dot berger at contoso dot com'],
    ['Visit contoso.com, or call.', 'Visit contoso dot com, or call.'],
  ],
  'what has none of that': [
    ['Welcome to Contoso.', 'Welcome to Contoso.'],
    ['It’s a well-known, part-time job…', 'It’s a well-known, part-time job...'],
    ['The sun, and may I say: no.', 'The sun, and may I say: no.'],
    ['Grüße', 'Grüße'],
    ['٣ ３ 𝟛', 'three three three'],
  ],
}

describe.each(Object.entries(cases))('%s', (_, pairs) => {
  it.each(pairs)('%s', (typed, read) => expect(readOut(typed)).toBe(read))
})

/** Texts with figures in all the forms that there are rules for, and in none. */
const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.stringMatching(/^[\d/.:,$%#*()+ -]{1,24}$/),
  fc.constantFrom(...Object.values(cases).flatMap((pairs) => pairs.map(([typed]) => typed))),
)
const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(' '))

describe('whatever is typed', () => {
  it('is read, at most sixteen times as long, and the same each time', () => {
    fc.assert(
      fc.property(text, (typed) => {
        const read = readOut(typed)
        expect(read.length).toBeLessThanOrEqual(typed.length * 16 + 40)
        expect(readOut(typed)).toBe(read)
      }),
      { numRuns: 1_000 },
    )
  })

  it('has no figure left, and none lost: each makes the reading longer by a word', () => {
    const figures =
      /zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|teen|twent|thirt|fort|fift|sixt|eight|ninet|first|second|third|midnight|half|quarter|o'clock/g
    fc.assert(
      fc.property(text, (typed) => {
        const read = readOut(typed)
        expect(read).not.toMatch(/\p{Nd}/u)
        const runs =
          typed
            .normalize('NFKC')
            .replace(/(?<=\d),(?=\d{3})/g, '')
            .match(/\p{Nd}+/gu)?.length ?? 0
        // The zeros of 5:00, of $5.00 and of midnight are not said by themselves.
        const silent = typed.normalize('NFKC').match(/[:.]0+(?!\d)|00?:00|0+\.\d\d/g)?.length ?? 0
        expect(read.match(figures)?.length ?? 0).toBeGreaterThanOrEqual(runs - silent)
      }),
      { numRuns: 1_000 },
    )
  })

  it('takes no longer than its length allows', () => {
    for (const typed of ['1', '1 ', '1-', '1,1', '$', 'a.', '1/', '(1', 'Mon ', 'x@']) {
      const long = typed.repeat(2_000 / typed.length)
      const begun = performance.now()
      readOut(long)
      expect(performance.now() - begun).toBeLessThan(1_000)
    }
  })
})

describe('numbers', () => {
  const below: Record<string, number> = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [cardinal(n), n]))
  const tens: Record<string, number> = Object.fromEntries(
    [2, 3, 4, 5, 6, 7, 8, 9].map((n) => [cardinal(n * 10), n * 10]),
  )
  const scales: Record<string, number> = { thousand: 1e3, million: 1e6, billion: 1e9, trillion: 1e12 }
  /** The words back as a number. */
  function understood(words: string): number {
    let [all, part] = [0, 0]
    for (const word of words.split(/[ -]/)) {
      const scale = scales[word]
      if (word === 'hundred') part *= 100
      else if (scale) [all, part] = [all + part * scale, 0]
      else if (word !== 'zero') part += below[word] ?? tens[word] ?? Number.NaN
    }
    return all + part
  }

  it('are understood as what they were', () => {
    const number = fc.oneof(fc.nat(2_000), fc.integer({ min: 0, max: 1e15 - 1 }))
    fc.assert(
      fc.property(number, (one) => {
        expect(understood(cardinal(one))).toBe(one)
      }),
    )
  })

  it('one by one keep each digit', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,30}$/), (run) => {
        expect(
          digits(run)
            .split(' ')
            .map((word) => below[word])
            .join(''),
        ).toBe(run)
      }),
    )
  })

  it.each([
    [1, 'first'],
    [12, 'twelfth'],
    [20, 'twentieth'],
    [32, 'thirty-second'],
    [100, 'one hundredth'],
    [101, 'one hundred first'],
  ])('%i is %s', (number, words) => expect(ordinal(number)).toBe(words))
})
