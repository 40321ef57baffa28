import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { rehearse } from '../rehearse.ts'
import { block, collect, draw, hangUp, menu, say } from '../testing/draw.ts'
import type { Value } from '../values.ts'

type Settings = Record<string, Value>
const out = { collected: 'next', invalid: 'wrong', noInput: 'silent' }
/** Digits to collect, and a menu behind them. */
const flow = (more: Settings = {}, exits: Record<string, string> = out) =>
  draw({
    ask: collect(exits, { noInputPrompt: 'Nothing?', invalidPrompt: 'Wrong.', ...more }),
    next: menu(
      '12#',
      { '1': 'one', '2': 'two', '#': 'hash', noInput: 'silent', noMatch: 'wrong' },
      { prompt: 'Next?' },
    ),
    one: say('One.', { done: 'silent' }),
    two: say('Two.', { done: 'silent' }),
    hash: say('Hash.', { done: 'silent' }),
    silent: hangUp('Silent.'),
    wrong: hangUp('Wrong end.'),
    often: hangUp('Often.'),
  })
const atAsk = (more?: Settings, exits?: Record<string, string>) => {
  const call = rehearse(flow(more, exits))
  call.hears
  return call
}
const entry = (call: ReturnType<typeof rehearse>) => call.variables.entry

describe('the end of an entry', () => {
  it('is the key that ends it', () => {
    const call = atAsk().presses('123')
    expect([call.at, entry(call)]).toEqual(['ask', ''])
    expect([call.presses('#').at, entry(call)]).toEqual(['next', '123'])
  })

  it('is the last digit that it can have, without any further key', () => {
    const call = atAsk({ maxDigits: 3 }).presses('123')
    expect([call.at, entry(call)]).toEqual(['next', '123'])
  })

  it('is the pause after the last digit', () => {
    const call = atAsk({ interDigitSeconds: 3 }).presses('12').waits(2.9)
    expect(call.at).toBe('ask')
    expect([call.waits(0.1).at, entry(call)]).toEqual(['next', '12'])
  })

  it('is put off by each further digit', () => {
    const call = atAsk({ interDigitSeconds: 3 }).presses('1').waits(2).presses('2').waits(2).presses('3').waits(2)
    expect(call.at).toBe('ask')
    expect(entry(call.waits(1))).toBe('123')
  })

  it('drops no end key but one right behind it', () => {
    const call = atAsk({ bargeIn: false, typeAhead: true, maxDigits: 2, minDigits: 0, format: 'list', allowed: ['1'] })
    // Full and wrong, and the key behind it is forgotten: the prompt of the next try cannot be interrupted.
    call.presses('111').promptFinishes()
    // The end key alone is an empty entry.
    expect([call.presses('#').promptFinishes().at, entry(call)]).toEqual(['next', ''])
  })

  it('can be any of several keys, and none', () => {
    expect(entry(atAsk({ terminators: '#*' }).presses('12*'))).toBe('12')
    const call = atAsk({ terminators: '' }).presses('12#')
    expect([call.at, entry(call.waits(3))]).toEqual(['ask', '12#'])
  })

  it('can be a key that is a digit', () => {
    expect(entry(atAsk({ terminators: '0' }).presses('120'))).toBe('12')
  })

  it('can be a key that is a digit, where the last digit that it can have is no end key', () => {
    const call = atAsk({ terminators: '9', maxDigits: 2 }).presses('12')
    expect([call.at, entry(call)]).toEqual(['next', '12'])
  })
})

describe('keys that come after the end', () => {
  it('are kept for the next block', () => {
    const call = atAsk({ maxDigits: 3 }).presses('1232')
    expect([entry(call), call.hears]).toEqual(['123', ['Next?', 'Two.']])
  })

  it('mean nothing when they only end the entry once more', () => {
    const call = atAsk({ maxDigits: 3 }).presses('123').presses('#')
    expect([call.at, call.hears]).toEqual(['next', ['Next?']])
    expect(call.presses('2').at).toBe('two')
  })

  it('mean something when they come a second time', () => {
    expect(atAsk({ maxDigits: 3 }).presses('123##').at).toBe('hash')
    expect(atAsk({ maxDigits: 3 }).presses('123#').presses('#').at).toBe('hash')
  })

  it('mean something when the entry was ended by such a key before', () => {
    expect(atAsk({ maxDigits: 3 }).presses('12#').presses('#').at).toBe('hash')
  })

  it('mean something to the next block once time has passed', () => {
    const call = atAsk({ maxDigits: 3 }).presses('123').promptFinishes()
    expect(call.presses('#').at).toBe('hash')
  })

  it('mean nothing when they end an entry that was typed ahead', () => {
    const ahead = draw({
      first: say('Wait.', { done: 'ask' }),
      ...flow({ maxDigits: 3 }).blocks,
      incoming: block('incomingCall', {}, { next: 'first' }),
    })
    const call = rehearse(ahead).presses('123#').promptFinishes()
    expect([entry(call), call.at, call.hears]).toEqual(['123', 'next', ['Wait.', 'Next?']])
  })

  it('mean nothing when news that is no news comes between', () => {
    const call = atAsk({ maxDigits: 3 }).presses('123').tells({ type: 'callEstablished', audio: true }).presses('#')
    expect(call.at).toBe('next')
  })

  it('do not count as an empty entry when the digits before them were wrong', () => {
    const call = atAsk({ maxDigits: 2, format: 'luhn', invalidRetries: 1 }).presses('19').presses('#')
    expect(call.hears).toEqual(['Wrong.', 'Number?'])
    expect(entry(call.presses('18'))).toBe('18')
  })
})

describe('what is wrong', () => {
  it.each([
    ['fewer digits than the fewest, then the end key', '12#', { minDigits: 3 }],
    ['a check digit that is wrong', '19#', { format: 'luhn' }],
    ['a date that there is not', '31022026', { format: 'date', maxDigits: 8 }],
    ['a date in another order', '31122026', { format: 'date', maxDigits: 8, dateOrder: 'MDY' }],
    ['digits that are not on the list', '4#', { format: 'list', allowed: ['1', '2'] }],
    ['digits that do not follow the pattern', '81#', { format: 'pattern', pattern: '7[0-9]' }],
  ])('%s', (_, keys, settings) => {
    const call = atAsk(settings).presses(keys)
    expect([call.at, entry(call), call.hears]).toEqual(['ask', '', ['Wrong.', 'Number?']])
    expect(atAsk({ ...settings, invalidRetries: 0 }).presses(keys).hears).toEqual(['Wrong end.'])
  })

  it('is fewer digits than the fewest and then a pause, which is no silence', () => {
    expect(atAsk({ minDigits: 3 }).presses('12').waits(3).hears).toEqual(['Wrong.', 'Number?'])
  })

  it('begins the next entry from nothing', () => {
    expect(entry(atAsk({ minDigits: 3 }).presses('12#').presses('345#'))).toBe('345')
  })
})

describe('the end key alone', () => {
  it('is nothing typed, and no wrong number', () => {
    const call = atAsk({ noInputRetries: 1 }).presses('#')
    expect(call.hears).toEqual(['Nothing?', 'Number?'])
    expect(call.presses('#').hears).toEqual(['Silent.'])
  })

  it('is an entry where no digit is needed, whatever form digits must have', () => {
    const forms: Settings[] = [{}, { format: 'luhn' }, { format: 'list', allowed: ['12'] }]
    for (const more of forms) {
      const call = atAsk({ minDigits: 0, ...more }).presses('#')
      expect([call.at, entry(call), call.trail.find(({ exit }) => exit === 'collected')?.detail]).toEqual([
        'next',
        '',
        { digits: 0 },
      ])
    }
  })

  it('is not what silence is: nobody has said that nothing is meant', () => {
    expect(atAsk({ minDigits: 0, noInputRetries: 0 }).staysSilent().hears).toEqual(['Silent.'])
  })

  it('counts behind the key that starts over', () => {
    expect(atAsk({ clearKey: '*', noInputRetries: 0 }).presses('12*#').hears).toEqual(['Silent.'])
    expect(entry(atAsk({ clearKey: '*', minDigits: 0 }).presses('12*#'))).toBe('')
  })

  it('does not let a wrong entry through', () => {
    expect(atAsk({ minDigits: 0, format: 'luhn' }).presses('19#').hears).toEqual(['Wrong.', 'Number?'])
  })
})

describe('silence', () => {
  it('asks again, then leaves by its own exit', () => {
    const call = atAsk({ noInputRetries: 1 }).staysSilent()
    expect(call.hears).toEqual(['Nothing?', 'Number?'])
    expect(call.staysSilent().hears).toEqual(['Silent.'])
  })

  it('lasts as long as is set for the first digit', () => {
    const call = atAsk({ firstDigitSeconds: 8, interDigitSeconds: 2 }).promptFinishes().waits(7.9)
    expect(call.hears).toEqual([])
    expect(call.waits(0.1).hears).toEqual(['Nothing?', 'Number?'])
  })

  it('is counted apart from wrong entries, and together where a total is set', () => {
    expect(atAsk({ noInputRetries: 1, invalidRetries: 1, minDigits: 3 }).staysSilent().presses('1#').hears.at(-1)).toBe(
      'Number?',
    )
    const exits = { ...out, maxRetries: 'often' }
    expect(atAsk({ maxRetries: 1, minDigits: 3 }, exits).staysSilent().presses('1#').hears.at(-1)).toBe('Often.')
    expect(atAsk({ maxRetries: 1, minDigits: 3 }).staysSilent().presses('1#').hears.at(-1)).toBe('Silent.')
    const parting = atAsk({ maxRetries: 0, maxRetriesPrompt: 'Enough.' }, exits).presses('#')
    expect([parting.hears, parting.promptFinishes().hears]).toEqual([['Enough.'], ['Often.']])
  })
})

describe('the key that starts over', () => {
  it('forgets what was typed', () => {
    expect(entry(atAsk({ clearKey: '*' }).presses('12*34#'))).toBe('34')
  })

  it('is a digit like any other when none is set', () => {
    expect(entry(atAsk({ terminators: '#' }).presses('12*34#'))).toBe('12*34')
  })

  it('leaves as much time as for the first digit', () => {
    const call = atAsk({ clearKey: '*', firstDigitSeconds: 9, interDigitSeconds: 2 }).presses('12*').waits(8.9)
    expect(call.hears).toEqual([])
    expect(call.waits(0.1).hears).toEqual(['Nothing?', 'Number?'])
  })
})

it('does not take keys that are no digits', () => {
  expect(entry(atAsk().presses('1A2D#'))).toBe('12')
})

describe('the prompt', () => {
  it('is silenced by the first digit, which counts', () => {
    const call = atAsk().presses('1')
    expect(call.asked.filter(({ type }) => type === 'cancelMedia')).toHaveLength(1)
    expect(entry(call.presses('2#'))).toBe('12')
    expect(call.asked.filter(({ type }) => type === 'cancelMedia')).toHaveLength(1)
  })

  it('is played to its end when it cannot be interrupted, and digits typed meanwhile count', () => {
    const call = atAsk({ bargeIn: false }).presses('12#')
    expect(entry(call)).toBe('')
    expect(entry(call.promptFinishes())).toBe('12')
  })

  it('lets digits typed meanwhile be forgotten when type-ahead is off too', () => {
    const call = atAsk({ bargeIn: false, typeAhead: false }).presses('12#').promptFinishes()
    expect([call.at, entry(call.presses('3#'))]).toEqual(['ask', '3'])
  })

  it('is skipped for who types ahead', () => {
    const call = rehearse(
      draw({ first: say('Wait.', { done: 'ask' }), ask: collect({ collected: 'bye' }), bye: hangUp() }),
    )
    call.presses('12').promptFinishes()
    expect([call.hears, entry(call.presses('#'))]).toEqual([['Wait.'], '12'])
  })

  it('has no clock while it plays, and the late end of it starts none', () => {
    const call = atAsk({ noInputRetries: 0, interDigitSeconds: 60 }).waits(600)
    const first = call.visit
    call.presses('1').promptFinishes(first).waits(59)
    expect([call.at, entry(call.presses('#')), call.at]).toEqual(['ask', '1', 'next'])
  })
})

it('leads someone who types everything at once through a menu and an entry without loss', () => {
  const desk = draw({
    hello: say('Hello.', { done: 'ask' }),
    ask: menu('5', { '5': 'number', noInput: 'bye', noMatch: 'bye' }),
    number: collect({ collected: 'after', invalid: 'bye', noInput: 'bye' }, { maxDigits: 3 }),
    after: menu('1', { '1': 'bye', noInput: 'bye', noMatch: 'bye' }, { prompt: 'After?' }),
    bye: hangUp(),
  })
  const call = rehearse(desk).presses('5123#').promptFinishes()
  expect([entry(call), call.hears, call.at]).toEqual(['123', ['Hello.', 'After?'], 'after'])
})

describe('digits stay where they belong', () => {
  it.each([false, true])('never in what is told to the history (sensitive: %s)', (sensitive) => {
    const call = atAsk({ sensitive, minDigits: 4 }).presses('83#').presses('8394#').presses('2').promptFinishes()
    const told = JSON.stringify([call.trail, call.asked.map(({ visit: _, ...command }) => command)])
    expect(entry(call)).toBe('8394')
    expect(told).not.toMatch(/83/)
    expect(call.trail.find(({ exit }) => exit === 'collected')?.detail).toEqual({ digits: 4 })
  })

  it('in a secret variable, when it is one', () => {
    const secret = draw(
      { ask: collect({ collected: 'bye' }, { variable: 'pin', maxDigits: 4 }), bye: hangUp() },
      { variables: { pin: { type: 'secret' } } },
    )
    const call = rehearse(secret).presses('8394')
    expect([call.variables.pin, JSON.stringify(call.trail).includes('8394')]).toEqual(['8394', false])
  })
})

it.each([
  ['maxDigits', 'lessThanMin', { minDigits: 5, maxDigits: 4 }],
  ['clearKey', 'alsoTerminator', { clearKey: '#', terminators: '*#' }],
  ['allowed', 'required', { format: 'list' }],
  ['pattern', 'pattern', { format: 'pattern', pattern: '' }],
  ['pattern', 'pattern', { format: 'pattern', pattern: '(1+)+' }],
  ['terminators', 'too_big', { terminators: '123456' }],
  ['terminators', 'invalid_format', { terminators: 'A' }],
  ['firstDigitSeconds', 'too_small', { firstDigitSeconds: 0 }],
  ['maxDigits', 'too_big', { maxDigits: 33 }],
  ['variable', 'invalid_format', { variable: 'my number' }],
])('says of %s what is wrong: %s', (field, detail, settings) => {
  expect(check(flow(settings, { ...out }))).toContainEqual(expect.objectContaining({ block: 'ask', field, detail }))
})

/** What a person would say the entry is: keys with the seconds that pass before each of them. */
function reference(
  keys: readonly { key: string; after: number }[],
  { minDigits, maxDigits, clearKey }: { minDigits: number; maxDigits: number; clearKey: string },
): string | null {
  let digits = ''
  for (const { key, after } of keys) {
    if (after >= (digits === '' ? 5 : 3)) break
    if (key === '#') return digits.length >= minDigits ? digits : null
    digits = key === clearKey ? '' : digits + key
    if (digits.length === maxDigits) return digits
  }
  return digits.length >= minDigits ? digits : null
}

it('keeps what a person would say was typed, whatever the digits and the pauses', () => {
  const pressed = fc.array(
    fc.record({ key: fc.constantFrom(...'0123456789*#'), after: fc.constantFrom(0, 0.5, 2.9, 3, 4.9, 5) }),
    { maxLength: 10 },
  )
  const settings = fc.record({
    minDigits: fc.integer({ min: 1, max: 3 }),
    maxDigits: fc.integer({ min: 3, max: 5 }),
    clearKey: fc.constantFrom('', '*'),
  })
  fc.assert(
    fc.property(pressed, settings, (keys, set) => {
      const call = rehearse(
        draw({
          ask: collect(out, { ...set, noInputRetries: 0, invalidRetries: 0 }),
          next: say('Thanks.'),
          wrong: say('No.'),
          silent: say('No.'),
        }),
      ).promptFinishes()
      for (const { key, after } of keys) if (call.waits(after).at === 'ask') call.presses(key)
      call.waits(10)
      const expected = reference(keys, set)
      expect([call.at === 'next', entry(call)]).toEqual([expected !== null, expected ?? ''])
    }),
    { numRuns: 300 },
  )
})
