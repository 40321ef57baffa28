import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { rehearse } from '../rehearse.ts'
import { block, collect, draw, hangUp, say } from '../testing/draw.ts'
import type { Value } from '../values.ts'

const variables = {
  n: { type: 'number', initial: 3 },
  t: { type: 'text', initial: 'two\n lines ' },
  yes: { type: 'boolean', initial: true },
  all: { type: 'list', initial: ['a'] },
  given: { type: 'object', initial: { many: [1], one: 'x' } },
  pin: { type: 'secret', initial: '1234' },
  entry: { type: 'digits', initial: '' },
} as const
const noted = (fields: Record<string, string> = {}, exits: Record<string, string> = { next: 'bye' }) =>
  block(
    'milestone',
    { name: 'Booked', fields: Object.entries(fields).map(([name, value]) => ({ name, value })) },
    exits,
  )
const drawn = (it: ReturnType<typeof noted>) =>
  draw({ it, bye: hangUp('Bye.'), failed: hangUp('Failed.') }, { variables })
const leftBy = (it: ReturnType<typeof noted>) => {
  const call = rehearse(drawn(it))
  return [call.trail.find(({ block, event }) => block === 'it' && event === 'left'), call.hears[0]] as const
}

it('is written to the history with its values, and the call goes on', () => {
  const fields = { people: 'n + 1', day: 't', open: 'yes', part: 'given.one', nothing: 'null' }
  expect(leftBy(noted(fields))).toEqual([
    {
      ...{ block: 'it', event: 'left', exit: 'next' },
      detail: {
        milestone: 'Booked',
        fields: { people: 4, day: 'two lines', open: true, part: 'x', nothing: '' },
      },
    },
    'Bye.',
  ])
})

it('needs no values', () => {
  expect(leftBy(noted())[0]).toMatchObject({ detail: { milestone: 'Booked', fields: {} } })
})

it('keeps as much of a text as is read at a glance', () => {
  const long = `${'"'}${'x'.repeat(900)}"`
  expect(leftBy(noted({ long }))[0]?.detail).toMatchObject({ fields: { long: 'x'.repeat(200) } })
})

it.each([
  ['what cannot be worked out', '10.0 / (n - 3.0)'],
  ['a list that a service gave', 'given.many'],
])('%s takes the error exit', (_, value) => {
  expect(leftBy(noted({ value }, { next: 'bye', error: 'failed' }))).toMatchObject([{ exit: 'error' }, 'Failed.'])
})

it('works after the caller has hung up', () => {
  const flow = draw({ hello: say('Hello.'), it: noted({ people: 'n' }, {}) }, { variables, onHangUp: 'it' })
  expect(rehearse(flow).hangsUp().trail).toContainEqual(
    expect.objectContaining({ block: 'it', exit: 'next', detail: { milestone: 'Booked', fields: { people: 3 } } }),
  )
})

describe('before anybody calls', () => {
  const faults = (it: ReturnType<typeof noted>) =>
    check(drawn(it)).flatMap(({ code, field, detail }) => (code === 'unreachable' ? [] : [[code, field, detail]]))
  const named = (settings: Record<string, Value>) => block('milestone', settings, { next: 'bye' })

  it('nothing is wrong with one that is right', () => {
    expect(faults(noted({ people: 'n', day: 't', caller: 'caller.name' }))).toEqual([])
  })

  it.each<[string, Record<string, string>, unknown[]]>([
    ['a sensitive value', { people: 'n', pin: 'pin' }, ['sensitiveTold', 'fields.1', 'pin']],
    ['what is worked out of one', { size: 'size(pin)' }, ['sensitiveTold', 'fields.0', 'pin']],
    ['a list', { all: 'all' }, ['setting', 'fields.0', 'wrongType']],
    ['what cannot be read', { sum: 'n +' }, ['setting', 'fields.0', 'expression']],
    ['a name that is not there', { sum: 'm' }, ['setting', 'fields.0', 'expression']],
  ])('%s is refused', (_, fields, problem) => {
    expect(faults(noted(fields))).toContainEqual(problem)
  })

  it('digits that are marked as sensitive are refused, all others are not', () => {
    const typed = (sensitive: boolean) =>
      check(
        draw(
          {
            ask: collect({ collected: 'it', invalid: 'it', noInput: 'it' }, { sensitive }),
            it: noted({ number: 'entry' }),
            bye: hangUp('Bye.'),
          },
          { variables },
        ),
      ).map(({ code, block }) => [code, block])
    expect([typed(true), typed(false)]).toEqual([[['sensitiveTold', 'it']], []])
  })

  it.each([
    ['no name', { name: ' ' }, 'name', 'required'],
    [
      'a name twice',
      { name: 'x', fields: [1, 2].map(() => ({ name: 'n', value: 'n' })) },
      'fields.1',
      'parameterTwice',
    ],
    ['a field without a value', { name: 'x', fields: [{ name: 'n', value: '' }] }, 'fields.0.value', 'required'],
  ])('%s is refused', (_, settings, field, detail) => {
    expect(faults(named(settings))).toContainEqual(['setting', field, detail])
  })
})
