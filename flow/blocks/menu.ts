import * as z from 'zod'
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
import { BlockIssue, defineBlock, type Exit, type KeyUse, leave, type Outcome, stay, type Turn } from '../block.ts'
import { OptionalVariableName } from '../flow.ts'
import { keypad } from '../keypad.ts'

const settings = z.object({
  ...questionSettings,
  options: z
    .array(z.object({ key: z.string().regex(/^[0-9*#]{1,4}$/), label: z.string().trim().max(60) }))
    .min(1)
    .max(12)
    .meta({ control: 'options', section: 'keys' }),
  waitSeconds: Seconds.default(5).meta({ control: 'seconds', section: 'noInput' }),
  ...noInputSettings,
  noMatchRetries: retries('noMatch'),
  noMatchPrompt: retryPrompt('noMatch'),
  furtherSeconds: Seconds.default(2).meta({ control: 'seconds', more: true }),
  extensionVariable: OptionalVariableName.default('').meta({
    control: 'variable',
    types: ['digits', 'text'],
    more: true,
  }),
  extensionDigits: z.int().min(2).max(8).default(3).meta({ control: 'number', more: true }),
  anyKey: z.boolean().default(false).meta({ control: 'switch', more: true }),
  ...commonSettings,
})
type Settings = z.output<typeof settings>

/**
 * Asks the caller to press a key or several, and leaves by the exit of that option. An answer is taken at once when no further key could
 * make another one of it, and else after the time for further keys.
 */
export const menu = defineBlock({
  type: 'menu',
  ...askingKind,
  icon: 'keypad',
  settings,
  defaults: { prompt: '', options: [{ key: '1', label: '' }] },
  exits: (set) => [
    ...uniqueKeys(set.options).map(({ key, label }) => ({ name: key, key, label })),
    ...(set.extensionVariable === '' ? [] : [{ name: 'extension' }]),
    ...(set.anyKey ? [{ name: 'anyKey' }] : []),
    { name: 'noInput', optional: true },
    ...(set.anyKey ? [] : [{ name: 'noMatch', optional: true } satisfies Exit]),
    ...maxRetriesExit(set.maxRetries),
  ],
  open(set) {
    const { options, waitSeconds, furtherSeconds, noMatchRetries, noMatchPrompt, extensionVariable: variable } = set
    const keys = options.map(({ key }) => key)
    const twice = keys.find((key, n) => keys.indexOf(key) !== n)
    if (twice !== undefined) throw new BlockIssue('options', 'keyTwice', twice)
    const isLong = hasLong(set)
    const slowed = keys.filter((key) => canGrow(set, key))
    const question = createQuestion({
      settings: set,
      for: 'key',
      seconds: waitSeconds,
      ...(isLong && { furtherSeconds }),
      wrongInput: { exit: 'noMatch', retries: noMatchRetries, prompt: noMatchPrompt },
    })

    function judge(verdict: Verdict, { data = notAsked, variables }: Turn<Asking>): Outcome<Asking> {
      const { entry, typed } = verdict
      const asks = silencing(data.playing)
      switch (verdict.is) {
        case 'option':
          return leave(entry, { asks, typed })
        case 'extension': {
          const after = { ...variables, [variable]: entry }
          return leave('extension', { asks, typed, variables: after, detail: { digits: entry.length } })
        }
        case 'wrong':
          return set.anyKey ? leave('anyKey', { asks, typed }) : question.failed('wrongInput', data, typed)
        case 'more':
          return stay({
            asks: [...asks, timer(furtherSeconds)],
            again: true,
            data: { ...data, entry, playing: false },
            typed,
          })
      }
    }

    return {
      ...question.facts,
      keys: keysOf(set),
      ...(variable !== '' && { sets: [{ variable, types: ['digits', 'text'], field: 'extensionVariable' }] }),
      ...(slowed.length > 0 && { slowed }),
      step(turn: Turn<Asking>) {
        const { event, data = notAsked, typed } = turn
        switch (event.type) {
          case 'entered':
            return question.entered(typed)
          case 'promptFinished':
            return question.promptFinished(data)
          case 'keysTyped':
            return judge(isLong ? readKeys(set, data.entry, typed) : readKey(keys, typed), turn)
          case 'timerElapsed': {
            const { entry } = data
            if (entry === '') return question.failed('noInput', data, typed)
            return judge({ is: keys.includes(entry) ? 'option' : 'wrong', entry, typed }, turn)
          }
        }
      },
    }
  },
})

/** What the keys so far are; `typed` remains for whoever listens next. */
type Verdict = { is: 'option' | 'extension' | 'more' | 'wrong'; entry: string; typed: string }

/** Where every answer is one key. */
const readKey = (keys: readonly string[], typed: string): Verdict => {
  const entry = typed.charAt(0)
  return { is: keys.includes(entry) ? 'option' : 'wrong', entry, typed: typed.slice(1) }
}

/** Key by key. One that makes no answer of those before it is not theirs: they are the answer, if they are one. */
function readKeys(set: Settings, before: string, typed: string): Verdict {
  const isOption = (entry: string) => set.options.some(({ key }) => key === entry)
  let entry = before
  for (let n = 0; n < typed.length; n += 1) {
    const next = entry + typed[n]
    const rest = typed.slice(n + 1)
    if (!canGrow(set, next)) {
      if (isOption(next)) return { is: 'option', entry: next, typed: rest }
      if (next.length === set.extensionDigits && isExtension(set, next)) {
        return { is: 'extension', entry: next, typed: rest }
      }
      if (isOption(entry)) return { is: 'option', entry, typed: typed.slice(n) }
      return { is: 'wrong', entry: next, typed: rest }
    }
    entry = next
  }
  return { is: 'more', entry, typed: '' }
}

const isExtension = ({ extensionVariable }: Settings, entry: string): boolean =>
  extensionVariable !== '' && /^\d+$/.test(entry)

/** Whether a further key could make another answer of these. */
const canGrow = (set: Settings, entry: string): boolean =>
  set.options.some(({ key }) => key.length > entry.length && key.startsWith(entry)) ||
  (isExtension(set, entry) && entry.length < set.extensionDigits)

const hasLong = ({ options, extensionVariable }: Settings): boolean =>
  extensionVariable !== '' || options.some(({ key }) => key.length > 1)

/** The options, and the keys that only begin something. */
function keysOf(set: Settings): KeyUse[] {
  const begins = keypad.filter((key) => !set.options.some((option) => option.key === key) && canGrow(set, key))
  const any = set.anyKey ? keypad.filter((key) => !begins.includes(key)) : []
  const others = [...begins, ...any].filter((key) => !set.options.some((option) => option.key === key))
  return [...set.options, ...others.map((key) => ({ key }))]
}

const uniqueKeys = <T extends { key: string }>(options: readonly T[]): T[] =>
  options.filter(({ key }, n) => options.findIndex((other) => other.key === key) === n)
