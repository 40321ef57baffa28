import * as z from 'zod'
import { goAnywhere, usesOf } from '../anywhere.ts'
import {
  type Asking,
  askingKind,
  commonSettings,
  createQuestion,
  maxRetriesExit,
  noInputSettings,
  notAsked,
  questionSettings,
  retries,
  retryPrompt,
  Seconds,
  silencing,
  timer,
} from '../asking.ts'
import {
  type AnywhereKey,
  BlockIssue,
  defineBlock,
  type KeyUse,
  leave,
  type Outcome,
  stay,
  type Turn,
} from '../block.ts'
import { dateOrders, digitsTest, formats } from '../digits.ts'
import { VariableName } from '../flow.ts'
import { digits, Keys } from '../keypad.ts'
import { growsTo } from '../keyReader.ts'

const variableTypes = ['digits', 'text', 'secret']

const settings = z.object({
  ...questionSettings,
  variable: VariableName.meta({ control: 'variable', types: variableTypes }),
  minDigits: z.number().int().min(0).max(32).default(1).meta({ control: 'number', section: 'digits' }),
  maxDigits: z.number().int().min(1).max(32).default(10).meta({ control: 'number', section: 'digits' }),
  terminators: Keys.max(5).default('#').meta({ control: 'keys', section: 'digits' }),
  format: z.enum(formats).default('any').meta({ control: 'choice', section: 'digits' }),
  dateOrder: z
    .enum(dateOrders)
    .default('DMY')
    .meta({ control: 'choice', section: 'digits', shownWhen: { format: ['date'] } }),
  pattern: z
    .string()
    .max(100)
    .default('')
    .meta({ control: 'text', section: 'digits', shownWhen: { format: ['pattern'] } }),
  allowed: z
    .array(Keys.min(1).max(32))
    .max(100)
    .default([])
    .meta({ control: 'list', section: 'digits', shownWhen: { format: ['list'] } }),
  firstDigitSeconds: Seconds.default(5).meta({ control: 'seconds', section: 'noInput' }),
  ...noInputSettings,
  invalidRetries: retries('invalid'),
  invalidPrompt: retryPrompt('invalid'),
  interDigitSeconds: Seconds.default(3).meta({ control: 'seconds', more: true }),
  clearKey: Keys.max(1).default('').meta({ control: 'key', more: true }),
  sensitive: z.boolean().default(false).meta({ control: 'switch', more: true }),
  ...commonSettings,
})

type Settings = z.output<typeof settings>

/** Asks the caller to type digits and keeps them in a variable. The digits themselves never reach the history. */
export const collectDigits = defineBlock({
  type: 'collectDigits',
  ...askingKind,
  icon: 'digits',
  settings,
  defaults: { prompt: '', variable: '' },
  exits: ({ maxRetries }) => [
    { name: 'collected' },
    { name: 'invalid', optional: true },
    { name: 'noInput', optional: true },
    ...maxRetriesExit(maxRetries),
  ],
  open(set, { anywhere = [] }) {
    const { variable, terminators, firstDigitSeconds, interDigitSeconds } = set
    const fits = testOf(set)
    const question = createQuestion({
      settings: set,
      for: 'digits',
      seconds: firstDigitSeconds,
      furtherSeconds: interDigitSeconds,
      wrongInput: { exit: 'invalid', retries: set.invalidRetries, prompt: set.invalidPrompt },
    })

    const { isRight, pressedOf, read, uses } = entriesOf(set, fits, anywhere)

    /** The entry is complete: right or wrong? */
    function judge(typedIn: Entry, { data = notAsked, variables }: Turn<Asking>, typed: string): Outcome<Asking> {
      const { entry } = typedIn
      const pressed = pressedOf(typedIn)
      if (pressed) return goAnywhere(pressed, { asks: silencing(data.playing), typed })
      // The end key alone says "nothing": where that may be, it is taken, and else it is as if nobody had typed.
      if (!isRight(entry)) return question.failed(entry === '' ? 'noInput' : 'wrongInput', data, typed)
      return leave('collected', {
        asks: silencing(data.playing),
        typed,
        variables: { ...variables, [variable]: entry },
        detail: { digits: entry.length },
      })
    }

    function take(turn: Turn<Asking>): Outcome<Asking> {
      const { data = notAsked, typed } = turn
      const { completedBy, rest, ...typedIn } = read(data.entry, typed)
      const { entry } = typedIn
      if (completedBy === null) {
        return stay({
          asks: [...silencing(data.playing), timer(entry === '' ? firstDigitSeconds : interDigitSeconds)],
          again: true,
          data: { ...data, entry, playing: false },
          typed: '',
        })
      }
      if (completedBy === 'key') return judge(typedIn, turn, rest)
      // A terminator right behind it means nothing to the next block: it was typed already, or is still to come.
      const [next] = rest
      if (next === undefined) return { swallow: terminators, ...judge(typedIn, turn, '') }
      return judge(typedIn, turn, terminators.includes(next) ? rest.slice(1) : rest)
    }

    return {
      ...question.facts,
      sets: [{ variable, types: variableTypes, field: 'variable' }],
      keys: [...keysOf(set), ...uses],
      ...(set.sensitive ? { sensitive: true as const } : {}),
      step(turn: Turn<Asking>) {
        const { event, data = notAsked, typed } = turn
        switch (event.type) {
          case 'entered':
            return question.entered(typed)
          case 'promptFinished':
            return question.promptFinished(data)
          case 'keysTyped':
            return take(turn)
          case 'timerElapsed':
            if (data.entry === '') return question.failed('noInput', data, typed)
            return { swallow: terminators, ...judge({ entry: data.entry, keys: data.entry }, turn, typed) }
        }
      },
    }
  },
})

/** What was typed: the entry, and with it the key that has ended it. */
type Entry = { entry: string; keys: string }

/** What entries mean: whether one is right, or a key that works anywhere instead. */
function entriesOf(set: Settings, fits: (entry: string) => boolean, anywhere: readonly AnywhereKey[]) {
  const isRight = (entry: string) => entry.length >= set.minDigits && (entry === '' || fits(entry))
  const named = (keys: string) => anywhere.find((one) => one.keys === keys)
  const signs = anywhere.map(({ keys }) => keys).filter((keys) => /[*#]/.test(keys))
  /** The key that works anywhere which all that was typed is; a number that is right is a number, and only star and hash are none. */
  const pressedOf = ({ entry, keys }: Entry) =>
    isRight(entry) && !signs.includes(entry) ? undefined : (named(keys) ?? named(entry))
  const read = (before: string, typed: string) =>
    readKeys(set, (entry) => signs.includes(entry) && !growsTo(signs, entry), before, typed)
  const mayBePressed = (one: AnywhereKey) => {
    const { rest, ...typedIn } = read('', one.keys)
    return rest === '' && pressedOf(typedIn) === one
  }
  return { isRight, pressedOf, read, uses: usesOf(anywhere.filter(mayBePressed)) }
}

/** What an entry comes to by these keys, one by one until it is complete; the rest is what was typed behind it. */
function readKeys(
  { terminators, clearKey, maxDigits }: Settings,
  isSign: (entry: string) => boolean,
  before: string,
  typed: string,
): Entry & { completedBy: 'key' | 'length' | null; rest: string } {
  let entry = before
  for (let n = 0; n < typed.length; n++) {
    const key = typed[n] ?? ''
    const rest = typed.slice(n + 1)
    if (terminators.includes(key)) return { entry, keys: entry + key, completedBy: 'key', rest }
    if (key === clearKey) entry = ''
    else if (/[0-9*#]/.test(key)) entry += key
    if (isSign(entry)) return { entry, keys: entry, completedBy: 'key', rest }
    if (entry.length === maxDigits) return { entry, keys: entry, completedBy: 'length', rest }
  }
  return { entry, keys: entry, completedBy: null, rest: '' }
}

/** Whether an entry is of the right form. @throws BlockIssue for settings that contradict each other. */
function testOf({ minDigits, maxDigits, clearKey, terminators, format, pattern, allowed, dateOrder }: Settings) {
  if (minDigits > maxDigits) throw new BlockIssue('maxDigits', 'lessThanMin', String(minDigits))
  if (clearKey !== '' && terminators.includes(clearKey)) throw new BlockIssue('clearKey', 'alsoTerminator', clearKey)
  if (format === 'list' && allowed.length === 0) throw new BlockIssue('allowed', 'required')
  const fits = digitsTest(format, pattern, allowed, dateOrder)
  if (fits === null || (format === 'pattern' && pattern === '')) throw new BlockIssue('pattern', 'pattern')
  return fits
}

function keysOf({ terminators, clearKey }: Settings): KeyUse[] {
  const ends = [...terminators].map((key) => ({ key, does: 'done' }) as const)
  return [
    ...digits.map((key) => ({ key })),
    ...ends,
    ...(clearKey === '' ? [] : [{ key: clearKey, does: 'clear' } as const]),
  ]
}
