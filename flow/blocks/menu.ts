import * as z from 'zod'
import { BlockIssue, defineBlock, leave, type Outcome, stay } from '../block.ts'
import { OptionalPrompt, Prompt, quoted, spoken } from '../prompt.ts'
import { failedTry, noTries, type RetryKind, type Tries } from '../retries.ts'

const Retries = z.number().int().min(0).max(9)

const settings = z.object({
  prompt: Prompt.meta({ control: 'multiline' }),
  bargeIn: z.boolean().default(true).meta({ control: 'switch' }),
  options: z
    .array(z.object({ key: z.string().regex(/^[0-9*#]$/), label: z.string().trim().max(60) }))
    .min(1)
    .max(12)
    .meta({ control: 'options', section: 'keys' }),
  waitSeconds: z.number().min(1).max(60).default(5).meta({ control: 'seconds', section: 'noInput' }),
  noInputRetries: Retries.default(2).meta({ control: 'times', section: 'noInput' }),
  noInputPrompt: OptionalPrompt.default('').meta({ control: 'multiline', section: 'noInput' }),
  noMatchRetries: Retries.default(2).meta({ control: 'times', section: 'noMatch' }),
  noMatchPrompt: OptionalPrompt.default('').meta({ control: 'multiline', section: 'noMatch' }),
  maxRetries: Retries.nullable().default(null).meta({ control: 'timesOrNone', more: true }),
  maxRetriesPrompt: OptionalPrompt.default('').meta({ control: 'multiline', more: true }),
  typeAhead: z.boolean().default(true).meta({ control: 'switch', more: true }),
})

type Data = { playing: boolean; tries: Tries; parting?: true }

/** Asks the caller to press a key, and leaves by the exit of that key. */
export const menu = defineBlock<typeof settings, Data>({
  type: 'menu',
  category: 'ask',
  icon: 'keypad',
  permissions: ['Calls.AccessMedia.All'],
  settings,
  asks: true,
  defaults: {
    prompt: '',
    bargeIn: true,
    options: [{ key: '1', label: '' }],
    waitSeconds: 5,
    noInputRetries: 2,
    noInputPrompt: '',
    noMatchRetries: 2,
    noMatchPrompt: '',
    maxRetries: null,
    maxRetriesPrompt: '',
    typeAhead: true,
  },
  exits: ({ options, maxRetries }) => [
    ...uniqueKeys(options).map(({ key, label }) => ({ name: key, key, label })),
    { name: 'noInput' },
    { name: 'noMatch' },
    ...(maxRetries === null ? [] : [{ name: 'maxRetries', optional: true, fallback: 'noInput' } as const]),
  ],
  summary: ({ prompt }) => quoted(prompt),
  open(set) {
    const keys = set.options.map(({ key }) => key)
    const twice = keys.find((key, n) => keys.indexOf(key) !== n)
    if (twice !== undefined) throw new BlockIssue('options', 'keyTwice', twice)

    const prompt = [set.prompt]
    const again = { noInput: spoken(set.noInputPrompt, set.prompt), wrongInput: spoken(set.noMatchPrompt, set.prompt) }
    const parting = spoken(set.maxRetriesPrompt)
    const limits = { noInput: set.noInputRetries, wrongInput: set.noMatchRetries, total: set.maxRetries }
    const ownExit: Record<RetryKind, string> = { noInput: 'noInput', wrongInput: 'noMatch' }
    const ask = (prompts: string[], tries: Tries): Outcome<Data> => ({
      asks: [{ type: 'play', prompts }],
      listen: set.bargeIn,
      data: { playing: true, tries },
    })

    function failed(kind: RetryKind, data: Data, typed: string): Outcome<Data> {
      const stop = data.playing ? [{ type: 'cancelMedia' } as const] : []
      const verdict = failedTry(data.tries, kind, limits)
      const detail = { reason: ownExit[kind] }
      if ('again' in verdict) {
        const next = ask(again[kind], verdict.again)
        return { again: true, typed, detail, ...next, asks: [...stop, ...(next.asks ?? [])] }
      }
      if (verdict.exit === 'own') return leave(ownExit[kind], { asks: stop, typed })
      if (parting.length === 0) return leave('maxRetries', { asks: stop, typed, detail })
      return {
        asks: [...stop, { type: 'play', prompts: parting }],
        again: true,
        listen: false,
        typed,
        data: { playing: true, tries: data.tries, parting: true },
        detail,
      }
    }

    return {
      prompts: spoken(set.prompt, set.noInputPrompt, set.noMatchPrompt, set.maxRetriesPrompt),
      step({ event, data = { playing: false, tries: noTries }, typed }) {
        switch (event.type) {
          case 'entered': {
            const ahead = set.typeAhead ? typed : ''
            // A key typed ahead is the answer: the menu is not read to someone who knows it.
            if (ahead !== '') return stay({ listen: true, data, typed: ahead })
            return { typed: ahead, ...ask(prompt, noTries) }
          }
          case 'promptFinished':
            if (!data.playing) return
            if (data.parting) return leave('maxRetries')
            return stay({
              asks: [{ type: 'startTimer', timer: 'block', ms: set.waitSeconds * 1000 }],
              listen: true,
              data: { ...data, playing: false },
              // Without type-ahead, what was pressed during a prompt that cannot be interrupted is not kept.
              ...(set.typeAhead || set.bargeIn ? {} : { typed: '' }),
            })
          case 'keysTyped': {
            const [key = '', rest] = [typed[0], typed.slice(1)]
            if (!keys.includes(key)) return failed('wrongInput', data, rest)
            return leave(key, { asks: data.playing ? [{ type: 'cancelMedia' }] : [], typed: rest })
          }
          case 'timerElapsed':
            return failed('noInput', data, typed)
        }
      },
    }
  },
})

const uniqueKeys = <T extends { key: string }>(options: readonly T[]): T[] =>
  options.filter(({ key }, n) => options.findIndex((other) => other.key === key) === n)
