import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { rehearse } from '../rehearse.ts'
import { draw, hangUp, menu, say } from '../testing/draw.ts'
import type { Value } from '../values.ts'
import { menu as kind } from './menu.ts'

type Settings = Record<string, Value>
const out = { noInput: 'silent', noMatch: 'wrong' }
/** A menu with 1 and 2, an end behind each of its exits, and words before it that nothing can interrupt. */
const flow = (more: Settings = {}, exits: Record<string, string> = out) =>
  draw({
    first: say('Wait.', { done: 'ask' }),
    ask: menu(
      '12',
      { '1': 'one', '2': 'two', ...exits },
      { noInputPrompt: 'Nothing?', noMatchPrompt: 'Wrong.', ...more },
    ),
    one: say('One.', { done: 'one2' }),
    one2: menu('123', { '1': 'one', '2': 'two', '3': 'silent', ...out }, { prompt: 'Next?' }),
    two: hangUp('Two.'),
    silent: hangUp('Silent.'),
    wrong: hangUp('Wrong end.'),
    often: hangUp('Often.'),
  })
/** A call that stands at the menu, its prompt playing. */
const atMenu = (more: Settings = {}, exits?: Record<string, string>) => {
  const call = rehearse(flow(more, exits)).promptFinishes()
  call.hears
  return call
}
const cancels = (call: ReturnType<typeof rehearse>) => call.asked.filter(({ type }) => type === 'cancelMedia').length

describe('a key of the menu', () => {
  it.each(['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '*', '#'])('%s leads out by its own exit', (key) => {
    const call = rehearse(draw({ ask: menu('1234567890*#', { [key]: 'x', ...out }), x: say('X') })).presses(key)
    expect(call.hears).toEqual(['Menu?', 'X'])
  })

  it('silences the prompt when it comes early', () => {
    const call = atMenu().presses('1')
    expect([call.at, cancels(call)]).toEqual(['one', 1])
  })

  it('needs nothing silenced after the end of the prompt', () => {
    const call = atMenu().promptFinishes().presses('1')
    expect([call.at, cancels(call)]).toEqual(['one', 0])
  })

  it('counts in the last moment before time is up, and not after', () => {
    expect(atMenu().promptFinishes().waits(4.999).presses('2').hears).toEqual(['Two.'])
    expect(atMenu({ noInputRetries: 0 }).promptFinishes().waits(5).presses('2').hears).toEqual(['Silent.'])
  })

  it('skips the menu when it was pressed before the menu began', () => {
    expect(rehearse(flow()).presses('2').promptFinishes().hears).toEqual(['Wait.', 'Two.'])
  })

  it('is forgotten when it was pressed before the menu began and type-ahead is off', () => {
    const call = rehearse(flow({ typeAhead: false }))
      .presses('2')
      .promptFinishes()
    expect([call.at, call.hears]).toEqual(['ask', ['Wait.', 'Menu?']])
  })

  it('that is pressed together with another leaves the other to the next block', () => {
    const call = atMenu().presses('12')
    expect(call.promptFinishes().hears).toEqual(['One.', 'Two.'])
  })

  it('that is held down does not answer the next menu unless it is asked for again', () => {
    const call = atMenu().presses('1').promptFinishes()
    expect([call.at, call.hears]).toEqual(['one2', ['One.', 'Next?']])
  })
})

describe('without interruption', () => {
  it('a key during the prompt counts when the prompt is over', () => {
    const call = atMenu({ bargeIn: false }).presses('1')
    expect([call.at, cancels(call)]).toEqual(['ask', 0])
    expect(call.promptFinishes().at).toBe('one')
  })

  it('a key during the prompt is forgotten when type-ahead is off too', () => {
    const call = atMenu({ bargeIn: false, typeAhead: false }).presses('1').promptFinishes()
    expect(call.at).toBe('ask')
    expect(call.presses('2').at).toBe('two')
  })
})

describe('what is not on the menu', () => {
  it('is told, and the menu said again', () => {
    const call = atMenu().presses('9')
    expect([call.hears, cancels(call)]).toEqual([['Wrong.', 'Menu?'], 1])
  })

  it.each(['A', 'B', 'C', 'D', '*'])('%s is a wrong key', (key) => {
    expect(atMenu({ noMatchRetries: 0 }).presses(key).hears).toEqual(['Wrong end.'])
  })

  it('leaves by the wrong-key exit at once when there are no retries', () => {
    const call = atMenu({ noMatchRetries: 0 }).promptFinishes().presses('9')
    expect([call.hears, call.trail.filter(({ event }) => event === 'again')]).toEqual([['Wrong end.'], []])
  })

  it('leaves after as many retries as are set', () => {
    expect(atMenu().presses('9').presses('8').presses('7').hears).toEqual([
      'Wrong.',
      'Menu?',
      'Wrong.',
      'Menu?',
      'Wrong end.',
    ])
  })

  it('does not take the key behind it along', () => {
    expect(atMenu().presses('92').hears).toEqual(['Wrong.', 'Menu?', 'Two.'])
  })

  it('says only the menu again when there are no words for it', () => {
    expect(atMenu({ noMatchPrompt: '' }).presses('9').hears).toEqual(['Menu?'])
  })
})

describe('silence', () => {
  it('is counted apart from wrong keys', () => {
    const call = atMenu().staysSilent().staysSilent().presses('9')
    expect(call.hears).toEqual(['Nothing?', 'Menu?', 'Nothing?', 'Menu?', 'Wrong.', 'Menu?'])
    expect(call.presses('9').at).toBe('ask')
    expect(call.staysSilent().at).toBe('silent')
  })

  it('leaves by its own exit at once when there are no retries', () => {
    expect(atMenu({ noInputRetries: 0 }).staysSilent().hears).toEqual(['Silent.'])
  })

  it('lasts as long as is set, from the end of the prompt', () => {
    const call = atMenu({ waitSeconds: 12.5 }).waits(60).promptFinishes().waits(12.4)
    expect(call.hears).toEqual([])
    expect(call.waits(0.1).hears).toEqual(['Nothing?', 'Menu?'])
  })

  it('is not counted while the prompt plays', () => {
    expect(atMenu().waits(3600).hears).toEqual([])
  })

  it('begins anew with each time the menu is said', () => {
    const call = atMenu().staysSilent().promptFinishes().waits(4.9)
    expect(call.hears).toEqual(['Nothing?', 'Menu?'])
    expect(call.waits(0.1).hears).toEqual(['Nothing?', 'Menu?'])
  })
})

describe('a limit for both together', () => {
  it('leaves by its own exit after silence twice and a wrong key', () => {
    const call = atMenu({ maxRetries: 2 }, { ...out, maxRetries: 'often' })
      .staysSilent()
      .staysSilent()
      .presses('9')
    expect(call.hears.at(-1)).toBe('Often.')
  })

  it('says its parting words first, which no key interrupts', () => {
    const call = atMenu({ maxRetries: 0, maxRetriesPrompt: 'Enough.' }, { ...out, maxRetries: 'often' }).presses('9')
    expect([call.hears, call.at, cancels(call)]).toEqual([['Enough.'], 'ask', 1])
    expect(call.presses('1').at).toBe('ask')
    expect(call.promptFinishes().hears).toEqual(['Often.'])
  })

  it('leaves where silence leads when it has no link of its own', () => {
    expect(atMenu({ maxRetries: 0 }).presses('9').hears).toEqual(['Silent.'])
  })

  it('does not hide that one kind has used up its own tries', () => {
    const call = atMenu({ maxRetries: 2 }, { ...out, maxRetries: 'often' })
      .presses('9')
      .presses('9')
      .presses('9')
    expect(call.hears.at(-1)).toBe('Wrong end.')
  })
})

describe('late news', () => {
  it('the end of a prompt that was talked over does not start the clock of the next', () => {
    const call = atMenu({ noInputRetries: 0 })
    const first = call.visit
    call.presses('9').promptFinishes(first).waits(30)
    expect([call.at, call.hears]).toEqual(['ask', ['Wrong.', 'Menu?']])
  })

  it('the end of a prompt that is told twice does not start the clock again', () => {
    const call = atMenu({ noInputRetries: 0 })
    const { visit } = call
    call.promptFinishes(visit).waits(4).promptFinishes(visit).waits(1)
    expect(call.at).toBe('silent')
  })

  it('the clock of an earlier turn does not ring in the next', () => {
    const call = atMenu({ noInputRetries: 0 }).promptFinishes().waits(4).presses('9').waits(5)
    expect([call.at, call.hears]).toEqual(['ask', ['Wrong.', 'Menu?']])
  })
})

it('takes the failure path when its prompt cannot be spoken, or its own error exit', () => {
  expect(atMenu().promptFails().hears).toEqual(['Sorry.'])
  expect(atMenu({}, { ...out, error: 'often' }).promptFails().hears).toEqual(['Often.'])
})

it('has one exit for each key with its label, then silence and wrong keys', () => {
  const options = [
    { key: '1', label: 'Sales' },
    { key: '#', label: '' },
  ]
  expect(kind.face({ prompt: 'A', options }).exits).toEqual([
    { name: '1', key: '1', label: 'Sales' },
    { name: '#', key: '#', label: '' },
    { name: 'noInput', optional: true },
    { name: 'noMatch', optional: true },
  ])
  expect(kind.face({ prompt: 'A', options, maxRetries: 3 }).exits.at(-1)?.name).toBe('maxRetries')
})

it('refuses the same key twice before any call', () => {
  const twice = draw({ ask: menu('121', { '1': 'bye', '2': 'bye', noInput: 'bye', noMatch: 'bye' }), bye: hangUp() })
  expect(check(twice)).toEqual([
    { code: 'setting', severity: 'error', block: 'ask', field: 'options', detail: 'keyTwice', reason: '1' },
  ])
})

describe('an option of several keys', () => {
  const many = (keys: string[], more: Settings = {}) => {
    const exits = Object.fromEntries(keys.map((key) => [key, `to${keys.indexOf(key)}`]))
    const ends = Object.fromEntries(keys.map((key, n) => [`to${n}`, hangUp(`Took ${key}.`)]))
    const options = keys.map((key) => ({ key, label: '' }))
    const settings = { options, noMatchRetries: 0, noInputRetries: 0, furtherSeconds: 2, ...more }
    const call = rehearse(
      draw({
        ask: menu('', { ...exits, extension: 'ext', anyKey: 'any', ...out }, settings),
        ...ends,
        ext: hangUp('Extension.'),
        any: hangUp('Any.'),
        silent: hangUp('Silent.'),
        wrong: hangUp('Wrong end.'),
      }),
    )
    call.hears
    return call
  }

  it('is taken at once where no longer one begins so', () => {
    expect(many(['1', '21', '3*']).presses('1').hears).toEqual(['Took 1.'])
    expect(many(['1', '21', '3*']).presses('3*').hears).toEqual(['Took 3*.'])
  })

  it('waits where a longer one begins so: up to the last millisecond, and no longer', () => {
    const call = many(['1', '12']).presses('1')
    expect([call.hears, cancels(call)]).toEqual([[], 1])
    expect(call.waits(1.999).hears).toEqual([])
    expect(call.presses('2').hears).toEqual(['Took 12.'])
    expect(many(['1', '12']).presses('1').waits(2).hears).toEqual(['Took 1.'])
  })

  it('a key that makes no longer answer belongs to whoever asks next', () => {
    const call = many(['1', '12']).presses('13')
    expect(call.hears).toEqual(['Took 1.'])
  })

  it('only its beginning, and then nothing or another key, is wrong', () => {
    expect(many(['12']).presses('1').waits(2).hears).toEqual(['Wrong end.'])
    expect(many(['12']).presses('13').hears).toEqual(['Wrong end.'])
  })

  it('time is that of further keys only once there is one', () => {
    expect(many(['12'], { waitSeconds: 5 }).promptFinishes().waits(4.9).hears).toEqual([])
    expect(many(['12'], { waitSeconds: 5 }).promptFinishes().waits(5).hears).toEqual(['Silent.'])
  })

  it('an extension at the same prompt is kept, and goes its own way', () => {
    const call = many(['1', '0'], { extensionVariable: 'entry' }).presses('104')
    expect([call.hears, call.variables.entry]).toEqual([['Extension.'], '104'])
    expect(many(['1', '0'], { extensionVariable: 'entry' }).presses('1').waits(2).hears).toEqual(['Took 1.'])
    expect(many(['1', '0'], { extensionVariable: 'entry' }).presses('10').waits(2).hears).toEqual(['Wrong end.'])
    expect(many(['1', '104'], { extensionVariable: 'entry' }).presses('104').hears).toEqual(['Took 104.'])
    expect(many(['1', '0'], { extensionVariable: 'entry' }).presses('1*').hears).toEqual(['Took 1.'])
  })

  it('digits of an extension stand nowhere in the history', () => {
    const call = many(['1'], { extensionVariable: 'entry' }).presses('234')
    expect(JSON.stringify(call.trail)).not.toContain('234')
    expect(call.trail.find(({ exit }) => exit === 'extension')?.detail).toEqual({ digits: 3 })
  })

  it('any other key goes on where that is wanted', () => {
    expect(many(['1'], { anyKey: true }).presses('7').hears).toEqual(['Any.'])
    expect(many(['12'], { anyKey: true }).presses('1').waits(2).hears).toEqual(['Any.'])
    expect(kind.face({ ...kind.defaults(), anyKey: true }).exits.map(({ name }) => name)).toEqual([
      '1',
      'anyKey',
      'noInput',
    ])
  })

  it('twice the same is refused, and so are five keys', () => {
    const open = (keys: string[]) =>
      check(draw({ ask: menu('', out, { options: keys.map((key) => ({ key, label: '' })) }) })).filter(
        ({ code }) => code === 'setting',
      )
    expect(open(['12', '12'])).toMatchObject([{ detail: 'keyTwice', reason: '12' }])
    expect(open(['12345'])).toHaveLength(1)
    expect(open(['1234'])).toEqual([])
  })
})
