import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { rehearse } from '../rehearse.ts'
import { assign, block, draw, say, when } from '../testing/draw.ts'
import { branch } from './branch.ts'

const ends = { low: say('Low.'), high: say('High.'), other: say('Other.') }
const exits = { low: 'low', high: 'high', else: 'other' }
const decide = (n: number, conditions: Record<string, string>) =>
  rehearse(draw({ set: assign({ n: String(n) }, { done: 'ask' }), ask: when(conditions, exits), ...ends })).hears

describe('a branch', () => {
  const conditions = { low: 'n < 10', high: 'n > 100' }
  it.each([
    [5, 'Low.'],
    [10, 'Other.'],
    [100, 'Other.'],
    [101, 'High.'],
  ])('for %d leads to %j', (n, text) => expect(decide(n, conditions)).toEqual([text]))

  it('takes the first condition that holds when several do', () => {
    expect(decide(5, { low: 'n < 10', high: 'n < 100' })).toEqual(['Low.'])
    expect(decide(5, { high: 'n < 100', low: 'n < 10' })).toEqual(['High.'])
  })

  it('does not work out what stands behind the first that holds', () => {
    expect(decide(5, { low: 'true', high: '1 / (n - n) > 0' })).toEqual(['Low.'])
  })

  it('takes only a plain yes for yes', () => {
    const dynamic = draw(
      { ask: when({ low: 'o.kind' }, exits), ...ends },
      { variables: { o: { type: 'object', initial: { kind: 'yes' } } } },
    )
    expect(rehearse(dynamic).hears).toEqual(['Other.'])
  })

  it('fails when a condition cannot be worked out', () => {
    const failing = draw({ ask: when({ low: '1 / n > 0' }, { ...exits, error: 'high' }), ...ends })
    expect(rehearse(failing).hears).toEqual(['High.'])
  })

  it('compares what was typed as people write it', () => {
    const compare = {
      id: 'low',
      label: '',
      when: { kind: 'compare', variable: 't', operator: 'equals', value: ' SALES ' },
    }
    const flow = draw({
      set: assign({ t: '"sales"' }, { done: 'ask' }),
      ask: block('branch', { conditions: [compare] }, exits),
      ...ends,
    })
    expect(rehearse(flow).hears).toEqual(['Low.'])
  })
})

it('has an exit for each condition by its id, and one for all else', () => {
  const conditions = ['a', 'b'].map((id) => ({
    id,
    label: id.toUpperCase(),
    when: { kind: 'expression', expression: 'true' },
  }))
  expect(branch.face({ conditions }).exits).toEqual([
    { name: 'a', label: 'A' },
    { name: 'b', label: 'B' },
    { name: 'else' },
  ])
})

it.each([
  ['two conditions of one name', ['a', 'a'], 'idTwice'],
  ['a condition named like the other exit', ['else'], 'idTwice'],
  ['a condition named like the error exit', ['error'], 'idTwice'],
  ['a condition with a name that every object has', ['constructor'], 'invalid_format'],
  ['no condition', [], 'required'],
])('cannot run with %s', (_, ids, detail) => {
  const conditions = ids.map((id) => ({ id, label: '', when: { kind: 'expression', expression: 'true' } }))
  expect(check(draw({ ask: block('branch', { conditions }) }))).toContainEqual(
    expect.objectContaining({ code: 'setting', block: 'ask', detail }),
  )
})
