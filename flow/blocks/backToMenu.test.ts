import { expect, it } from 'vitest'
import { check } from '../check.ts'
import { rehearse } from '../rehearse.ts'
import { block, collect, draw, hangUp, menu, say } from '../testing/draw.ts'

const out = { noInput: 'bye', noMatch: 'bye' }
const once = { noInputRetries: 0, noMatchRetries: 0 }
const asks = (prompt: string, exits: Record<string, string>) =>
  menu(Object.keys(exits).join(''), { ...exits, ...out }, { prompt, ...once })

/** Three menus one behind the other, a message and a number; star leads back, and so does 9 of the last. */
const flow = draw({
  main: asks('Main?', { '1': 'second', '2': 'info', '3': 'number' }),
  second: asks('Second?', { '1': 'third', '5': 'main' }),
  third: asks('Third?', { '9': 'back' }),
  info: say('Information.', { done: 'back' }, { bargeIn: 'anyKey' }),
  number: collect({ collected: 'info', invalid: 'bye', noInput: 'bye' }, { minDigits: 2 }),
  back: block('backToMenu', {}, { none: 'first' }),
  first: hangUp('This is the first.'),
  bye: hangUp('Bye.'),
  keys: block('keysAnywhere', { options: [{ key: '*', label: 'Back' }] }, { '*': 'back' }),
})
const heard = (keys: string) => rehearse(flow).presses(keys).hears

it.each([
  ['1*', ['Main?', 'Second?', 'Main?']],
  ['11*', ['Main?', 'Second?', 'Third?', 'Second?']],
  ['11**', ['Main?', 'Second?', 'Third?', 'Second?', 'Main?']],
  ['119', ['Main?', 'Second?', 'Third?', 'Second?']],
  ['11*1*', ['Main?', 'Second?', 'Third?', 'Second?', 'Third?', 'Second?']],
  // Who was led to the first by a key of the second has nothing behind.
  ['15*', ['Main?', 'Second?', 'Main?', 'This is the first.']],
  ['*', ['Main?', 'This is the first.']],
  ['3*', ['Main?', 'Number?', 'Main?']],
])('%s: each key leads back one menu', (keys, hears) => {
  const call = rehearse(flow)
  for (const key of keys) call.presses(key)
  expect(call.hears).toEqual(hears)
})

it('a message behind a menu leads back to that menu, by itself and by a key', () => {
  expect(rehearse(flow).presses('2').promptFinishes().hears).toEqual(['Main?', 'Information.', 'Main?'])
  expect(heard('2*')).toEqual(['Main?', 'Information.', 'Main?'])
})

it('says that it is an exit of its own where no menu was before', () => {
  const none = draw({ back: block('backToMenu', {}, { none: 'bye' }), bye: hangUp('None.') })
  expect(rehearse(none).hears).toEqual(['None.'])
  expect(check(draw({ back: block('backToMenu'), bye: hangUp() }))).toContainEqual(
    expect.objectContaining({ code: 'exitOpen', exit: 'none' }),
  )
})

it('knows fifty menus, and none where nothing leads back', () => {
  const many = Object.fromEntries(
    Array.from({ length: 60 }, (_, n) => [`m${n}`, asks(`${n}?`, { '1': `m${n + 1}`, '*': 'back' })]),
  )
  const deep = draw({
    ...many,
    m60: asks('60?', { '*': 'back' }),
    back: block('backToMenu', {}, { none: 'bye' }),
    bye: hangUp('Bye.'),
  })
  const call = rehearse(deep)
  for (let n = 0; n < 60; n += 1) call.presses('1')
  for (let n = 0; n < 49; n += 1) call.presses('*')
  expect(call.at).toBe('m11')
  expect(call.presses('*').hears.at(-1)).toBe('Bye.')
})
