import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { rehearse } from '../rehearse.ts'
import { block, draw, hangUp, menu, say } from '../testing/draw.ts'
import type { Value } from '../values.ts'

const tickets = ['pen', 'ink', 'hat'].map((name, n) => ({ id: `T${n + 1}`, name }))
const said = (name: string) => say(`${name}.`, { done: 'bye' })
const ends = Object.fromEntries(['chosen', 'finished', 'stopped', 'empty', 'noInput'].map((name) => [name, said(name)]))
const exits = Object.fromEntries(Object.keys(ends).map((name) => [name, name]))

type Settings = Record<string, Value>
const reading = (settings: Settings = {}) =>
  block('readList', { list: 'tickets', item: '${position} of ${count}: ${item.name}', ...settings }, exits)
const drawn = (settings: Settings = {}, list: Value = tickets, before: Parameters<typeof draw>[0] = {}) =>
  draw(
    { ...before, read: reading(settings), ...ends, bye: hangUp() },
    {
      variables: {
        tickets: { type: 'list', initial: list },
        one: { type: 'object' },
        t: { type: 'text', initial: 'x' },
      },
    },
  )
const call = (...given: Parameters<typeof drawn>) => rehearse(drawn(...given))
const all = { previousKey: '7', chooseKey: '1', stopKey: '0', variable: 'one' }

describe('reads a list out', () => {
  it('one after the other by itself, with a pause between them', () => {
    const read = call({ intro: 'You have ${count} tickets.', pauseSeconds: 3 })
    expect(read.hears).toEqual(['You have', '3', 'tickets.', '1 of 3: pen'])
    read.promptFinishes().waits(2.9)
    expect(read.hears).toEqual([])
    expect(read.waits(0.1).hears).toEqual(['2 of 3: ink'])
    expect(read.staysSilent().hears).toEqual(['3 of 3: hat'])
    expect(read.staysSilent().hears).toEqual(['finished.'])
  })

  it('an empty one is an exit of its own', () => expect(call({ intro: 'Listen.' }, []).hears).toEqual(['empty.']))

  it('of plain values too, and of a hundred', () => {
    const read = call(
      { item: '${item}' },
      Array.from({ length: 100 }, (_, n) => n),
    )
    const heard = [...read.hears]
    for (let n = 0; n < 99; n++) heard.push(...read.presses('#').hears)
    expect(heard).toEqual(Array.from({ length: 100 }, (_, n) => `${n}`))
    expect(read.presses('#').hears).toEqual(['finished.'])
  })

  it('that an expression gives', () => {
    const read = call({ list: 'tickets.filter(one, one.name != "ink")', item: '${item.name}' })
    expect([...read.hears, ...read.presses('#').hears]).toEqual(['pen', 'hat'])
  })

  it('of which one cannot be said: the way of a failure, and what was heard before was heard', () => {
    const read = call({ item: '${item.name}' }, [{ name: 'pen' }, { id: 'no name' }, { name: 'hat' }])
    expect([read.hears, read.staysSilent().hears]).toEqual([['pen'], ['Sorry.']])
  })

  it('of which one has nothing to say: it is passed over after the pause', () => {
    const read = call({ item: '${item}' }, ['pen', '', 'hat'])
    expect([read.hears, read.staysSilent().hears]).toEqual([['pen'], []])
    expect(read.staysSilent().hears).toEqual(['hat'])
  })
})

describe('keys', () => {
  it('take effect at once, also while it speaks', () => {
    const read = call(all)
    expect([...read.hears, ...read.presses('#').hears, ...read.presses('*').hears]).toEqual([
      '1 of 3: pen',
      '2 of 3: ink',
      '2 of 3: ink',
    ])
    expect(read.presses('7').hears).toEqual(['1 of 3: pen'])
    // There is nothing before the first.
    expect(read.presses('7').hears).toEqual(['1 of 3: pen'])
    expect(read.asked.filter(({ type }) => type === 'cancelMedia')).toHaveLength(4)
  })

  it('choose the one that is read, or was read last', () => {
    const now = call(all).presses('#1')
    expect([now.variables.one, now.hears.at(-1)]).toEqual([tickets[1], 'chosen.'])
    const last = call(all).presses('##').promptFinishes().waits(1).presses('1')
    expect([last.variables.one, last.hears.at(-1)]).toEqual([tickets[2], 'chosen.'])
  })

  it('stop it, and go beyond the end of it', () => {
    expect(call(all).presses('0').hears.at(-1)).toBe('stopped.')
    expect(call(all).presses('###').hears.at(-1)).toBe('finished.')
  })

  it('pressed in the gap count, and the pause begins anew', () => {
    const read = call({ ...all, pauseSeconds: 2 })
      .promptFinishes()
      .waits(1.9)
      .presses('*')
    expect(read.hears).toEqual(['1 of 3: pen', '1 of 3: pen'])
    read.promptFinishes().waits(1.9)
    expect([read.hears, read.waits(0.1).hears]).toEqual([[], ['2 of 3: ink']])
  })

  it('that mean nothing disturb nobody', () => {
    const read = call(all).presses('5#9')
    expect(read.hears).toEqual(['1 of 3: pen', '2 of 3: ink'])
    expect(read.promptFinishes().waits(2).hears).toEqual(['3 of 3: hat'])
  })

  it('typed ahead go through it before a word, unless that is off', () => {
    const before = { ask: menu('1', { '1': 'read' }) }
    expect(call(all, tickets, before).presses('1##1').variables.one).toEqual(tickets[2])
    expect(call({ ...all, typeAhead: false }, tickets, before).presses('1##1').at).toBe('chosen')
    const slow = { ask: say('Wait.', { done: 'read' }) }
    const off = call({ ...all, typeAhead: false }, tickets, slow)
      .presses('##')
      .promptFinishes()
    expect(off.hears).toEqual(['Wait.', '1 of 3: pen'])
    expect(call(all, tickets, slow).presses('##').promptFinishes().hears.at(-1)).toBe('3 of 3: hat')
  })

  it('choose nothing that the variable cannot hold', () => {
    expect(
      call({ ...all, variable: 't' })
        .presses('1')
        .hears.at(-1),
    ).toBe('Sorry.')
  })
})

describe('where it waits for a key', () => {
  const waits = { ...all, goesOn: 'waits', noInputRetries: 1, noInputPrompt: 'Press hash.', pauseSeconds: 5 }
  it('reads the same once more, and then gives up', () => {
    const read = call(waits)
    expect(read.hears).toEqual(['1 of 3: pen'])
    expect(read.staysSilent().hears).toEqual(['Press hash.', '1 of 3: pen'])
    expect(read.staysSilent().hears).toEqual(['noInput.'])
  })

  it('counts from the beginning for each of the list', () => {
    const read = call(waits)
    read.staysSilent().presses('#').staysSilent()
    expect(read.hears.slice(-3)).toEqual(['2 of 3: ink', 'Press hash.', '2 of 3: ink'])
    expect(read.at).toBe('read')
  })
})

it('ends with the caller who hangs up in the middle', () => {
  const read = call(all).presses('#').hangsUp()
  expect([read.isOver, read.trail.at(-1)]).toEqual([true, expect.objectContaining({ block: 'read', exit: 'hangup' })])
})

it('has the exits that its keys lead to', () => {
  const names = (settings: Settings) => {
    const { kind } = rehearse(drawn(settings)).program.nodes.get('read') ?? {}
    return kind?.face({ list: 'tickets', ...settings }).exits.map(({ name }) => name)
  }
  expect(names({})).toEqual(['finished', 'empty'])
  expect(names({ ...all, goesOn: 'waits' })).toEqual(['chosen', 'finished', 'stopped', 'empty', 'noInput'])
})

describe('is refused', () => {
  const faults = (settings: Settings) =>
    check(drawn(settings)).flatMap(({ severity, field, code }) => (severity === 'error' ? [field ?? code] : []))
  it.each<[string, Settings, string[]]>([
    ['without a list', { list: '' }, ['list']],
    ['with what is none', { list: 't' }, ['list']],
    ['with nothing that there is', { list: 'gone' }, ['list']],
    ['with one key for two things', { previousKey: '#' }, ['previousKey']],
    ['with a key to choose and nothing to keep it in', { chooseKey: '1' }, ['variable']],
    ['with a variable that is not there', { chooseKey: '1', variable: 'gone' }, ['variable']],
    ['with a prompt that cannot be read', { item: '${itm}' }, ['item']],
  ])('%s', (_, settings, fields) => expect(faults(settings)).toEqual(fields))

  it('and not with any of its keys, lists or prompts', () => {
    expect(
      faults({ ...all, goesOn: 'waits', list: 'one.rows', intro: '${count}', noInputPrompt: '${position}' }),
    ).toEqual([])
  })
})

it('its names hide variables that are called so, in its own prompts only', () => {
  const flow = draw(
    {
      first: say('${count}', { done: 'read' }),
      read: block('readList', { list: '["a"]', item: '${count}: ${item}' }, { finished: 'bye' }),
      bye: hangUp(),
    },
    { variables: { count: { type: 'number', initial: 7 } } },
  )
  expect(check(flow)).toEqual([])
  const read = rehearse(flow)
  expect([...read.hears, ...read.promptFinishes().hears]).toEqual(['7', '1: a'])
})
