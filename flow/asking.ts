import * as z from 'zod'
import { type Exit, type Facts, leave, type Outcome, type SoFar, stay, type Waiting } from './block.ts'
import { OptionalPrompt, Prompt, quoted, spoken } from './prompt.ts'
import { failedTry, noTries, type RetryKind, type RetryLimits, type Tries } from './retries.ts'

// The settings of blocks that ask. Each puts its own between them, in the order in which people fill them in.
export const Seconds = z.number().min(1).max(60)
const Retries = z.number().int().min(0).max(9)
export const retries = (section: string) => Retries.default(2).meta({ control: 'times', section })
export const retryPrompt = (section: string) => OptionalPrompt.default('').meta({ control: 'multiline', section })

/** How long callers have for each further key, where a block does not let its author say. */
export const furtherKeySeconds = 2

export const questionSettings = {
  prompt: Prompt.meta({ control: 'multiline' }),
  bargeIn: z.boolean().default(true).meta({ control: 'switch' }),
}
export const noInputSettings = { noInputRetries: retries('noInput'), noInputPrompt: retryPrompt('noInput') }
export const commonSettings = {
  maxRetries: Retries.nullable().default(null).meta({ control: 'timesOrNone', more: true }),
  maxRetriesPrompt: OptionalPrompt.default('').meta({ control: 'multiline', more: true }),
  typeAhead: z.boolean().default(true).meta({ control: 'switch', more: true }),
}
const shared = z.object({ ...questionSettings, ...noInputSettings, ...commonSettings })

/** What is the same of every kind that asks. */
export const askingKind = {
  category: 'ask',
  permissions: ['Calls.AccessMedia.All'],
  asksCaller: true,
  summary: ({ prompt }: { prompt: string }) => quoted(prompt),
} as const

/** The way out for both reasons together, where there is a limit for both. */
export const maxRetriesExit = (maxRetries: number | null): Exit[] =>
  maxRetries === null ? [] : [{ name: 'maxRetries', optional: true, fallback: 'noInput' }]

/** Where a block that asks stands. `entry`: keys taken and not yet judged; `parting`: nothing is asked any more. */
export type Asking = {
  readonly playing: boolean
  readonly tries: Tries
  readonly entry: string
  readonly parting?: true
}

export const notAsked: Asking = { playing: false, tries: noTries, entry: '' }

export type Question = {
  settings: z.output<typeof shared>
  for: Waiting['for']
  /** How long the caller has for the first key; and for each further one, where one is not enough. */
  seconds: number
  furtherSeconds?: number
  /** What follows a wrong key or number: its exit, which is also the reason that the history is told. */
  wrongInput: { exit: string; retries: number; prompt: string }
}

/**
 * What all blocks that ask have in common: the prompt, which may be talked over; the wait for a key; asking again, so
 * many times for each reason and for both; the words of parting. A block adds what keys mean to it.
 */
export function createQuestion(asked: Question) {
  const { settings, wrongInput } = asked
  const { prompt, bargeIn, typeAhead } = settings
  const again = { noInput: spoken(settings.noInputPrompt, prompt), wrongInput: spoken(wrongInput.prompt, prompt) }
  const parting = spoken(settings.maxRetriesPrompt)
  const exits: Readonly<Record<RetryKind, string>> = { noInput: 'noInput', wrongInput: wrongInput.exit }
  const limits = { noInput: settings.noInputRetries, wrongInput: wrongInput.retries, total: settings.maxRetries }
  const facts: Pick<Facts, 'prompts' | 'waiting'> = {
    prompts: spoken(prompt, settings.noInputPrompt, wrongInput.prompt, settings.maxRetriesPrompt),
    waiting: (soFar) => waitingOf(asked, limits, soFar),
  }
  return {
    facts,

    entered(typed: string): Outcome<Asking> {
      // A key typed ahead is the answer: the question is not read to someone who knows it. One that cannot be interrupted
      // is there to be heard, and forgets what was typed before it (VoiceXML 2.0, 4.1.5 and 4.1.8).
      if (typeAhead && bargeIn && typed !== '') return stay({ listen: true, data: notAsked })
      const data = { playing: true, tries: noTries, entry: '' }
      return stay({ asks: [{ type: 'play', prompts: [prompt] }], listen: bargeIn, data, typed: '' })
    },

    /** The caller's time runs from the end of the prompt. */
    promptFinished(data: Asking): Outcome<Asking> | undefined {
      if (!data.playing) return
      if (data.parting) return leave('maxRetries')
      return stay({
        asks: [timer(asked.seconds)],
        listen: true,
        data: { ...data, playing: false },
        // Without type-ahead, what was pressed during a prompt that cannot be interrupted is not kept.
        ...(typeAhead || bargeIn ? {} : { typed: '' }),
      })
    },

    /** A further key may make another answer of these. */
    waitsForMore(data: Asking, entry: string): Outcome<Asking> {
      const asks = [...silencing(data.playing), timer(asked.furtherSeconds ?? furtherKeySeconds)]
      return stay({ asks, again: true, data: { ...data, entry, playing: false }, typed: '' })
    },

    /** Nothing came, or something wrong: asks again, or leaves. `typed` remains for whoever listens next. */
    failed(kind: RetryKind, { playing, tries }: Asking, typed: string): Outcome<Asking> {
      const stop = silencing(playing)
      const detail = { reason: exits[kind] }
      const say = (prompts: string[], listen: boolean, data: Asking): Outcome<Asking> => {
        const kept = listen || data.parting ? typed : ''
        return { asks: [...stop, { type: 'play', prompts }], listen, data, again: true, typed: kept, detail }
      }
      const verdict = failedTry(tries, kind, limits)
      if ('again' in verdict) return say(again[kind], bargeIn, { playing: true, tries: verdict.again, entry: '' })
      if (verdict.exit === 'own') return leave(exits[kind], { asks: stop, typed })
      if (parting.length === 0) return leave('maxRetries', { asks: stop, typed, detail })
      return say(parting, false, { playing: true, tries, entry: '', parting: true })
    },
  }
}

/** What is asked for to silence a prompt that still plays. */
export const silencing = (playing: boolean) => (playing ? [{ type: 'cancelMedia' } as const] : [])

export const timer = (seconds: number) => ({ type: 'startTimer', timer: 'block', ms: seconds * 1000 }) as const

function waitingOf(asked: Question, limits: RetryLimits, { again, typing }: SoFar): Waiting | null {
  const { for: what, seconds, furtherSeconds } = asked
  if (typing) {
    return furtherSeconds === undefined ? null : { for: what, ms: furtherSeconds * 1000, after: { type: 'counts' } }
  }
  const wait = { for: what, ms: seconds * 1000 }
  const silent = again.filter((reason) => reason === 'noInput').length
  const next = failedTry({ noInput: silent, wrongInput: again.length - silent }, 'noInput', limits)
  if ('exit' in next) return { ...wait, after: { type: 'goes', exit: next.exit === 'own' ? 'noInput' : 'maxRetries' } }
  const more = 'again' in failedTry(next.again, 'noInput', limits)
  return { ...wait, after: { type: more ? 'again' : 'lastTime' } }
}
