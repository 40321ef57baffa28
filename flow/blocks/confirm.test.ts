import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { rehearse } from '../rehearse.ts'
import { block, collect, draw, hangUp, say } from '../testing/draw.ts'
import type { Value } from '../values.ts'

const ends = {
  redo: say('Redo.', { done: 'bye' }),
  yes: say('Yes.', { done: 'bye' }),
  no: say('Gave up.', { done: 'bye' }),
  bye: hangUp(),
}
const confirmed = (settings: Record<string, Value> = {}, exits: Record<string, string> = {}) =>
  block(
    'confirm',
    { value: 'entry', prompt: 'You entered ${value}. Right?', ...settings },
    { accepted: 'yes', redo: 'redo', gaveUp: 'no', ...exits },
  )
const variables = {
  entry: { type: 'digits', initial: '4711' },
  n: { type: 'number', initial: 12.5 },
  t: { type: 'text', initial: '2026-11-30' },
  pin: { type: 'secret', initial: 'a1' },
} as const
/** A second after the value has begun to sound. */
const call = (settings: Record<string, Value> = {}, more: Parameters<typeof draw>[1] = {}) =>
  rehearse(draw({ ask: confirmed(settings), ...ends }, { variables, ...more })).waits(1)

describe('reads back', () => {
  it.each<[string, Record<string, Value>, string]>([
    ['what it is', {}, '4 7 1 1.'],
    ['digits', { value: '"+49" + entry', style: 'digits' }, 'plus 4 9 4 7 1 1.'],
    ['an amount', { value: 'n', style: 'amount' }, '12.50 EUR.'],
    [
      'an amount in another currency',
      { value: 'n', style: 'amount', currency: 'CHF' },
      '12 Swiss francs and 50 centimes.',
    ],
    ['a date', { value: 't', style: 'date' }, 'November 30, 2026.'],
    ['a date as it was typed', { value: '"12312026"', style: 'date', dateOrder: 'MDY' }, 'December 31, 2026.'],
    ['letters', { value: '"ab" + entry', style: 'spelled' }, 'A, B, 4, 7, 1, 1.'],
    ['a text as it stands', { value: 't' }, '2026-11-30.'],
    ['a secret that may be said', { value: 'pin', sayAloud: true }, 'A, 1.'],
  ])('%s', (_, settings, words) => expect(call(settings).hears).toEqual(['You entered', words, 'Right?']))

  it('goes the way of a failure when it cannot be read so', () => {
    expect(call({ value: 't + "x"', style: 'digits' }).hears).toEqual(['Sorry.'])
    expect(call({ value: '10 / (n - n)' }).hears).toEqual(['Sorry.'])
  })
})

describe('leaves', () => {
  const said = ['You entered', '4 7 1 1.', 'Right?']
  it('by accepted and redo, at once by the key', () => {
    expect(call().presses('1').hears).toEqual([...said, 'Yes.'])
    expect(call().presses('2').hears).toEqual([...said, 'Redo.'])
    expect(call({ acceptKey: '#', redoKey: '*' }).presses('#').hears).toEqual([...said, 'Yes.'])
    expect(call().promptFinishes().presses('1').hears).toEqual([...said, 'Yes.'])
  })

  it('by gaveUp after silence, wrong keys or both, and reads it again before', () => {
    const silent = call({ noInputRetries: 1, noInputPrompt: 'Hello?' })
    expect(silent.staysSilent().hears).toEqual([...said, 'Hello?', ...said])
    expect(silent.staysSilent().hears).toEqual(['Gave up.'])
    expect(call({ noMatchRetries: 0 }).presses('9').hears).toEqual([...said, 'Gave up.'])
    const both = call({ maxRetries: 1, maxRetriesPrompt: 'Not confirmed: ${value}' })
    expect(both.presses('9').staysSilent().hears).toEqual([...said, ...said, 'Not confirmed:', '4 7 1 1'])
    expect(both.promptFinishes().hears).toEqual(['Gave up.'])
  })

  it('by redo back to where it was entered, as often as callers like', () => {
    const flow = draw({
      number: collect({ collected: 'ask' }, { minDigits: 2, maxDigits: 2 }),
      ask: confirmed({}, { redo: 'number' }),
      ...ends,
    })
    const again = rehearse(flow)
    expect(again.presses('12').hears).toEqual(['Number?', 'You entered', '1 2.', 'Right?'])
    expect(again.waits(1).presses('2').presses('34').hears).toEqual(['Number?', 'You entered', '3 4.', 'Right?'])
    expect(again.waits(1).presses('1').hears).toEqual(['Yes.'])
  })
})

it('is not confirmed by a key too many behind the entry, unless it may be typed ahead', () => {
  const flow = (typeAhead: boolean) =>
    draw({ first: say('One moment.', { done: 'ask' }), ask: confirmed({ typeAhead }), ...ends }, { variables })
  const heard = (typeAhead: boolean) => rehearse(flow(typeAhead)).presses('1').promptFinishes().hears
  expect(heard(false)).toEqual(['One moment.', 'You entered', '4 7 1 1.', 'Right?'])
  expect(heard(true)).toEqual(['One moment.', 'Yes.'])
})

describe('is not answered by a key pressed before the value can be heard', () => {
  const flow = (typeAhead: boolean) =>
    draw({
      number: collect({ collected: 'ask' }, { minDigits: 4, maxDigits: 4 }),
      ask: confirmed({ typeAhead }),
      ...ends,
    })
  const read = ['Number?', 'You entered', '4 7 1 1.', 'Right?']
  it.each(['1', '2', '9', '11'])('%s right behind a full entry', (keys) => {
    const full = rehearse(flow(false)).presses('4711').presses(keys)
    expect(full.hears).toEqual(read)
    expect(full.waits(0.999).presses('1').hears).toEqual([])
    expect(full.waits(0.001).presses('1').hears).toEqual(['Yes.'])
  })

  it('but may be typed ahead, where its author says so', () => {
    expect(rehearse(flow(true)).presses('47111').hears).toEqual([...read, 'Yes.'])
  })

  it('nor waits when it is read again, or has been heard', () => {
    expect(call().presses('9').presses('1').hears).toEqual([...read.slice(1), ...read.slice(1), 'Yes.'])
    expect(rehearse(flow(false)).presses('4711').promptFinishes().presses('1').hears).toEqual([...read, 'Yes.'])
  })
})

describe('is refused', () => {
  const faults = (settings: Record<string, Value>) =>
    check(draw({ ask: confirmed(settings), ...ends }, { variables })).map(({ code, field, detail }) => [
      code,
      field ?? detail,
    ])
  it.each<[string, Record<string, Value>, string[][]]>([
    ['without a value', { value: '' }, [['setting', 'value']]],
    ['with one that is none', { value: 'nobody' }, [['setting', 'value']]],
    ['with one key for both', { redoKey: '1' }, [['setting', 'redoKey']]],
    ['when nobody hears the value', { prompt: 'Right?' }, [['setting', 'prompt']]],
    ['when it says something else only', { prompt: 'Is ${n} right?' }, [['setting', 'prompt']]],
    ['with a currency that is none', { style: 'amount', currency: 'euro' }, [['setting', 'currency']]],
    ['with a secret that would be heard', { value: 'pin' }, [['sensitiveSaid', 'pin']]],
  ])('%s', (_, settings, problems) => expect(faults(settings)).toEqual(problems))

  it('but not with a secret that may be said', () => {
    expect(faults({ value: 'pin', sayAloud: true })).toEqual([])
    expect(faults({ value: 'aloud(pin)' })).toEqual([])
    expect(faults({ prompt: 'Is ${size(value)} right?' })).toEqual([])
  })

  it('with digits that were asked for as sensitive', () => {
    const number = collect({ collected: 'ask' }, { sensitive: true })
    const problems = check(draw({ number, ask: confirmed(), ...ends }, { variables }))
    expect(problems).toMatchObject([{ code: 'sensitiveSaid', block: 'ask', detail: 'entry' }])
  })
})

it('tells what it waits for, and what follows', () => {
  const { waiting, keys } = call({ noInputRetries: 1 }).program.nodes.get('ask')?.block ?? {}
  expect(keys).toEqual([
    { key: '1', does: 'accept' },
    { key: '2', does: 'redo' },
  ])
  expect(waiting?.({ again: [], typing: false })?.after).toEqual({ type: 'lastTime' })
  expect(waiting?.({ again: ['noInput'], typing: false })?.after).toEqual({ type: 'goes', exit: 'gaveUp' })
})
