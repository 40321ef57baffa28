import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { type Rehearsal, rehearse } from '../rehearse.ts'
import { block, draw, hangUp, menu, say } from '../testing/draw.ts'
import type { Value } from '../values.ts'

const optionsOf = (...keys: string[]) => keys.map((key) => ({ key, label: '' }))
const holds = (more: Record<string, Value> = {}, exits: Record<string, string> = {}) =>
  block(
    'holdMusic',
    { prompts: ['Music.'], options: optionsOf('1', '2'), maxSeconds: 30, ...more },
    { '1': 'one', '2': 'two', maxTime: 'over', error: 'failed', ...exits },
  )
const ends = { one: hangUp('One.'), two: hangUp('Two.'), over: hangUp('Over.'), failed: hangUp('Failed.') }
const call = (more: Record<string, Value> = {}) => rehearse(draw({ it: holds(more), ...ends }))
/** The prompt is heard out, which takes so many seconds. */
const sounds = (held: Rehearsal, seconds: number) => held.waits(seconds).promptFinishes()

describe('again and again', () => {
  it('plays its clips in order, at once where there is no pause', () => {
    const held = call({ prompts: ['A', 'B'] })
    expect(held.hears).toEqual(['A', 'B'])
    for (const _ of [1, 2, 3]) expect(sounds(held, 5).hears).toEqual(['A', 'B'])
  })

  it('waits for the pause in between', () => {
    const held = call({ intervalSeconds: 4 })
    expect([held.hears, sounds(held, 5).hears]).toEqual([['Music.'], []])
    expect([held.waits(3.999).hears, held.waits(0.001).hears]).toEqual([[], ['Music.']])
  })

  it('says what its values are each time, and where there is nothing to say, not in no time', () => {
    const said = rehearse(draw({ it: holds({ prompts: ['${t}'] }), ...ends }))
    expect([said.hears, said.waits(29.9).isOver]).toEqual([[], false])
    expect(said.waits(0.1).hears).toEqual(['Over.'])
  })

  it('tells the history nothing of each time', () => {
    const held = call({ maxSeconds: 3_600 })
    for (let n = 0; n < 500; n += 1) sounds(held, 1)
    expect(held.trail.filter((one) => one.block === 'it')).toEqual([{ block: 'it', event: 'entered' }])
  })
})

describe('the longest time', () => {
  it('counts from the beginning, over all that sounds, and silences it', () => {
    const held = call()
    for (const _ of [1, 2]) sounds(held, 12)
    expect(held.waits(5.999).isOver).toBe(false)
    expect(held.waits(0.001).hears.at(-1)).toBe('Over.')
    expect(held.asked).toContainEqual(expect.objectContaining({ type: 'cancelMedia' }))
  })

  it('ends a pause', () => {
    const held = sounds(call({ intervalSeconds: 60 }), 10)
    expect([held.waits(19.999).isOver, held.waits(0.001).hears.at(-1)]).toEqual([false, 'Over.'])
  })

  it('event and clip end together: nothing is played any more', () => {
    const held = sounds(call(), 29.5)
    held.waits(0.5)
    expect(held.hears).toEqual(['Music.', 'Music.', 'Over.'])
    const together = call({ intervalSeconds: 5 }).waits(25)
    expect(together.promptFinishes().waits(5).hears).toEqual(['Music.', 'Over.'])
  })
})

describe('a key', () => {
  it('leads out of it, and what sounds or waits is cancelled', () => {
    const held = call().presses('2')
    expect([held.hears, held.asked.map(({ type }) => type)]).toEqual([
      ['Music.', 'Two.'],
      ['answer', 'subscribeTones', 'play', 'startTimer', 'cancelMedia', 'play'],
    ])
    expect(sounds(call({ intervalSeconds: 9 }), 5).presses('1').hears).toEqual(['Music.', 'One.'])
  })

  it('that means nothing disturbs nobody, and is not kept', () => {
    const flow = draw({ it: holds({}, { '1': 'ask' }), ask: menu('9', { '9': 'two' }), ...ends })
    const held = rehearse(flow).presses('9')
    expect([held.at, held.asked.some(({ type }) => type === 'cancelMedia')]).toEqual(['it', false])
    expect(held.presses('1').at).toBe('ask')
  })

  it('pressed at the very end of the clip counts once', () => {
    const flow = draw({ it: holds({}, { '1': 'next' }), next: say('Next.', { done: 'two' }), ...ends })
    const held = rehearse(flow)
    const { visit } = held
    held.presses('1').tells({ type: 'promptFinished', visit })
    expect([held.at, held.hears]).toEqual(['next', ['Music.', 'Next.']])
  })

  it('of several is taken at once when it can become no longer one, and else after two seconds', () => {
    const held = call({ options: optionsOf('1', '12') }).presses('1')
    expect([held.waits(1.999).at, held.waits(0.001).hears.at(-1)]).toEqual(['it', 'One.'])
    const flow = draw({ it: holds({ options: optionsOf('1', '12') }, { '12': 'two' }), ...ends })
    expect(rehearse(flow).presses('12').hears.at(-1)).toBe('Two.')
  })

  it('which came to nothing lets the music begin again, and the longest time goes on', () => {
    const long = { options: optionsOf('1', '123'), maxSeconds: 300 }
    const pressed = (keys: string, more = {}) => call({ ...long, ...more }).presses(keys)
    const begun = pressed('1').waits(1.5).presses('2').waits(1.999)
    expect([begun.hears, begun.waits(0.001).hears]).toEqual([['Music.'], ['Music.']])
    expect(begun.waits(296.499).isOver).toBe(false)
    expect(begun.waits(0.001).hears).toEqual(['Over.'])
    expect(pressed('1').presses('25').hears).toEqual(['Music.', 'Music.'])
    expect(pressed('1').presses('23').asked.at(-1)).not.toMatchObject({ prompts: ['Music.'] })
    expect(pressed('1', { maxSeconds: 1 }).presses('2').waits(2).hears.at(-1)).toBe('Over.')
    // Keys behind those count.
    expect(pressed('1').presses('251').waits(2).hears.at(-1)).toBe('One.')
  })

  it('typed ahead leads out before the first note, as in a menu', () => {
    const flow = (typeAhead: boolean) =>
      draw({ hello: say('Hello.', { done: 'it' }), it: holds({ typeAhead }), ...ends })
    const typed = (typeAhead: boolean) => rehearse(flow(typeAhead)).presses('1').promptFinishes().hears
    expect([typed(true), typed(false)]).toEqual([
      ['Hello.', 'One.'],
      ['Hello.', 'Music.'],
    ])
  })

  it('pressed where it listens to none is kept for whoever asks next', () => {
    const flow = draw({ it: holds({ options: [] }, { maxTime: 'ask' }), ask: menu('1', { '1': 'one' }), ...ends })
    const held = rehearse(flow).presses('1')
    expect([held.at, held.waits(30).hears.at(-1)]).toEqual(['it', 'One.'])
  })

  it('that works anywhere leads away, but for its own', () => {
    const keys = block('keysAnywhere', { options: optionsOf('0', '1') }, { '0': 'two', '1': 'two' })
    const flow = draw({ it: holds(), keys, ...ends })
    expect([rehearse(flow).presses('0').hears, rehearse(flow).presses('1').hears]).toEqual([
      ['Music.', 'Two.'],
      ['Music.', 'One.'],
    ])
  })
})

it('leaves by error when it cannot be played', () => {
  expect(call().promptFails('500/1005').hears).toEqual(['Music.', 'Failed.'])
})

it('is over when the caller hangs up', () => {
  expect(call().hangsUp().trail.at(-1)).toMatchObject({ block: 'it', exit: 'hangup' })
})

describe('before anybody calls', () => {
  const faults = (it: ReturnType<typeof holds>) =>
    check(draw({ it, ...ends })).flatMap(({ code, field, exit, detail }) =>
      code === 'unreachable' ? [] : [[code, field ?? exit, detail]],
    )

  it.each<[string, Record<string, Value>]>([
    ['two keys', {}],
    ['a pause of a second', { intervalSeconds: 1 }],
    ['no key', { options: [] }],
  ])('nothing is wrong with %s', (_, more) => {
    const { options = optionsOf('1', '2') } = more as { options?: { key: string }[] }
    const exits = Object.fromEntries([...options.map(({ key }) => [key, 'one']), ['maxTime', 'over']])
    expect(faults(block('holdMusic', { prompts: ['Music.'], options, ...more }, exits))).toEqual([])
  })

  it.each<[string, Record<string, Value>, unknown[]]>([
    ['a longer silence between is a warning', { intervalSeconds: 2 }, ['silence', 'intervalSeconds', undefined]],
    ['a key twice', { options: optionsOf('1', '1') }, ['setting', 'options', 'keyTwice']],
    ['a key that callers wait for', { options: optionsOf('1', '12') }, ['slowKeys', 'options', '1']],
    ['a key that is said and not there', { prompts: ['Press 1 or 3.'] }, ['keyNotThere', 'prompts', '3']],
    ['no clip', { prompts: [] }, ['setting', 'prompts', 'required']],
    ['21 clips, more than one request takes', { prompts: Array(21).fill('A') }, ['setting', 'prompts', 'too_big']],
    ['no time', { maxSeconds: 0 }, ['setting', 'maxSeconds', 'too_small']],
  ])('%s', (_, more, problem) => expect(faults(holds(more))).toContainEqual(problem))

  it('a circle of it is left by a key, and without one by nobody', () => {
    const circle = (options: { key: string }[]) => faults(holds({ options }, { maxTime: 'it' })).map(([code]) => code)
    expect([circle(optionsOf('1', '2')), circle([])]).toEqual([[], expect.arrayContaining(['endlessLoop'])])
  })
})
