import * as fc from 'fast-check'
import type { Block, Flow } from '#flow/flow.ts'
import { adele, block, draw } from '#flow/testing/draw.ts'
import type { Value } from '#flow/values.ts'
import { meanings } from './reference.ts'

const ids = ['b0', 'b1', 'b2', 'b3', 'b4', 'b5']
const keys = fc.uniqueArray(fc.constantFrom(...'123*#'), { maxLength: 3 }).map((list) => list.join(''))
const retries = fc.integer({ min: 0, max: 2 })
const total = fc.option(fc.integer({ min: 0, max: 3 }))
const maybe = (text: string) => fc.constantFrom('', text)

const numeric = ['n + 1', '10 / (n - 2)', '0']
const textual = ['t + "x"', 'entry + t', '""']
const tests = Object.keys(meanings).filter((source) => ![...numeric, ...textual].includes(source))

const assignment = fc.oneof(
  fc.record({ variable: fc.constant('n'), value: fc.constantFrom(...numeric) }),
  fc.record({ variable: fc.constant('t'), value: fc.constantFrom(...textual) }),
)

const asking = (id: string) => ({
  prompt: fc.constant(`${id}?`),
  bargeIn: fc.boolean(),
  typeAhead: fc.boolean(),
  noInputRetries: retries,
  noInputPrompt: maybe(`${id} nothing`),
  maxRetries: total,
  maxRetriesPrompt: maybe(`${id} enough`),
})

/** Settings of each kind, with the exits that they have. */
function kindsOf(id: string): fc.Arbitrary<{ type: string; settings: Record<string, Value>; exits: string[] }> {
  const of = <T extends Record<string, unknown>>(
    type: string,
    settings: fc.Arbitrary<T>,
    exits: string[] | ((settings: T) => string[]),
  ) =>
    settings.map((made) => ({
      type,
      settings: made as Record<string, Value>,
      exits: typeof exits === 'function' ? exits(made) : exits,
    }))
  return fc.oneof(
    {
      weight: 4,
      arbitrary: of(
        'play',
        fc.record({
          prompts: fc.constantFrom(1, 1, 2, 21).map((count) => Array.from({ length: count }, (_, n) => `${id} ${n}`)),
          bargeIn: fc.constantFrom('off', 'anyKey', 'keys'),
          keys,
          typeAhead: fc.boolean(),
        }),
        ['done', 'interrupted'],
      ),
    },
    {
      weight: 5,
      arbitrary: of(
        'menu',
        fc.record({
          ...asking(id),
          options: fc
            .constantFrom(['1', '2'], ['1', '#'], ['1', '2', '3', '*'], ['2'], ['1', '2', '1'])
            .map((list) => list.map((key) => ({ key, label: '' }))),
          waitSeconds: fc.constantFrom(1, 3, 5),
          noMatchRetries: retries,
          noMatchPrompt: maybe(`${id} wrong`),
        }),
        ({ options }) => [...options.map(({ key }) => key), 'noInput', 'noMatch', 'maxRetries'],
      ),
    },
    {
      weight: 5,
      arbitrary: of(
        'collectDigits',
        fc.record({
          ...asking(id),
          variable: fc.constantFrom('entry', 't'),
          minDigits: fc.integer({ min: 1, max: 2 }),
          maxDigits: fc.integer({ min: 2, max: 4 }),
          terminators: fc.constantFrom('', '#', '#3'),
          clearKey: fc.constantFrom('', '*'),
          format: fc.constantFrom('any', 'list'),
          allowed: fc.constant(['1', '12', '123', '2*']),
          firstDigitSeconds: fc.constantFrom(2, 5),
          interDigitSeconds: fc.constantFrom(1, 3),
          invalidRetries: retries,
          invalidPrompt: maybe(`${id} wrong`),
        }),
        ['collected', 'invalid', 'noInput', 'maxRetries'],
      ),
    },
    {
      weight: 2,
      arbitrary: of(
        'branch',
        fc.uniqueArray(fc.constantFrom(...tests), { minLength: 1, maxLength: 2 }).map((sources) => ({
          conditions: sources.map((expression, n) => ({
            id: `c${n}`,
            label: '',
            when: { kind: 'expression', expression },
          })),
        })),
        ['c0', 'c1', 'else'],
      ),
    },
    {
      weight: 2,
      arbitrary: of('setVariable', fc.record({ assignments: fc.array(assignment, { minLength: 1, maxLength: 2 }) }), [
        'done',
      ]),
    },
    {
      weight: 2,
      arbitrary: of(
        'transferToPerson',
        fc.record({ person: fc.constant(adele), announcement: maybe(`${id} transfer`) }),
        ['failed'],
      ),
    },
    { weight: 2, arbitrary: of('hangUp', fc.record({ prompt: maybe(`${id} bye`), reason: fc.constant('') }), []) },
    { weight: 1, arbitrary: of('fromTheFuture', fc.constant({}), ['done']) },
  )
}

const blockOf = (id: string): fc.Arbitrary<Block> =>
  kindsOf(id).chain(({ type, settings, exits }) =>
    fc
      .record({
        links: fc.tuple(...exits.map(() => fc.option(fc.constantFrom(...ids), { freq: 12 }))),
        error: fc.option(fc.constantFrom(...ids), { freq: 1 }),
      })
      .map(({ links, error }) => {
        const linked = exits.flatMap((exit, n) => (links[n] ? [[exit, links[n]] as const] : []))
        return block(type, settings, { ...Object.fromEntries(linked), ...(error === null ? {} : { error }) })
      }),
  )

/** Small flows of every kind of block, linked at random: circles, open ends, unknown blocks and all. */
export const anyFlow: fc.Arbitrary<Flow> = fc
  .record({
    blocks: fc.tuple(...ids.map(blockOf)),
    onError: fc.option(fc.constantFrom(...ids), { freq: 2 }),
    onHangUp: fc.option(fc.constantFrom(...ids), { freq: 2 }),
    apology: maybe('Sorry.'),
  })
  .map(({ blocks, ...rest }) => draw(Object.fromEntries(ids.map((id, n) => [id, blocks[n] ?? block('hangUp')])), rest))

const pressed = (max: number) =>
  fc.array(fc.constantFrom(...'1112223*##A'), { minLength: 1, maxLength: max }).map((list) => list.join(''))

/** What a caller and a network do, one thing after another. */
export type Act =
  | { do: 'press'; keys: string }
  /** The first of the keys is delivered last, after so many milliseconds. */
  | { do: 'pressTogether'; keys: string; delay: number }
  | { do: 'pressAfterLoss'; keys: string }
  | { do: 'wait'; ms: number }
  | { do: 'prompt'; how: 'promptFinished' | 'promptFailed' | 'refused' }
  | { do: 'transfer'; how: 'accepted' | 'failed' | 'refused' | 'ended' }
  | { do: 'hangUp' }

export const anyAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('press' as const), keys: pressed(3) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('pressTogether' as const),
      keys: pressed(5),
      delay: fc.constantFrom(0, 0, 100, 399),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pressAfterLoss' as const), keys: pressed(3) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(100, 400, 999, 1000, 2999, 5000, 16_000, 120_000),
    }),
  },
  { weight: 12, arbitrary: fc.constant({ do: 'prompt', how: 'promptFinished' } as const) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('prompt' as const), how: fc.constantFrom('promptFailed', 'refused') }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('transfer' as const),
      how: fc.constantFrom('accepted', 'failed', 'refused', 'ended'),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'hangUp' } as const) },
)

const mostly = (usual: string, rare: string) =>
  fc.oneof({ weight: 15, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constant(rare) })

/** How a call begins, and how the telephone takes requests to hang up. */
export const anyBeginning = fc.record({
  answer: mostly('taken', 'refused'),
  media: fc.constantFrom('at once', 'at once', 'after a second', 'never'),
  subscription: mostly('taken', 'refused'),
  early: fc.option(pressed(3), { freq: 1 }),
  hangUpAnswers: fc.constantFrom(['confirmed'], ['confirmed'], ['refused', 'confirmed'], ['silence', 'silence']),
  firstSequence: fc.constantFrom(0, 1),
  maxSteps: fc.constantFrom(12, 1000),
})
