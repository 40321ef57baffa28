import * as z from 'zod'
import { goAnywhere, usesOf } from '../anywhere.ts'
import {
  type Asking,
  askingKind,
  commonSettings,
  createQuestion,
  furtherKeySeconds,
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
  leave,
  type Outcome,
  type Surroundings,
  stay,
  type Turn,
} from '../block.ts'
import { dateOrders } from '../digits.ts'
import { FlowError } from '../error.ts'
import type { Expression } from '../expressionFacts.ts'
import { Keys } from '../keypad.ts'
import { answersOf, type Reading, readKeys } from '../keyReader.ts'
import { Prompt } from '../prompt.ts'
import { readerOf } from '../saying/readers.ts'
import { readingOf } from '../saying/saying.ts'
import type { Value } from '../values.ts'

const styles = ['asIs', 'digits', 'amount', 'date', 'spelled'] as const

const settings = z.object({
  value: z.string().trim().min(1).max(1000).meta({ control: 'expression' }),
  style: z.enum(styles).default('asIs').meta({ control: 'choice' }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('EUR')
    .meta({ control: 'text', shownWhen: { style: ['amount'] } }),
  dateOrder: z
    .enum(dateOrders)
    .default('DMY')
    .meta({ control: 'choice', shownWhen: { style: ['date'] } }),
  prompt: Prompt.default('You entered ${value}. If that is right, press 1. To enter it again, press 2.').meta({
    control: 'multiline',
  }),
  bargeIn: questionSettings.bargeIn,
  acceptKey: Keys.length(1).default('1').meta({ control: 'key', section: 'keys' }),
  redoKey: Keys.length(1).default('2').meta({ control: 'key', section: 'keys' }),
  waitSeconds: Seconds.default(5).meta({ control: 'seconds', section: 'noInput' }),
  ...noInputSettings,
  noMatchRetries: retries('noMatch'),
  noMatchPrompt: retryPrompt('noMatch'),
  maxRetries: commonSettings.maxRetries,
  maxRetriesPrompt: commonSettings.maxRetriesPrompt,
  // A key too many behind an entry must not confirm what was not read out; nor while its reading begins (`unheardMs`).
  typeAhead: z.boolean().default(false).meta({ control: 'switch', more: true }),
  sayAloud: z.boolean().default(false).meta({ control: 'switch', more: true }),
})

type Settings = z.output<typeof settings>

/** Nobody has heard a value this soon after it was asked to be said: a key pressed by then belongs to what was typed before. */
const unheardMs = 1000

/** `since`: when the value was first asked to be said, where keys of before must not answer. */
type Confirming = Asking & { readonly since?: number }

/** What its prompts call what is to be confirmed. */
const name = 'value'
const saysValue = /\$\{[^}]*\bvalue\b/

/** Reads back what a caller has entered, and asks whether it is right. */
export const confirm = defineBlock({
  type: 'confirm',
  ...askingKind,
  icon: 'okCircle',
  settings,
  defaults: { value: '' },
  exits: () => [{ name: 'accepted' }, { name: 'redo' }, { name: 'gaveUp', optional: true }],
  open(set, surroundings) {
    const { acceptKey, redoKey, sayAloud } = set
    if (acceptKey === redoKey) throw new BlockIssue('redoKey', 'keyTwice', redoKey)
    const elsewhere = (surroundings.anywhere ?? []).filter(({ keys }) => keys !== acceptKey && keys !== redoKey)
    const expression = read(set.value, surroundings)
    const inWords = readingOfStyle(set, surroundings)
    const { question, decide } = asked(set, elsewhere)
    if (!question.facts.prompts.some((text) => saysValue.test(text))) throw new BlockIssue('prompt', 'valueNotSaid')

    return {
      prompts: question.facts.prompts,
      promptNames: [name],
      waiting(soFar) {
        const waiting = question.facts.waiting?.(soFar) ?? null
        return waiting?.after.type === 'goes' ? { ...waiting, after: { type: 'goes', exit: 'gaveUp' } } : waiting
      },
      keys: [{ key: acceptKey, does: 'accept' }, { key: redoKey, does: 'redo' }, ...usesOf(elsewhere)],
      reads: expression.reads,
      saysOpenly: sayAloud ? [] : expression.readsOpenly,
      cost: expression.cost,
      step(turn: Turn<Confirming>) {
        const outcome = decide(turn)
        if (outcome?.exit !== undefined && givesUp.has(outcome.exit)) return { ...outcome, exit: 'gaveUp' }
        if (!outcome?.asks?.some(({ type }) => type === 'play')) return outcome
        const { asks, typed } = outcome
        try {
          const names = { [name]: inWords(expression.evaluate(turn.variables, turn.budget)) }
          return { ...outcome, asks: asks.map((ask) => (ask.type === 'play' ? { ...ask, names } : ask)) }
        } catch (error) {
          if (!(error instanceof FlowError)) throw error
          // As where a prompt cannot be spoken (step.ts): what sounds is silenced, and keys that were taken are.
          const silenced = asks.filter(({ type }) => type === 'cancelMedia')
          return leave('error', {
            asks: silenced,
            ...(typed !== undefined && { typed }),
            detail: { problem: error.code },
          })
        }
      },
    }
  },
})

/** The question, and what comes of what happens while it is asked. */
function asked(set: Settings, elsewhere: readonly AnywhereKey[]) {
  const { acceptKey, redoKey } = set
  const answers = answersOf([acceptKey, redoKey, ...elsewhere.map(({ keys }) => keys)])
  const question = createQuestion({
    settings: set,
    for: 'key',
    seconds: set.waitSeconds,
    ...(elsewhere.some(({ keys }) => keys.length > 1) && { furtherSeconds: furtherKeySeconds }),
    wrongInput: { exit: 'noMatch', retries: set.noMatchRetries, prompt: set.noMatchPrompt },
  })

  function judge({ is, entry, typed }: Reading, data: Asking): Outcome<Asking> {
    if (is === 'more') return question.waitsForMore(data, entry)
    if (is === 'wrong') return question.failed('wrongInput', data, typed)
    const out = { asks: silencing(data.playing), typed }
    const pressed = elsewhere.find(({ keys }) => keys === entry)
    return pressed ? goAnywhere(pressed, out) : leave(entry === acceptKey ? 'accepted' : 'redo', out)
  }

  function decide({ event, data = notAsked, typed, now }: Turn<Confirming>): Outcome<Confirming> | undefined {
    switch (event.type) {
      case 'entered': {
        const asks = question.entered(typed)
        return set.typeAhead || !asks.data ? asks : { ...asks, data: { ...asks.data, since: now } }
      }
      case 'promptFinished':
        return question.promptFinished(data)
      case 'keysTyped':
        if (data.playing && data.since !== undefined && now - data.since < unheardMs) return stay({ typed: '' })
        return judge(readKeys(answers, data.entry, typed), data)
      case 'timerElapsed': {
        const { entry } = data
        if (entry === '') return question.failed('noInput', data, typed)
        return judge({ is: answers.is(entry) ? 'answer' : 'wrong', entry, typed }, data)
      }
    }
  }
  return { question, decide }
}

/** However a question ends without an answer, it is one exit here. */
const givesUp: ReadonlySet<string> = new Set(['noInput', 'noMatch', 'maxRetries'])

/** @throws BlockIssue */
function read(source: string, { parse }: Surroundings): Expression {
  try {
    return parse(source)
  } catch (error) {
    if (error instanceof FlowError) throw new BlockIssue('value', 'expression', error.detail)
    throw error
  }
}

function readingOfStyle({ value, style, currency, dateOrder }: Settings, { variables, language }: Surroundings) {
  const reader = readerOf(language)
  const readings: Readonly<Record<typeof style, (value: Value) => string>> = {
    asIs: readingOf(value, variables, reader),
    digits: reader.digits,
    amount: (amount) => reader.money(amount, currency),
    date: (day) => reader.date(day, dateOrder),
    spelled: reader.spelled,
  }
  return readings[style]
}
