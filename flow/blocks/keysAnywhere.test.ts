import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import type { Flow } from '../flow.ts'
import { rehearse } from '../rehearse.ts'
import { block, collect, draw, hangUp, menu, say } from '../testing/draw.ts'
import { viewBlocks } from '../view.ts'

const options = (...keys: string[]) => keys.map((key) => ({ key, label: `Key ${key}` }))
const anywhere = (keys: string[], exits: Record<string, string>, more = {}) =>
  block('keysAnywhere', { options: options(...keys), ...more }, exits)

const ends = {
  operator: hangUp('Operator.'),
  help: hangUp('Help.'),
  one: hangUp('One.'),
  silent: hangUp('Silent.'),
  wrong: hangUp('Wrong.'),
}
const out = { noInput: 'silent', noMatch: 'wrong', invalid: 'wrong' }
const once = { noInputRetries: 0, noMatchRetries: 0, invalidRetries: 0 }
const keys = anywhere(['0', '3*'], { '0': 'operator', '3*': 'help' })

/** One block, and keys that work at it though it does not name them. */
const at = (asked: Flow['blocks'][string], more: Flow['blocks'] = {}, first: Flow['blocks'] = {}) =>
  draw({ ...first, ask: asked, ...more, ...ends, keys })
const menuAt = (list: string, more = {}) =>
  at(menu(list, { '1': 'one', '3': 'one', '0': 'one', ...out }, { ...once, ...more }))

describe('at a menu', () => {
  it('a key that works anywhere leads where it says, in the middle of the prompt', () => {
    const call = rehearse(menuAt('1'))
    expect(call.presses('0').hears).toEqual(['Menu?', 'Operator.'])
    expect(call.trail.map(({ block, event, exit }) => `${block} ${exit ?? event}`)).toEqual([
      ...['incoming entered', 'incoming next', 'ask entered', 'ask anywhere'],
      ...['keys entered', 'keys 0', 'operator entered'],
    ])
  })

  it('one that the menu has itself is its own', () => {
    expect(rehearse(menuAt('10')).presses('0').hears).toEqual(['Menu?', 'One.'])
  })

  it('an option is slowed by a longer one that works anywhere, for the time of further keys and no longer', () => {
    const call = rehearse(menuAt('13')).presses('3').waits(1.9)
    expect(call.at).toBe('ask')
    expect(call.waits(0.1).hears).toEqual(['Menu?', 'One.'])
    expect(rehearse(menuAt('13')).presses('3*').hears).toEqual(['Menu?', 'Help.'])
    expect(rehearse(menuAt('13')).presses('1').hears).toEqual(['Menu?', 'One.'])
  })

  it('the beginning of one is a wrong key when nothing follows', () => {
    expect(rehearse(menuAt('1')).presses('3').waits(2).hears).toEqual(['Menu?', 'Wrong.'])
  })

  it('it comes before "any other key"', () => {
    expect(rehearse(menuAt('1', { anyKey: true })).presses('0').hears).toEqual(['Menu?', 'Operator.'])
  })

  it('an extension that begins with it is an extension, and the key alone is the key', () => {
    const flow = menuAt('1', { extensionVariable: 'entry' })
    const typed = rehearse(flow).presses('012')
    expect(typed.variables.entry).toBe('012')
    expect(rehearse(flow).presses('0').waits(2).hears).toEqual(['Menu?', 'Operator.'])
  })

  it('it is not told that the prompt leaves it out, and a prompt may name it', () => {
    const flow = menuAt('13', { prompt: 'Press 1 or 3. Press 0 for help at any time.' })
    expect(check(flow).filter(({ code }) => /^key/.test(code))).toEqual([])
  })

  it('check names the options that it slows', () => {
    const slow = check(menuAt('13')).find(({ code }) => code === 'slowKeys')
    expect(slow).toMatchObject({ block: 'ask', detail: '3' })
  })
})

describe('where digits are collected', () => {
  const digits = (more = {}) => at(collect({ collected: 'one', ...out }, { ...once, ...more }))

  it('a 0 inside a number is a digit', () => {
    const call = rehearse(digits()).presses('102#')
    expect([call.variables.entry, call.hears.at(-1)]).toEqual(['102', 'One.'])
  })

  it('a 0 alone is the key where no number is so short, after the pause or the end key', () => {
    const flow = digits({ minDigits: 4 })
    expect(rehearse(flow).presses('0').waits(3).hears.at(-1)).toBe('Operator.')
    expect(rehearse(flow).presses('0#').hears.at(-1)).toBe('Operator.')
    expect(rehearse(flow).presses('00#').hears.at(-1)).toBe('Wrong.')
  })

  it('a 0 alone is a number where that is one', () => {
    const call = rehearse(digits()).presses('0').waits(3)
    expect([call.variables.entry, call.hears.at(-1)]).toEqual(['0', 'One.'])
  })

  it('with star or hash it counts at once, but only as all that was typed', () => {
    expect(rehearse(digits()).presses('3*').hears.at(-1)).toBe('Help.')
    expect(rehearse(digits()).presses('13*#').variables.entry).toBe('13*')
  })

  it('"3*" is 3 and the end key where star ends numbers and 3 is one', () => {
    const flow = digits({ terminators: '*' })
    expect(rehearse(flow).presses('3*').variables.entry).toBe('3')
    expect(
      rehearse(digits({ terminators: '*', minDigits: 2 }))
        .presses('3*')
        .hears.at(-1),
    ).toBe('Help.')
  })

  it('the key that starts over starts over', () => {
    const call = rehearse(digits({ clearKey: '*' })).presses('3*5#')
    expect(call.variables.entry).toBe('5')
  })

  it.each([
    [{}, ['3*']],
    [{ minDigits: 4 }, ['0', '3*']],
    [{ clearKey: '*' }, []],
    [{ terminators: '*' }, []],
    [{ terminators: '*', minDigits: 2 }, ['0', '3*']],
  ])('with %j it says of itself which of them work: %j', (more, works) => {
    const told = viewBlocks(digits(more)).get('ask')?.opened?.keys ?? []
    expect(told.filter(({ anywhere }) => anywhere === 'keys').map(({ key }) => key)).toEqual(works)
  })
})

describe('at the other blocks', () => {
  const list = (more = {}) =>
    at(block('readList', { list: '["a", "b"]', item: '${item}', ...more }, { finished: 'one' }))

  it('an entry is confirmed, or left by the key', () => {
    const flow = at(
      block(
        'confirm',
        { value: 't', prompt: '${value}?', ...once },
        { accepted: 'one', redo: 'wrong', gaveUp: 'silent' },
      ),
    )
    expect(rehearse(flow).waits(1).presses('0').hears.at(-1)).toBe('Operator.')
    expect(rehearse(flow).promptFinishes().presses('3*').hears.at(-1)).toBe('Help.')
    expect(rehearse(flow).promptFinishes().presses('3').waits(2).hears.at(-1)).toBe('Silent.')
    expect(rehearse(flow).promptFinishes().presses('1').hears.at(-1)).toBe('One.')
  })

  it('a list that is read out is left by the key, and its own keys are its own', () => {
    expect(rehearse(list()).presses('0').hears).toEqual(['a', 'Operator.'])
    expect(rehearse(list()).presses('3*').hears).toEqual(['a', 'Help.'])
    expect(rehearse(list({ nextKey: '0' })).presses('0').hears).toEqual(['a', 'b'])
  })

  it('its own key waits for the longer one, and what only begins one disturbs nobody', () => {
    const call = rehearse(list({ nextKey: '3' }))
      .presses('3')
      .waits(1.9)
    expect(call.hears).toEqual(['a'])
    expect(call.waits(0.1).hears).toEqual(['b'])
    const begun = rehearse(list()).presses('35')
    expect([begun.hears, begun.asked.some(({ type }) => type === 'cancelMedia')]).toEqual([['a'], false])
    expect(begun.presses('0').hears).toEqual(['Operator.'])
  })

  it('the beginning of one is forgotten after the time for further keys', () => {
    const flow = list({ nextKey: '9', repeatKey: '' })
    flow.blocks.keys = anywhere(['*9'], { '*9': 'help' })
    const late = (seconds: number) => rehearse(flow).presses('*').waits(seconds).presses('9').hears
    expect([late(2), late(2.001)]).toEqual([
      ['a', 'Help.'],
      ['a', 'b'],
    ])
  })

  it('a list goes on where keys came to nothing that were a key of its own before', () => {
    const waiting = { chooseKey: '1', variable: 't', goesOn: 'waits', noInputRetries: 0, pauseSeconds: 3 }
    const flow = { ...list(waiting), onError: 'wrong' }
    flow.blocks.keys = anywhere(['123'], { '123': 'help' })
    const call = rehearse(flow).presses('1').presses('2')
    expect(call.waits(2).hears).toEqual(['a', 'a'])
    expect(call.promptFinishes().waits(2.9).at).toBe('ask')
    expect(call.waits(0.1).hears).toEqual(['One.'])
    expect(rehearse(flow).presses('1').presses('25').hears).toEqual(['a', 'a'])
  })

  it('of 1 and 12 a wait and a message know the 1 alone, and say so', () => {
    const short = anywhere(['12', '1'], { '12': 'help', '1': 'operator' })
    const works = (first: Flow['blocks'][string]) => {
      const flow = draw({ first, ...ends, keys: short })
      const told = viewBlocks(flow).get('first')?.opened?.keys ?? []
      return [told.flatMap(({ key, anywhere }) => (anywhere ? key : [])), rehearse(flow).presses('12').hears.at(-1)]
    }
    expect(works(block('wait', { seconds: 10 }, { done: 'one' }))).toEqual([['1'], 'Operator.'])
    expect(works(say('Hello.', { done: 'one' }, { bargeIn: 'keys', keys: '9' }))).toEqual([['1'], 'Operator.'])
  })

  it('a message that may be interrupted is left by the key', () => {
    const message = (bargeIn: string, more = {}) => at(say('Hello.', { done: 'one' }, { bargeIn, ...more }))
    expect(rehearse(message('anyKey')).presses('0').hears).toEqual(['Hello.', 'Operator.'])
    expect(rehearse(message('keys', { keys: '1' })).presses('3*').hears).toEqual(['Hello.', 'Help.'])
    expect(rehearse(message('keys', { keys: '0' })).presses('0').hears).toEqual(['Hello.', 'One.'])
  })

  it('a message that may not be interrupted is heard, and the key is for whoever asks next', () => {
    const flow = at(menu('1', { '1': 'one', ...out }, once), {}, { first: say('Recorded.', { done: 'ask' }) })
    const call = rehearse(flow).presses('0')
    expect(call.hears).toEqual(['Recorded.'])
    expect(call.promptFinishes().hears).toEqual(['Operator.'])
  })

  it('a wait is left by the key', () => {
    const flow = at(block('wait', { seconds: 10 }, { done: 'one' }))
    expect(rehearse(flow).waits(3).presses('0').hears).toEqual(['Operator.'])
    expect(rehearse(flow).presses('3').waits(3).presses('*').hears).toEqual(['Help.'])
  })

  it('in a wait, keys behind another one are for whoever asks next', () => {
    const flow = at(
      menu('1', { '1': 'again', ...out }, once),
      { again: menu('2', out, once) },
      {
        first: block('wait', { seconds: 3 }, { done: 'ask' }),
      },
    )
    const call = rehearse(flow).presses('10').waits(2.9)
    expect(call.at).toBe('first')
    expect(call.waits(0.1).hears).toEqual(['Operator.'])
  })

  it('keys typed ahead of a wait or a message are for whoever asks next', () => {
    const flow = draw({
      first: say('Recorded.', { done: 'ask' }),
      ask: menu('1', { '1': 'wait', ...out }, once),
      wait: block('wait', { seconds: 3 }, { done: 'own' }),
      own: menu('0', { '0': 'one', ...out }, once),
      ...ends,
      keys,
    })
    expect(rehearse(flow).presses('10').promptFinishes().waits(3).hears).toEqual(['Recorded.', 'One.'])
  })

  it('a recording, a request and a transfer keep none for themselves', () => {
    const message = at(block('recordMessage', { prompt: 'Speak.' }, { recorded: 'one', noAudio: 'silent' }))
    expect(rehearse(message).presses('0').speaks(3, '#').hears).toEqual(['Speak.', 'One.'])
    const asked = at(block('httpRequest', { url: 'https://a.example.com/' }, { '2xx': 'next', network: 'silent' }), {
      next: menu('1', { '1': 'one', ...out }, once),
    })
    expect(rehearse(asked).presses('0').responds({ status: 200 }).hears).toEqual(['Operator.'])
  })
})

describe('where they work', () => {
  const two = (where: string, blocks: string[]) =>
    draw({
      a: menu('1', { '1': 'b', ...out }, once),
      b: menu('1', { '1': 'one', ...out }, once),
      ...ends,
      keys: anywhere(['0'], { '0': 'operator' }, { where, blocks }),
    })
  const heard = (flow: Flow, presses: string) => rehearse(flow).presses(presses).hears.at(-1)

  it.each([
    ['everywhere', [], 'Operator.', 'Operator.'],
    ['only', ['b'], 'Wrong.', 'Operator.'],
    ['except', ['b'], 'Operator.', 'Wrong.'],
    ['except', ['gone'], 'Operator.', 'Operator.'],
  ])('%s %j: first %j, then %j', (where, blocks, first, then) => {
    expect([heard(two(where, blocks), '0'), heard(two(where, blocks), '10')]).toEqual([first, then])
  })

  it('not at the block that the key leads to: nobody begins it anew again and again', () => {
    const flow = draw({
      a: menu('1', { '1': 'one', ...out }, once),
      desk: menu('1', { '1': 'one', ...out }, { ...once, prompt: 'Desk?' }),
      ...ends,
      keys: anywhere(['0'], { '0': 'desk' }),
    })
    expect(rehearse(flow).presses('0').presses('0').hears).toEqual(['Menu?', 'Desk?', 'Wrong.'])
  })

  it('of fifty keys typed ahead that lead in a circle, each is taken once', () => {
    const flow = draw({
      a: menu('1', { '1': 'one', ...out }, once),
      desk: say('Desk.', { done: 'a' }),
      ...ends,
      keys: anywhere(['0'], { '0': 'desk' }),
    })
    const call = rehearse(flow)
    for (let n = 0; n < 50; n += 1) call.presses('0').promptFinishes()
    expect(call.hears.filter((text) => text === 'Desk.')).toHaveLength(50)
    expect(call.presses('1').hears).toEqual(['One.'])
  })
})

it('needs a key once, blocks where it works at some only, and a way for each key', () => {
  const wrong = (settings: object, exits = { '0': 'operator' }) =>
    check(draw({ a: menu('1', { '1': 'one', ...out }), ...ends, keys: block('keysAnywhere', { ...settings }, exits) }))
  expect(wrong({ options: options('0', '0') })).toContainEqual(expect.objectContaining({ detail: 'keyTwice' }))
  expect(wrong({ options: options('0'), where: 'only' })).toContainEqual(
    expect.objectContaining({ field: 'blocks', detail: 'required' }),
  )
  expect(wrong({ options: options('0') }, {} as { '0': string })).toContainEqual(
    expect.objectContaining({ code: 'exitOpen', exit: '0' }),
  )
})
