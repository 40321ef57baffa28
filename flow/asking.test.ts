import { describe, expect, it } from 'vitest'
import { kinds } from './blocks/index.ts'
import { rehearse } from './rehearse.ts'
import { block, collect, draw, hangUp, menu, say, transfer } from './testing/draw.ts'
import type { Value } from './values.ts'

type Settings = Record<string, Value>
const asking = kinds.filter(({ asksCaller }) => asksCaller).map(({ type }) => type)
function settingsOf(type: string, more: Settings): Settings {
  if (type === 'collectDigits') return collect({}, more).settings
  if (type === 'confirm') return { value: 'n', prompt: 'Is it ${value}?', ...more }
  if (type === 'readList') return { list: '["a"]', item: '${item}', goesOn: 'waits', ...more }
  return menu('1', {}, more).settings
}
/** A call that stands at a block which asks, its prompt playing. */
function atQuestion(type: string, more: Settings = {}) {
  const ends = Object.fromEntries(['noInput', 'noMatch', 'invalid', 'gaveUp'].map((exit) => [exit, 'bye']))
  const settings = settingsOf(type, more)
  const call = rehearse(
    draw({ ask: block(type, settings, { ...ends, maxRetries: 'often' }), bye: hangUp(), often: say('') }),
  )
  const again = () => call.trail.flatMap(({ event, detail }) => (event === 'again' ? [String(detail?.reason)] : []))
  return {
    call,
    started: () => call.asked.findLast((command) => command.type === 'startTimer')?.ms,
    says: (typing = false) => call.program.nodes.get('ask')?.block.waiting?.({ again: again(), typing }),
  }
}

describe.each(asking)('%s says what it waits for', (type) => {
  it('as long as it really waits', () => {
    const { call, started, says } = atQuestion(type)
    call.promptFinishes()
    expect(started()).toBe(says()?.ms)
  })

  it.each<[string, Settings]>([
    ['its usual settings', {}],
    ['no retries', { noInputRetries: 0 }],
    ['a limit for both reasons', { maxRetries: 1 }],
    ['no retries, and a limit for both reasons', { noInputRetries: 0, maxRetries: 0 }],
  ])('and what silence then leads to, with %s', (_, settings) => {
    const { call, says } = atQuestion(type, settings)
    for (let round = 0; call.at === 'ask'; round++) {
      expect(round).toBeLessThan(5)
      call.promptFinishes()
      const after = says()?.after
      call.staysSilent()
      if (after?.type === 'goes')
        expect(call.trail).toContainEqual(expect.objectContaining({ block: 'ask', event: 'left', exit: after.exit }))
      else {
        expect([call.at, call.asked.at(-1)?.type]).toEqual(['ask', 'play'])
        expect(says()?.after.type === 'goes').toBe(after?.type === 'lastTime')
      }
    }
  })
})

it('digits say that what was typed counts after a pause, and a menu waits for nothing behind a key', () => {
  const { call, started, says } = atQuestion('collectDigits', { interDigitSeconds: 7 })
  call.presses('4')
  expect([started(), says(true)]).toEqual([7000, { for: 'digits', ms: 7000, after: { type: 'counts' } }])
  expect(atQuestion('menu').says(true)).toBeNull()
})

it.each([
  [
    'a menu',
    menu('1*'),
    [
      { key: '1', label: '' },
      { key: '*', label: '' },
    ],
  ],
  [
    'digits',
    collect({}, { terminators: '#', clearKey: '*' }),
    [...[...'1234567890'].map((key) => ({ key })), { key: '#', does: 'done' }, { key: '*', does: 'clear' }],
  ],
  ['words that some keys interrupt', say('A', {}, { bargeIn: 'keys', keys: '0' }), [{ key: '0', does: 'interrupt' }]],
  ['words that any key interrupts', say('A', {}, { bargeIn: 'anyKey' }), [...'123456789*0#'].map((key) => ({ key }))],
  ['words that nothing interrupts', say('A', {}, { bargeIn: 'off', keys: '0' }), []],
  ['a transfer', transfer(), []],
])('tells which keys mean something: %s', (_, only, expected) => {
  expect(rehearse(draw({ only })).program.nodes.get('only')?.block.keys).toEqual(expected)
})
