import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expressions } from './expression.ts'
import { Flow, readFlow, schemaVersion, VariableName, writeFlow } from './flow.ts'
import { flowLimits } from './flowLimits.ts'
import { frontDesk } from './sample.ts'
import { draw, menu, say } from './testing/draw.ts'
import { type Value, valueTypes } from './values.ts'

const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/).filter((name) => !(name in Object.prototype))
const value: fc.Arbitrary<Value> = (fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Value>)
  // No reader keeps this name: it would change what an object is.
  .filter((made) => !JSON.stringify(made).includes('__proto__'))
/** Farther out nothing is drawn. */
const reach = { min: -1_000_000, max: 1_000_000 }

const plain = (inner: fc.Arbitrary<unknown>) => inner.map((made) => JSON.parse(JSON.stringify(made)))

const anyFlow: fc.Arbitrary<Flow> = plain(
  fc.record({
    schemaVersion: fc.constant(schemaVersion),
    name: fc.string({ minLength: 1, maxLength: 20 }),
    language: fc.constantFrom('en-US', 'de'),
    start: id,
    onHangUp: fc.option(id),
    onError: fc.option(id),
    apology: fc.string({ maxLength: 20 }),
    variables: fc.dictionary(
      id.filter((name) => VariableName.safeParse(name).success),
      fc.record({ type: fc.constantFrom(...valueTypes), initial: value }, { requiredKeys: ['type'] }),
      { maxKeys: 4 },
    ),
    blocks: fc.dictionary(
      id,
      fc.record(
        {
          type: fc.constantFrom('play', 'menu', 'fromTheFuture'),
          name: fc.string({ maxLength: 20 }),
          note: fc.string({ maxLength: 20 }),
          settings: fc.dictionary(id, value, { maxKeys: 4 }),
          exits: fc.dictionary(id, id, { maxKeys: 4 }),
          position: fc.record({ x: fc.integer(reach), y: fc.double({ ...reach, noNaN: true }) }),
        },
        { requiredKeys: ['type', 'name', 'settings', 'exits', 'position'] },
      ),
      { maxKeys: 5 },
    ),
  }),
)

/** The same value with the keys of every object put in another order. */
function reordered(inner: unknown, dice: () => number): unknown {
  if (Array.isArray(inner)) return inner.map((part) => reordered(part, dice))
  if (typeof inner !== 'object' || inner === null) return inner
  const entries = Object.entries(inner).map(([key, part]) => ({ key, part, die: dice() }))
  return Object.fromEntries(entries.sort((a, b) => a.die - b.die).map(({ key, part }) => [key, reordered(part, dice)]))
}

describe('the document', () => {
  it('is read without what no database keeps: NUL, and halves of surrogate pairs', () => {
    const block = {
      type: 'play',
      name: 'W\0elcome',
      settings: { prompts: ['a\0b', 'c\ud800d', 'e\udc00 🙂'], 'k\0': 1 },
      exits: {},
      position: { x: 0, y: 0 },
    }
    const flow = readFlow({ ...frontDesk, name: '\0Desk', blocks: { ...frontDesk.blocks, extra: block } })
    expect(flow.name).toBe('Desk')
    expect(flow.blocks.extra).toMatchObject({ name: 'Welcome', settings: { prompts: ['ab', 'cd', 'e 🙂'], k: 1 } })
  })

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(anyFlow, (flow) => {
        const text = writeFlow(flow)
        const again = readFlow(JSON.parse(text))
        expect(again).toEqual(flow)
        expect(writeFlow(again)).toBe(text)
      }),
      { numRuns: 100 },
    )
  })

  it('is the same bytes whatever order its keys were added in', () => {
    fc.assert(
      fc.property(anyFlow, fc.infiniteStream(fc.nat()), (flow, dice) => {
        const other = reordered(flow, () => dice.next().value ?? 0)
        expect(writeFlow(other as Flow)).toBe(writeFlow(flow))
      }),
      { numRuns: 100 },
    )
  })

  it('begins with what a reader looks for and ends with a line break', () => {
    const text = writeFlow(frontDesk)
    const keys = [...text.matchAll(/^ {2}"(\w+)":/gm)].map(([, key]) => key)
    expect(keys).toEqual([
      'schemaVersion',
      'name',
      'language',
      'start',
      'onHangUp',
      'onError',
      'apology',
      'variables',
      'blocks',
    ])
    expect(text.endsWith('}\n')).toBe(true)
  })

  it('changes by one line when one word changes', () => {
    const other = draw({ hello: say('Hello.'), ask: menu('12') })
    const lines = writeFlow(other).split('\n')
    const changed = writeFlow(draw({ hello: say('Good day.'), ask: menu('12') })).split('\n')
    expect(changed.filter((line, n) => line !== lines[n])).toHaveLength(1)
  })

  it('keeps nothing that is not set', () => {
    const flow = draw({ hello: { ...say('Hello.'), note: undefined } })
    expect(writeFlow(flow)).toBe(writeFlow(draw({ hello: say('Hello.') })))
  })
})

describe('reading', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['a text', 'flow'],
    ['a list', []],
    ['an empty object', {}],
    ['a flow without blocks', { ...frontDesk, blocks: undefined }],
    ['an earlier version than the first', { ...frontDesk, schemaVersion: 0 }],
    ['a version that is no number', { ...frontDesk, schemaVersion: '1' }],
    ['a flow without a name', { ...frontDesk, name: '' }],
    ['a name that is too long', { ...frontDesk, name: 'x'.repeat(flowLimits.name + 1) }],
    ['an id with a space', { ...frontDesk, start: 'in coming' }],
    ['a block without a type', draw({ a: { ...say('A'), type: '' } })],
    ['a position that is nowhere', draw({ a: { ...say('A'), position: { x: Number.NaN, y: 0 } } })],
    ['a variable of an unknown type', { ...frontDesk, variables: { a: { type: 'date' } } }],
    ['a variable with a name that every object has', { ...frontDesk, variables: { constructor: { type: 'text' } } }],
    ['an exit with a name that every object has', draw({ a: { ...say('A'), exits: { toString: 'a' } } })],
    ['a link to a name that every object has', draw({ a: say('A', { done: 'constructor' }) })],
    ['a setting that is no JSON', draw({ a: { ...say('A'), settings: { at: new Date() as unknown as string } } })],
  ])('refuses %s', (_, value) =>
    expect(() => readFlow(value)).toThrow(expect.objectContaining({ code: 'flowNotReadable' })),
  )

  it('says where a document is wrong', () => {
    expect(() => readFlow({ ...frontDesk, blocks: { a: { ...say('A'), name: 7 } } })).toThrow(/blocks\.a\.name/)
  })

  it.each([{ schemaVersion: schemaVersion + 1 }, { ...frontDesk, schemaVersion: 99, blocks: 'other form' }])(
    'knows a document of a later version for what it is',
    (value) => expect(() => readFlow(value)).toThrow(expect.objectContaining({ code: 'flowTooNew' })),
  )

  it('refuses more blocks than the limit, and takes as many', () => {
    const many = (count: number) =>
      draw(Object.fromEntries(Array.from({ length: count - 1 }, (_, n) => [`b${n}`, say('A')])))
    expect(Object.keys(readFlow(many(flowLimits.blocks)).blocks)).toHaveLength(flowLimits.blocks)
    expect(() => readFlow(many(flowLimits.blocks + 1))).toThrow(expect.objectContaining({ code: 'flowTooLarge' }))
  })

  it('refuses at once what holds far too much, and neither looks at all of it nor exhausts the engine', () => {
    const keys = <V>(count: number, value: V) =>
      Object.fromEntries([...Array(count).keys()].map((n) => [`k${n}`, value]))
    const withExits = (count: number) => ({
      ...frontDesk,
      blocks: { ...frontDesk.blocks, a: say('A', keys(count, 'a b')) },
    })
    const code = (value: unknown) => {
      try {
        readFlow(value)
        return null
      } catch (error) {
        return String(error)
      }
    }
    expect(code(withExits(90_000))).toBe(`FlowError: flowNotReadable: blocks.a.exits: more than ${flowLimits.exits}`)
    expect(code({ ...frontDesk, variables: keys(90_000, 1) })).toBe('FlowError: flowTooLarge: 90000')
    expect(code({ ...frontDesk, blocks: keys(90_000, 1) })).toBe('FlowError: flowTooLarge: 90000')
    expect(code({ ...frontDesk, blocks: keys(1_000, 1) })).toMatch('flowNotReadable: blocks.k0: ')
  })

  it.each<[string, number, Value]>([
    ['in one block', 1, Array(flowLimits.settings).fill(0)],
    ['in all blocks', flowLimits.blocks - 1, Array(101).fill([])],
  ])('refuses more values %s than the limit', (_, blocks, x) => {
    const flow = draw(
      Object.fromEntries(Array.from({ length: blocks }, (_, n) => [`b${n}`, { ...say('A'), settings: { x } }])),
    )
    expect(() => readFlow(flow)).toThrow(expect.objectContaining({ code: 'flowTooLarge' }))
  })

  it.each(['__proto__', '__pro\\u0000to__'])('is read without what changes a prototype: %s', (name) => {
    const settings: Record<string, Value> = JSON.parse(
      `{"${name}": 1, "inner": {"kept": 1, "${name}": {"polluted": true}}}`,
    )
    const read = readFlow(draw({ a: { ...say('A'), settings } })).blocks.a?.settings ?? {}
    expect(Object.getOwnPropertyNames(read)).toEqual(['inner'])
    expect(Object.getOwnPropertyNames(read.inner)).toEqual(['kept'])
  })

  it('brings back what stands out of all reach', () => {
    const flow = draw({ a: { ...say('A'), position: { x: 1.7e308, y: -1e200 } } })
    expect(readFlow(flow).blocks.a?.position).toEqual({ x: 1_000_000, y: -1_000_000 })
  })

  it('refuses what is nested without end', () => {
    let deep: Value = 'end'
    for (let n = 0; n < 100_000; n++) deep = [deep]
    const flow = draw({ a: { ...say('A'), settings: { deep } } })
    expect(() => readFlow(flow)).toThrow(expect.objectContaining({ code: 'flowNotReadable' }))
  })

  it('opens a flow with broken links, unknown blocks and half-filled settings', () => {
    const flow = draw({ a: { ...say('', { done: 'gone' }), type: 'fromTheFuture' }, b: menu('') }, { onError: 'gone' })
    expect(readFlow(JSON.parse(JSON.stringify(flow)))).toEqual(flow)
  })
})

describe('names of variables', () => {
  it.each(['count', 'n', 'Customer_Number', 'x1'])('takes %j', (name) =>
    expect(VariableName.safeParse(name).success).toBe(true),
  )
  it.each(['', '1st', 'a-b', 'a b', 'ä', '_a', 'x'.repeat(65), 'caller', 'called', 'list', 'in', 'constructor'])(
    'refuses %j',
    (name) => expect(VariableName.safeParse(name).success).toBe(false),
  )

  const words = `as break const continue else false for function if import in let loop namespace package return true var
    void while null list map int uint double string bool bytes dyn type null_type google cel optional timestamp duration
    size has matches all exists filter math strings base64 contains trim`
  it.each(words.split(/\s+/).filter((word) => VariableName.safeParse(word).success))(
    'takes %j because an expression can read it',
    (name) =>
      expect(
        expressions({ [name]: { type: 'number' } })
          .parse(`${name} + 1`)
          .evaluate({ [name]: 1 }),
      ).toBe(2),
  )
})

it('has a sample that is a flow', () => expect(Flow.safeParse(frontDesk).success).toBe(true))

it('a time zone has a name that is known, and need not be said', () => {
  expect(readFlow({ ...frontDesk, timeZone: 'Europe/Berlin' }).timeZone).toBe('Europe/Berlin')
  expect(() => readFlow({ ...frontDesk, timeZone: 'Nowhere/At_All' })).toThrow('flowNotReadable')
  expect(readFlow(frontDesk)).toEqual(frontDesk)
})
