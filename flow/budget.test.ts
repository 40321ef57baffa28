import { describe, expect, it } from 'vitest'
import { budgetLimits, openBudget, spend, weightOf } from './budget.ts'
import { canPublish, check } from './check.ts'
import { compile } from './compile.ts'
import { FlowError } from './error.ts'
import { expressions } from './expression.ts'
import { begin, type CallState, step, type Trace } from './step.ts'
import { type Attack, attacks } from './testing/attacks.ts'
import { assign, draw, hangUp, say, when } from './testing/draw.ts'
import type { Variables } from './values.ts'

const nobody = { id: '', name: '', phone: '' }

/** A call under attack, and what it came to. */
function run({ flow, caller = '', events }: Attack) {
  const program = compile(flow)
  let state: CallState = begin(program, { caller: { ...nobody, name: caller }, called: nobody })
  const trail: Trace[] = []
  for (const event of events) {
    const came = step(program, state, event, 0)
    state = came.state
    trail.push(...came.trail)
  }
  return {
    state,
    trail,
    problems: trail.flatMap(({ detail }) => (detail?.problem === undefined ? [] : [detail.problem])),
  }
}

const harmless = ['digits of every form behind a pattern']
/** What is refused as soon as it is tried. */
const refusedAtOnce = ['a length of time in digits that somebody typed', 'texts taken apart and put together']

describe('an event that asks for too much is cut off, and says so', () => {
  it.each(Object.entries(attacks).filter(([name]) => !harmless.includes(name)))('%s', (name, attack) => {
    const { problems, state } = run(attack)
    expect(problems).toContain(refusedAtOnce.includes(name) ? 'expressionFailed' : 'tooMuch')
    // The caller hears of it: the apology, or what is drawn.
    expect(state.at).not.toBeNull()
  })

  it('at the same place each time: what is counted is the work, and no clock', () => {
    for (const attack of Object.values(attacks)) expect(run(attack).trail).toEqual(run(attack).trail)
  })

  it('by the error exit of the block where one is drawn', () => {
    const { flow, events } = attacks['times told in a zone, fourteen in an expression'] ?? {
      flow: draw({}),
      events: [],
    }
    const blocks = Object.entries(flow.blocks).map(([id, one]) => [
      id,
      { ...one, exits: { ...one.exits, error: 'own' } },
    ])
    const { state, trail } = run({
      flow: { ...flow, blocks: { ...Object.fromEntries(blocks), own: say('Own.') } },
      events,
    })
    expect([state.at, trail.at(-2)]).toMatchObject(['own', { exit: 'error', detail: { problem: 'tooMuch' } }])
  })

  it('and not for ever: the next event has a budget of its own', () => {
    const flow = draw({
      big: assign({ n: 'timestamp(0).getHours("Europe/Berlin")' }, { done: 'hello' }),
      hello: say('Hello.', { done: 'big' }),
    })
    const program = compile(flow)
    let state = begin(program, { caller: nobody, called: nobody })
    const tell = (event: Parameters<typeof step>[2]) => {
      const came = step(program, state, event, 0)
      state = came.state
      return came.trail
    }
    tell({ type: 'callOffered' })
    tell({ type: 'callEstablished', audio: true })
    for (let n = 0; n < 40; n++) {
      expect(tell({ type: 'promptFinished', visit: state.visit }).some(({ event }) => event === 'failed')).toBe(false)
    }
  })
})

it('leaves enough for a flow that means well', () => {
  const flow = draw(
    {
      count: assign({ n: 'n + 1', t: 't + "x"' }, { done: 'hours' }),
      hours: when(
        {
          open: 'timestamp("2026-01-01T10:00:00Z").getHours("Europe/Berlin") > 17',
          known: 'l.exists(x, x == caller.phone)',
          enough: 'n >= 10',
        },
        { open: 'bye', known: 'bye', enough: 'done', else: 'count' },
      ),
      done: say('Done.', { done: 'bye' }),
      bye: hangUp(),
    },
    {
      variables: {
        n: { type: 'number', initial: 0 },
        t: { type: 'text', initial: '' },
        l: { type: 'list', initial: Array(100).fill('+4930123456') },
      },
    },
  )
  expect(run({ flow, events: attacks['lists added to lists']?.events ?? [] }).state.at).toBe('done')
})

describe('what is counted', () => {
  const { parse } = expressions({
    l: { type: 'list' },
    t: { type: 'text' },
    o: { type: 'object' },
    b: { type: 'boolean' },
  })
  const people = { caller: nobody, called: nobody }
  function spentBy(source: string, values: Parameters<ReturnType<typeof parse>['evaluate']>[0]) {
    const budget = openBudget()
    try {
      parse(source).evaluate({ ...people, ...values }, budget)
    } catch (error) {
      if (!(error instanceof FlowError)) throw error
    }
    return budgetLimits.event - budget.left
  }

  it.each<[what: string, source: string, small: Variables, large: Variables]>([
    ['the length of texts', 'size(t + t)', { t: 'x' }, { t: 'x'.repeat(1000) }],
    ['the length of lists', 'l == l', { l: ['x'] }, { l: Array(100).fill('x') }],
    ['what is inside of lists', 'l == l', { l: [['x']] }, { l: [Array(100).fill('x')] }],
    ['each round of a comprehension', 'l.all(x, x != "y")', { l: ['x'] }, { l: Array(100).fill('x') }],
    [
      'the fields of records',
      'o == o',
      { o: {} },
      { o: Object.fromEntries([...Array(50).keys()].map((n) => [`${n}`, n])) },
    ],
  ])('%s', (_, source, small, large) => {
    expect(spentBy(source, large)).toBeGreaterThan(spentBy(source, small) + 90)
  })

  it('a time told in a zone as much as nearly a millisecond', () => {
    expect(spentBy('timestamp(0).getHours("Asia/Tokyo") > 1', {})).toBeGreaterThan(8_000)
    expect(spentBy('timestamp(0).getHours() > 1', {})).toBeLessThan(100)
  })

  it('also what an expression goes on with after a part of it failed', () => {
    const budget = { left: 500 }
    const evaluate = () =>
      parse('l.exists(x, x == "z") || b').evaluate({ ...people, l: Array(100).fill('x'), b: true }, budget)
    expect(evaluate).toThrow('tooMuch')
    expect(evaluate).toThrow('tooMuch')
  })

  it('what is nested beyond all bounds, without exhausting the engine', () => {
    let deep: unknown = 'x'
    for (let n = 0; n < 100_000; n++) deep = [deep]
    expect(weightOf(deep)).toBeGreaterThan(100_000)
    expect(() => spend({ left: 10 }, weightOf(deep))).toThrow('tooMuch')
  })
})

describe('the check says before any call', () => {
  const zones = (count: number) => Array(count).fill('timestamp(0).getHours("Europe/Berlin")').join(' + ')
  const tooMuch = (flow: Parameters<typeof check>[0]) =>
    check(flow).flatMap(({ code, block, severity }) => (code.endsWith('ooMuch') ? [`${block} ${severity}`] : []))

  it('that one block alone is too much, and does not let it be published', () => {
    const flow = draw({ set: assign({ n: zones(5), t: '""' }, { done: 'bye' }), bye: hangUp() })
    expect(tooMuch(flow)).toEqual([])
    const heavy = {
      ...flow.blocks.set,
      settings: { assignments: Array.from({ length: 20 }, () => ({ variable: 'n', value: zones(14) })) },
    }
    const worse = { ...flow, blocks: { ...flow.blocks, set: { ...assign({}), ...heavy } } }
    expect([tooMuch(worse), canPublish(check(worse))]).toEqual([['set error'], false])
  })

  it('that a circle may become too much', () => {
    const flow = draw({
      count: assign({ n: `n + 1.0 + double(${zones(2)})` }, { done: 'enough' }),
      enough: when({ yes: 'n > 15' }, { yes: 'bye', else: 'count' }),
      bye: hangUp(),
    })
    expect(tooMuch(flow)).toEqual(['count warning', 'enough warning'])
  })
})
