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
} from '../asking.ts'
import { BlockIssue, defineBlock, leave, type Turn } from '../block.ts'

const settings = z.object({
  ...questionSettings,
  options: z
    .array(z.object({ key: z.string().regex(/^[0-9*#]$/), label: z.string().trim().max(60) }))
    .min(1)
    .max(12)
    .meta({ control: 'options', section: 'keys' }),
  waitSeconds: Seconds.default(5).meta({ control: 'seconds', section: 'noInput' }),
  ...noInputSettings,
  noMatchRetries: retries('noMatch'),
  noMatchPrompt: retryPrompt('noMatch'),
  ...commonSettings,
})

/** Asks the caller to press a key, and leaves by the exit of that key. */
export const menu = defineBlock({
  type: 'menu',
  ...askingKind,
  icon: 'keypad',
  settings,
  defaults: { prompt: '', options: [{ key: '1', label: '' }] },
  exits: ({ options, maxRetries }) => [
    ...uniqueKeys(options).map(({ key, label }) => ({ name: key, key, label })),
    { name: 'noInput', optional: true },
    { name: 'noMatch', optional: true },
    ...maxRetriesExit(maxRetries),
  ],
  open(set) {
    const { options, waitSeconds, noMatchRetries, noMatchPrompt } = set
    const keys = options.map(({ key }) => key)
    const twice = keys.find((key, n) => keys.indexOf(key) !== n)
    if (twice !== undefined) throw new BlockIssue('options', 'keyTwice', twice)
    const question = createQuestion({
      settings: set,
      for: 'key',
      seconds: waitSeconds,
      wrongInput: { exit: 'noMatch', retries: noMatchRetries, prompt: noMatchPrompt },
    })
    return {
      ...question.facts,
      keys: options,
      step({ event, data = notAsked, typed }: Turn<Asking>) {
        switch (event.type) {
          case 'entered':
            return question.entered(typed)
          case 'promptFinished':
            return question.promptFinished(data)
          case 'keysTyped': {
            const [key = '', rest] = [typed[0], typed.slice(1)]
            if (!keys.includes(key)) return question.failed('wrongInput', data, rest)
            return leave(key, { asks: silencing(data.playing), typed: rest })
          }
          case 'timerElapsed':
            return question.failed('noInput', data, typed)
        }
      },
    }
  },
})

const uniqueKeys = <T extends { key: string }>(options: readonly T[]): T[] =>
  options.filter(({ key }, n) => options.findIndex((other) => other.key === key) === n)
