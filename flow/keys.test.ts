import { describe, expect, it } from 'vitest'
import { noTones, takeTone } from '#communications/calling/tones.ts'
import { type Rehearsal, rehearse } from './rehearse.ts'
import { assign, collect, draw, hangUp, menu, say, transfer } from './testing/draw.ts'
import type { Value } from './values.ts'

/** What keys mean when several meanings are possible (docs/keys.md), and sequences of them in time. */

const ends = { bye: hangUp('Bye.'), silent: hangUp('Silent.'), wrong: hangUp('Wrong end.') }
const out = { noInput: 'silent', noMatch: 'wrong' }
const entry = (call: Rehearsal) => call.variables.entry

/** Words, digits, a menu behind them; prompts sound for as long as a test lets them. */
const flow = (digits: Record<string, Value> = {}, choice: Record<string, Value> = {}) =>
  draw({
    first: say('Welcome.', { done: 'ask' }),
    ask: collect({ collected: 'next', invalid: 'wrong', noInput: 'silent' }, { invalidPrompt: 'Wrong.', ...digits }),
    next: menu('12#', { '1': 'one', '2': 'two', '#': 'hash', ...out }, { prompt: 'Next?', ...choice }),
    one: hangUp('One.'),
    two: hangUp('Two.'),
    hash: hangUp('Hash.'),
    ...ends,
  })
const atDigits = (more: Record<string, Value> = {}, choice?: Record<string, Value>) => {
  const call = rehearse(flow(more, choice)).promptFinishes()
  call.hears
  return call
}

/** Keys so many milliseconds after a prompt began that sounds for three seconds. */
function inTime(
  call: Rehearsal,
  keys: readonly [atMs: number, key: string][],
  untilMs = 0,
  promptMs = 3000,
): Rehearsal {
  let now = 0
  const until = (ms: number) => {
    if (now < promptMs && ms >= promptMs) {
      call.waits((promptMs - now) / 1000).promptFinishes()
      now = promptMs
    }
    call.waits((ms - now) / 1000)
    now = ms
  }
  for (const [ms, key] of keys) {
    until(ms)
    call.presses(key)
  }
  until(Math.max(now, untilMs))
  return call
}

describe('the ten conventions', () => {
  it('1. the end key alone is nothing typed; with no digit needed it is an empty entry', () => {
    expect(atDigits({ noInputRetries: 0 }).presses('#').hears).toEqual(['Silent.'])
    expect(atDigits({ minDigits: 0 }).presses('#').at).toBe('next')
  })

  it('2. too few digits and then a pause is a wrong number, and no silence', () => {
    expect(atDigits({ minDigits: 4 }).presses('12').waits(3).hears).toEqual(['Wrong.', 'Number?'])
  })

  it('3. keys after the most digits go to the next block', () => {
    const call = atDigits({ maxDigits: 4 }).presses('12342')
    expect([entry(call), call.hears]).toEqual(['1234', ['Next?', 'Two.']])
  })

  it('4. the end key right after the most digits means nothing', () => {
    const call = atDigits({ maxDigits: 4 }).presses('1234#')
    expect([call.at, call.hears]).toEqual(['next', ['Next?']])
    expect(call.promptFinishes().presses('#').at).toBe('hash')
  })

  it('5. keys during the words for a wrong entry count as the next entry, and cut them short', () => {
    const call = atDigits({ minDigits: 3 }).presses('12#').presses('345#')
    expect([entry(call), call.hears]).toEqual(['345', ['Wrong.', 'Number?', 'Next?']])
  })

  it('6. a prompt that cannot be interrupted is heard, and forgets what was typed before it (K1)', () => {
    const call = rehearse(flow({}, { bargeIn: false }))
      .presses('12#1')
      .promptFinishes()
    expect([call.at, call.hears]).toEqual(['next', ['Welcome.', 'Next?']])
    expect(call.promptFinishes().at).toBe('next')
    expect(call.presses('1').at).toBe('one')
    const notice = rehearse(flow({ bargeIn: false }))
      .presses('12#')
      .promptFinishes()
    expect([notice.hears, notice.promptFinishes().at, entry(notice)]).toEqual([['Welcome.', 'Number?'], 'ask', ''])
    const again = atDigits({ bargeIn: false, minDigits: 3 })
    expect([again.presses('1#345#').promptFinishes().hears, again.at]).toEqual([['Wrong.', 'Number?'], 'ask'])
  })

  it('6. and what is typed while it sounds counts when it is over, unless type-ahead is off', () => {
    const call = atDigits({}, { bargeIn: false }).presses('12#').presses('2')
    expect([call.at, call.promptFinishes().hears]).toEqual(['next', ['Next?', 'Two.']])
    const forgetful = atDigits({}, { bargeIn: false, typeAhead: false }).presses('12#').presses('2')
    expect(forgetful.promptFinishes().at).toBe('next')
  })

  it('7. a wrong key typed ahead is told, and the keys behind it count', () => {
    const call = rehearse(flow()).presses('12#92').promptFinishes()
    expect(call.hears).toEqual(['Welcome.', 'Next?', 'Two.'])
  })

  it('8. keys before a transfer that fails go to whoever asks next', () => {
    const call = rehearse(
      draw({
        give: transfer({ failed: 'next' }, 'One moment.'),
        next: menu('12', { '1': 'bye', '2': 'silent', ...out }, { prompt: 'Next?' }),
        ...ends,
      }),
    ).presses('2')
    expect(call.promptFinishes().transferFails().hears).toEqual(['One moment.', 'Silent.'])
  })

  it('9. the clear key starts the entry over, and is a digit where none is set', () => {
    expect(entry(atDigits({ clearKey: '*' }).presses('12*34#'))).toBe('34')
    expect(entry(atDigits().presses('12*34#'))).toBe('12*34')
  })

  it('10. the first digit has its own time, from the end of the prompt, and each further one another', () => {
    const call = atDigits({ firstDigitSeconds: 8, interDigitSeconds: 2 }).promptFinishes().waits(7.999).presses('1')
    expect(call.waits(1.999).at).toBe('ask')
    expect([call.waits(0.001).at, entry(call)]).toEqual(['next', '1'])
  })
})

describe('in time (prompt of 3 s, 5 s for the first digit, 3 s for each further one)', () => {
  it('a key 4,999 ms after the prompt is heard', () => {
    expect(entry(inTime(atDigits(), [[7_999, '7']], 11_000))).toBe('7')
  })

  it('a key 5,001 ms after it comes too late for the first time round', () => {
    const call = inTime(atDigits({ noInputRetries: 0 }), [[8_001, '7']])
    expect(call.hears).toEqual(['Silent.'])
  })

  it('a prompt of twenty seconds does not run the time down', () => {
    expect(entry(inTime(atDigits(), [[24_999, '7']], 30_000, 20_000))).toBe('7')
  })

  it("a key in the prompt's last millisecond counts", () => {
    expect(entry(inTime(atDigits(), [[2_999, '7']], 6_000))).toBe('7')
  })

  it('digits 2,999 ms apart are one number, 3,001 ms apart they are not', () => {
    const together: [number, string][] = [
      [4_000, '1'],
      [6_999, '2'],
    ]
    expect(entry(inTime(atDigits(), together, 10_000))).toBe('12')
    const apart = inTime(atDigits(), [
      [4_000, '1'],
      [7_001, '2'],
    ])
    expect([entry(apart), apart.hears]).toEqual(['1', ['Next?', 'Two.']])
  })

  it('the end key ends an entry at once, and so does the last digit that it can have', () => {
    expect(inTime(atDigits(), [[4_000, '12#']]).at).toBe('next')
    expect(inTime(atDigits({ maxDigits: 2 }), [[4_000, '12']]).at).toBe('next')
  })

  it('without an end key a pause ends an entry that could be longer', () => {
    const call = atDigits({ terminators: '', maxDigits: 6 })
    expect(inTime(call, [[4_000, '12']], 6_999).at).toBe('ask')
    expect([call.waits(0.001).at, entry(call)]).toEqual(['next', '12'])
  })

  it('a fifth digit, where there may be four, goes to the next question', () => {
    const call = inTime(atDigits({ maxDigits: 4 }), [[4_000, '12341']])
    expect([entry(call), call.hears]).toEqual(['1234', ['Next?', 'One.']])
  })

  it('twelve keys typed ahead during the words before are taken at once', () => {
    const call = rehearse(flow({ maxDigits: 12 }))
      .presses('123456789012')
      .promptFinishes()
    expect([entry(call), call.hears]).toEqual(['123456789012', ['Welcome.', 'Next?']])
  })

  it('an entry and a menu typed ahead together drive both', () => {
    const call = rehearse(flow()).presses('12#2').promptFinishes()
    expect([entry(call), call.hears]).toEqual(['12', ['Welcome.', 'Two.']])
  })

  it('a wrong entry and then silence are counted apart', () => {
    const call = atDigits({ minDigits: 3, invalidRetries: 1, noInputRetries: 1 }).presses('1#').staysSilent()
    expect([call.at, call.hears]).toEqual(['ask', ['Wrong.', 'Number?', 'Number?']])
    expect(call.staysSilent().at).toBe('silent')
  })

  it('nine retries are ten prompts', () => {
    const call = rehearse(draw({ ask: menu('1', { '1': 'bye', ...out }, { noInputRetries: 9 }), ...ends }))
    for (let n = 0; n < 10; n++) call.staysSilent()
    expect(call.hears.filter((text) => text === 'Menu?')).toHaveLength(10)
    expect(call.at).toBe('silent')
  })

  it('a hang-up in the same millisecond as the end key runs the hang-up path once', () => {
    const tidy = { ...flow(), onHangUp: 'tidy' }
    const call = rehearse({ ...tidy, blocks: { ...tidy.blocks, tidy: assign({ n: 'n + 1' }) } }).promptFinishes()
    call.presses('12').hangsUp().presses('#').hangsUp()
    expect([call.variables.n, call.isOver, entry(call)]).toEqual([1, true, ''])
    const other = rehearse({ ...tidy, blocks: { ...tidy.blocks, tidy: assign({ n: 'n + 1' }) } }).promptFinishes()
    other.presses('12#').hangsUp()
    expect([other.variables.n, entry(other)]).toEqual([1, '12'])
  })

  it('keys that are told twice, or in another order, are the same digits', () => {
    const tones = ['tone1', 'tone2', 'tone3', 'pound'] as const
    const keys = { tone1: '1', tone2: '2', tone3: '3', pound: '#' }
    for (const order of [
      [1, 2, 3, 4],
      [1, 1, 2, 2, 3, 4, 4],
      [1, 3, 2, 4],
      [1, 4, 3, 2, 4, 1],
      [1, 2, 4, 3, 3],
    ]) {
      const call = atDigits()
      let heard = noTones
      for (const sequenceId of order) {
        const taken = takeTone(heard, { sequenceId, tone: tones[sequenceId - 1] ?? 'pound' })
        heard = taken.tones
        for (const { tone } of taken.told) call.presses(keys[tone as keyof typeof keys])
      }
      expect([order, entry(call), call.at]).toEqual([order, '123', 'next'])
    }
  })
})
