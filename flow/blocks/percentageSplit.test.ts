import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { compile } from '../compile.ts'
import { rehearse } from '../rehearse.ts'
import { begin, step } from '../step.ts'
import { block, draw, hangUp } from '../testing/draw.ts'

const arms = (...weights: number[]) => weights.map((weight, n) => ({ id: `w${n}`, label: `Way ${n}`, weight }))
const flow = (...weights: number[]) => {
  const ids = weights.map((_, n) => `w${n}`)
  return draw({
    it: block('percentageSplit', { arms: arms(...weights) }, Object.fromEntries(ids.map((id) => [id, id]))),
    ...Object.fromEntries(ids.map((id) => [id, hangUp(id)])),
  })
}
type People = NonNullable<Parameters<typeof rehearse>[2]>
/** The way that a call goes; `at`: what the block is called. */
const wayOf = (weights: number[], people: People, at = 'it') => {
  const drawn = flow(...weights)
  const { it: split, ...rest } = drawn.blocks
  const named = { ...rest, incoming: block('incomingCall', {}, { next: at }), ...(split && { [at]: split }) }
  return rehearse({ ...drawn, blocks: named }, {}, people).hears[0]
}

/** Numbers one after the other, accounts, and calls of callers who hide theirs. */
const crowds: [string, (n: number) => People][] = [
  ['telephones', (n) => ({ caller: { phone: `+4930555${10_000 + n}` } })],
  ['users', (n) => ({ caller: { id: `b1f5a3d2-7c1e-4b8e-9a55-${String(n * 7919).padStart(12, '0')}` } })],
  ['calls without a number', (n) => ({ id: `call-${n}`, caller: { id: 'anonymous', phone: '' } })],
]
const callers = 10_000
const nobody = { id: '', name: '', phone: '' }
const peopleOf = ({ id, caller }: People) => ({ id, caller: { ...nobody, ...caller }, called: nobody })
const answered = [{ type: 'callOffered' }, { type: 'callEstablished', audio: true }] as const

describe.each(crowds)('10,000 %s', (_, personOf) => {
  it.each([[[50, 50]], [[90, 10]], [[33, 33, 34]], [[1, 99]], [[0, 100]]])(
    'are shared %j within one percent',
    (weights) => {
      const program = compile(flow(...weights))
      const counts = weights.map(() => 0)
      for (let n = 0; n < callers; n += 1) {
        let state = begin(program, peopleOf(personOf(n)))
        for (const event of answered) state = step(program, state, event, 0).state
        const way = Number(state.at?.slice(1))
        counts[way] = (counts[way] ?? 0) + 1
      }
      for (const [n, weight] of weights.entries()) {
        expect(Math.abs(((counts[n] ?? 0) / callers) * 100 - weight), `way ${n}: ${counts}`).toBeLessThan(1)
      }
    },
  )
})

describe('the same caller', () => {
  const numbers = Array.from({ length: 200 }, (_, n) => `+49305550${100 + n}`)

  it('goes the same way with every call, whatever the number is written like', () => {
    for (const phone of numbers) {
      const ways = [
        { id: 'one', caller: { phone } },
        { id: 'two', caller: { phone, id: phone, name: 'Anna' } },
        { id: 'three', caller: { phone: phone.replace('+', '00') } },
      ].map((call) => wayOf([50, 50], call))
      expect(new Set(ways).size).toBe(1)
    }
  })

  it('stays on a way whose share grows', () => {
    const before = numbers.filter((phone) => wayOf([20, 80], { caller: { phone } }) === 'w0')
    expect(before.length).toBeGreaterThan(10)
    for (const phone of before) expect(wayOf([60, 40], { caller: { phone } })).toBe('w0')
  })

  it('is shared out by each block for itself', () => {
    const ways = numbers.map((phone) =>
      ['it', 'other'].map((at) => wayOf([50, 50], { caller: { phone } }, at)).join(' '),
    )
    for (const both of ['w0 w0', 'w0 w1', 'w1 w0', 'w1 w1']) {
      expect(ways.filter((way) => way === both).length).toBeGreaterThan(25)
    }
  })
})

it('who hides the number is shared out anew with every call', () => {
  for (const id of ['', 'anonymous', 'Restricted']) {
    const ways = Array.from({ length: 50 }, (_, n) => wayOf([50, 50], { id: `call ${n}`, caller: { id } }))
    expect(new Set(ways)).toEqual(new Set(['w0', 'w1']))
  }
})

it('tells the history the way, and nothing of the caller', () => {
  const { trail } = rehearse(flow(0, 100), {}, { caller: { phone: '+4930555014' } })
  expect(trail.filter((one) => one.block === 'it')).toEqual([
    { block: 'it', event: 'entered' },
    { block: 'it', event: 'left', exit: 'w1' },
  ])
})

it('works after the caller has hung up', () => {
  const left = draw(
    {
      ask: block('wait', { seconds: 5 }, { done: 'bye' }),
      bye: hangUp(),
      tidy: block('percentageSplit', { arms: arms(0, 100) }),
    },
    { onHangUp: 'tidy' },
  )
  expect(rehearse(left).hangsUp().trail).toContainEqual(expect.objectContaining({ block: 'tidy', exit: 'w1' }))
})

describe('before anybody calls', () => {
  const faults = (drawn: ReturnType<typeof flow>) =>
    check(drawn).map(({ code, detail, reason }) => [code, detail, reason])

  it.each([[[50, 50]], [[0, 100]], [[10, 20, 30, 40]]])('%j is right', (weights) => {
    expect(faults(flow(...weights))).toEqual([])
  })

  it.each([
    [[50, 49], '99'],
    [[60, 60], '120'],
    [[0, 0], '0'],
  ] as const)('weights that are not 100 together are refused: %j', (weights, sum) => {
    expect(faults(flow(...weights))).toContainEqual(['setting', 'notHundred', sum])
  })

  it.each([
    ['a way alone', [100], 'required'],
    ['a share below nothing', [-10, 110], 'too_small'],
    ['half a percent', [0.5, 99.5], 'invalid_type'],
  ])('%s is refused', (_, weights, detail) => {
    expect(faults(flow(...weights))).toContainEqual(expect.arrayContaining(['setting', detail]))
  })

  it('two ways of one name are refused', () => {
    const same = arms(50, 50).map((arm) => ({ ...arm, id: 'a' }))
    expect(faults(draw({ it: block('percentageSplit', { arms: same }) }))).toContainEqual([
      'setting',
      'idTwice',
      undefined,
    ])
  })

  it('a circle through it is one that no caller leaves by calling long enough', () => {
    const round = flow(50, 50)
    if (round.blocks.it) round.blocks.it.exits.w0 = 'it'
    expect(check(round).map(({ code }) => code)).toContain('endlessLoop')
  })
})
