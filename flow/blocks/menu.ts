import * as z from 'zod'
import { goAnywhere, usesOf } from '../anywhere.ts'
import {
  type Asking,
  askingKind,
  commonSettings,
  createQuestion,
  furtherKeySeconds,
  maxRetriesExit,
  noInputSettings,
  notAsked,
  questionSettings,
  retries,
  retryPrompt,
  Seconds,
  silencing,
} from '../asking.ts'
import {
  type AnywhereKey,
  BlockIssue,
  defineBlock,
  type Exit,
  type KeyUse,
  leave,
  type Outcome,
  type Turn,
} from '../block.ts'
import { OptionalVariableName } from '../flow.ts'
import { KeyOptions, keypad, uniqueKeys } from '../keypad.ts'
import { growsTo, type Reading, readKeys } from '../keyReader.ts'

const settings = z.object({
  ...questionSettings,
  options: KeyOptions.meta({ control: 'options', section: 'keys' }),
  waitSeconds: Seconds.default(5).meta({ control: 'seconds', section: 'noInput' }),
  ...noInputSettings,
  noMatchRetries: retries('noMatch'),
  noMatchPrompt: retryPrompt('noMatch'),
  furtherSeconds: Seconds.default(furtherKeySeconds).meta({ control: 'seconds', more: true }),
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
  open(set, { anywhere = [] }) {
    const { options, waitSeconds, furtherSeconds, noMatchRetries, noMatchPrompt, extensionVariable: variable } = set
    const keys = options.map(({ key }) => key)
    const twice = keys.find((key, n) => keys.indexOf(key) !== n)
    if (twice !== undefined) throw new BlockIssue('options', 'keyTwice', twice)
    const elsewhere = anywhere.filter((one) => !keys.includes(one.keys))
    const all = [...keys, ...elsewhere.map((one) => one.keys)]
    const isWhole = (entry: string) => entry.length === set.extensionDigits && isExtension(set, entry)
    const answers = {
      is: (entry: string) => all.includes(entry) || isWhole(entry),
      grows: (entry: string) => growsTo(all, entry) || (isExtension(set, entry) && entry.length < set.extensionDigits),
    }
    const isLong = variable !== '' || all.some((key) => key.length > 1)
    const slowed = all.filter(answers.grows)
    const question = createQuestion({
      settings: set,
      for: 'key',
      seconds: waitSeconds,
      ...(isLong && { furtherSeconds }),
      wrongInput: { exit: 'noMatch', retries: noMatchRetries, prompt: noMatchPrompt },
    })

    function judge({ is, entry, typed }: Reading, { data = notAsked, variables }: Turn<Asking>): Outcome<Asking> {
      const asks = silencing(data.playing)
      if (is === 'more') return question.waitsForMore(data, entry)
      if (is === 'wrong') {
        return set.anyKey ? leave('anyKey', { asks, typed }) : question.failed('wrongInput', data, typed)
      }
      if (keys.includes(entry)) return leave(entry, { asks, typed })
      const pressed = isWhole(entry) ? undefined : elsewhere.find((one) => one.keys === entry)
      if (pressed) return goAnywhere(pressed, { asks, typed })
      const after = { ...variables, [variable]: entry }
      return leave('extension', { asks, typed, variables: after, detail: { digits: entry.length } })
    }

    return {
      ...question.facts,
      keys: keysOf(set, answers.grows, elsewhere),
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
            return judge(isLong ? readKeys(answers, data.entry, typed) : readKey(all, typed), turn)
          case 'timerElapsed': {
            const { entry } = data
            if (entry === '') return question.failed('noInput', data, typed)
            return judge({ is: answers.is(entry) ? 'answer' : 'wrong', entry, typed }, turn)
          }
        }
      },
    }
  },
})

/** Where every answer is one key. */
const readKey = (keys: readonly string[], typed: string): Reading => {
  const entry = typed.charAt(0)
  return { is: keys.includes(entry) ? 'answer' : 'wrong', entry, typed: typed.slice(1) }
}

const isExtension = ({ extensionVariable }: Settings, entry: string): boolean =>
  extensionVariable !== '' && /^\d+$/.test(entry)

/** The options, the keys that only begin something, and those that work anywhere. */
function keysOf(set: Settings, grows: (entry: string) => boolean, elsewhere: readonly AnywhereKey[]): KeyUse[] {
  const there = new Set([...set.options.map(({ key }) => key), ...elsewhere.map(({ keys }) => keys)])
  const others = keypad.filter((key) => !there.has(key) && (set.anyKey || grows(key)))
  return [...set.options, ...others.map((key) => ({ key })), ...usesOf(elsewhere)]
}
