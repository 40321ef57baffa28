import * as z from 'zod'
import { BlockIssue, defineBlock, leave, type Outcome, stay } from '../block.ts'
import { digitsTest, formats } from '../digits.ts'
import { VariableName } from '../flow.ts'
import { OptionalPrompt, Prompt, quoted, spoken } from '../prompt.ts'
import { failedTry, noTries, type RetryKind, type Tries } from '../retries.ts'

const Keys = z.string().regex(/^[0-9*#]*$/)
const Retries = z.number().int().min(0).max(9)
const Seconds = z.number().min(1).max(60)

const settings = z.object({
  prompt: Prompt.meta({ control: 'multiline' }),
  bargeIn: z.boolean().default(true).meta({ control: 'switch' }),
  variable: VariableName.meta({ control: 'variable', types: ['digits', 'text', 'secret'] }),
  minDigits: z.number().int().min(1).max(32).default(1).meta({ control: 'number', section: 'digits' }),
  maxDigits: z.number().int().min(1).max(32).default(10).meta({ control: 'number', section: 'digits' }),
  terminators: Keys.max(5).default('#').meta({ control: 'keys', section: 'digits' }),
  format: z.enum(formats).default('any').meta({ control: 'choice', section: 'digits' }),
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
  noInputRetries: Retries.default(2).meta({ control: 'times', section: 'noInput' }),
  noInputPrompt: OptionalPrompt.default('').meta({ control: 'multiline', section: 'noInput' }),
  invalidRetries: Retries.default(2).meta({ control: 'times', section: 'invalid' }),
  invalidPrompt: OptionalPrompt.default('').meta({ control: 'multiline', section: 'invalid' }),
  interDigitSeconds: Seconds.default(3).meta({ control: 'seconds', more: true }),
  clearKey: Keys.max(1).default('').meta({ control: 'key', more: true }),
  sensitive: z.boolean().default(false).meta({ control: 'switch', more: true }),
  maxRetries: Retries.nullable().default(null).meta({ control: 'timesOrNone', more: true }),
  maxRetriesPrompt: OptionalPrompt.default('').meta({ control: 'multiline', more: true }),
  typeAhead: z.boolean().default(true).meta({ control: 'switch', more: true }),
})

type Data = { playing: boolean; tries: Tries; digits: string; parting?: true }

/** Asks the caller to type digits and keeps them in a variable. The digits themselves never reach the history. */
export const collectDigits = defineBlock<typeof settings, Data>({
  type: 'collectDigits',
  category: 'ask',
  icon: 'digits',
  permissions: ['Calls.AccessMedia.All'],
  settings,
  asks: true,
  defaults: {
    prompt: '',
    bargeIn: true,
    variable: '',
    minDigits: 1,
    maxDigits: 10,
    terminators: '#',
    format: 'any',
    pattern: '',
    allowed: [],
    firstDigitSeconds: 5,
    noInputRetries: 2,
    noInputPrompt: '',
    invalidRetries: 2,
    invalidPrompt: '',
    interDigitSeconds: 3,
    clearKey: '',
    sensitive: false,
    maxRetries: null,
    maxRetriesPrompt: '',
    typeAhead: true,
  },
  exits: ({ maxRetries }) => [
    { name: 'collected' },
    { name: 'invalid' },
    { name: 'noInput' },
    ...(maxRetries === null ? [] : [{ name: 'maxRetries', optional: true, fallback: 'noInput' } as const]),
  ],
  summary: ({ prompt }) => quoted(prompt),
  open(set) {
    if (set.minDigits > set.maxDigits) throw new BlockIssue('maxDigits', 'lessThanMin', String(set.minDigits))
    if (set.clearKey !== '' && set.terminators.includes(set.clearKey)) {
      throw new BlockIssue('clearKey', 'alsoTerminator', set.clearKey)
    }
    if (set.format === 'list' && set.allowed.length === 0) throw new BlockIssue('allowed', 'required')
    const fits = digitsTest(set.format, set.pattern, set.allowed)
    if (fits === null || (set.format === 'pattern' && set.pattern === '')) throw new BlockIssue('pattern', 'pattern')

    const again = { noInput: spoken(set.noInputPrompt, set.prompt), wrongInput: spoken(set.invalidPrompt, set.prompt) }
    const parting = spoken(set.maxRetriesPrompt)
    const limits = { noInput: set.noInputRetries, wrongInput: set.invalidRetries, total: set.maxRetries }
    const ownExit: Record<RetryKind, string> = { noInput: 'noInput', wrongInput: 'invalid' }
    const wait = (seconds: number) => ({ type: 'startTimer', timer: 'block', ms: seconds * 1000 }) as const
    const ask = (prompts: string[], tries: Tries): Outcome<Data> => ({
      asks: [{ type: 'play', prompts }],
      listen: set.bargeIn,
      data: { playing: true, tries, digits: '' },
    })

    function failed(kind: RetryKind, data: Data, stop: Outcome<Data>['asks'], typed: string): Outcome<Data> {
      const verdict = failedTry(data.tries, kind, limits)
      const detail = { reason: ownExit[kind] }
      if ('again' in verdict) {
        const next = ask(again[kind], verdict.again)
        return { ...next, asks: [...(stop ?? []), ...(next.asks ?? [])], again: true, typed, detail }
      }
      if (verdict.exit === 'own') return leave(ownExit[kind], { asks: stop ?? [], typed })
      if (parting.length === 0) return leave('maxRetries', { asks: stop ?? [], typed, detail })
      return {
        asks: [...(stop ?? []), { type: 'play', prompts: parting }],
        again: true,
        listen: false,
        typed,
        data: { ...data, digits: '', playing: true, parting: true },
        detail,
      }
    }

    return {
      prompts: spoken(set.prompt, set.noInputPrompt, set.invalidPrompt, set.maxRetriesPrompt),
      sets: [{ variable: set.variable, types: ['digits', 'text', 'secret'], field: 'variable' }],
      step({ event, data = { playing: false, tries: noTries, digits: '' }, typed, variables }) {
        /** The entry is complete: right or wrong? */
        function judge(digits: string, asks: Outcome<Data>['asks'], rest: string, terminated: boolean): Outcome<Data> {
          const swallow = terminated ? {} : { swallow: set.terminators }
          if (digits.length < set.minDigits || fits?.(digits) !== true) {
            return { ...failed('wrongInput', data, asks, rest), ...swallow }
          }
          return leave('collected', {
            asks: asks ?? [],
            typed: rest,
            variables: { ...variables, [set.variable]: digits },
            detail: { digits: digits.length },
            ...swallow,
          })
        }
        switch (event.type) {
          case 'entered': {
            const ahead = set.typeAhead ? typed : ''
            if (ahead !== '') return stay({ listen: true, data, typed: ahead })
            return { ...ask([set.prompt], noTries), typed: ahead }
          }
          case 'promptFinished':
            if (!data.playing) return
            if (data.parting) return leave('maxRetries')
            return stay({
              asks: [wait(set.firstDigitSeconds)],
              listen: true,
              data: { ...data, playing: false },
              ...(set.typeAhead || set.bargeIn ? {} : { typed: '' }),
            })
          case 'keysTyped': {
            const asks = data.playing ? [{ type: 'cancelMedia' } as const] : []
            let { digits } = data
            for (let n = 0; n < typed.length; n++) {
              const key = typed[n] ?? ''
              const rest = typed.slice(n + 1)
              if (set.terminators.includes(key)) return judge(digits, asks, rest, true)
              if (key === set.clearKey) digits = ''
              else if (/[0-9*#]/.test(key)) digits += key
              if (digits.length === set.maxDigits) return judge(digits, asks, rest, false)
            }
            return stay({
              asks: [...asks, wait(digits === '' ? set.firstDigitSeconds : set.interDigitSeconds)],
              again: true,
              data: { ...data, digits, playing: false },
              typed: '',
            })
          }
          case 'timerElapsed':
            return data.digits === '' ? failed('noInput', data, [], typed) : judge(data.digits, [], typed, false)
        }
      },
    }
  },
})
