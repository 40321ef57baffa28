import * as z from 'zod'
import { askingKind, noInputSettings, Seconds, silencing, timer } from '../asking.ts'
import {
  BlockIssue,
  defineBlock,
  type KeyUse,
  leave,
  type Outcome,
  type Surroundings,
  stay,
  type Turn,
  type Waiting,
} from '../block.ts'
import { copyCost, spend } from '../budget.ts'
import { FlowError } from '../error.ts'
import type { Expression } from '../expressionFacts.ts'
import { Keys } from '../keypad.ts'
import { keysMeanwhile, notBegun, type Sounding } from '../keysMeanwhile.ts'
import { OptionalPrompt, Prompt, quoted, spoken } from '../prompt.ts'
import { fitsType, type Value } from '../values.ts'

const keyOf = (key: string) => Keys.max(1).default(key).meta({ control: 'key', section: 'keys' })

const settings = z.object({
  list: z.string().trim().min(1).max(1000).meta({ control: 'expression' }),
  intro: OptionalPrompt.default('').meta({ control: 'multiline' }),
  item: Prompt.default('Number ${position} of ${count}: ${item}.').meta({ control: 'multiline' }),
  nextKey: keyOf('#'),
  previousKey: keyOf(''),
  repeatKey: keyOf('*'),
  chooseKey: keyOf(''),
  stopKey: keyOf(''),
  variable: z.string().default('').meta({ control: 'variable', section: 'keys' }),
  goesOn: z.enum(['byItself', 'waits']).default('byItself').meta({ control: 'choice', section: 'noInput' }),
  pauseSeconds: Seconds.default(2).meta({ control: 'seconds', section: 'noInput' }),
  noInputRetries: noInputSettings.noInputRetries.meta({ shownWhen: { goesOn: ['waits'] } }),
  noInputPrompt: noInputSettings.noInputPrompt.meta({ shownWhen: { goesOn: ['waits'] } }),
  typeAhead: z.boolean().default(true).meta({ control: 'switch', more: true }),
})

type Settings = z.output<typeof settings>
type Move = 'next' | 'previous' | 'repeat' | 'choose' | 'stop'

/** Where the reading stands: at which of the list, and how often nothing was pressed at this one. */
type At = Sounding & { readonly at: number; readonly silent: number }
const nothing: At = { at: 0, playing: false, silent: 0, ...notBegun }

/** What its prompts may speak of. */
const promptNames = ['item', 'position', 'count']

/** Reads a list out, one of it after the other, and lets the caller go through it by keys and choose. */
export const readList = defineBlock({
  type: 'readList',
  ...askingKind,
  icon: 'list',
  settings,
  defaults: { list: '' },
  exits: ({ chooseKey, stopKey, goesOn }) => [
    ...(chooseKey === '' ? [] : [{ name: 'chosen' }]),
    { name: 'finished' },
    ...(stopKey === '' ? [] : [{ name: 'stopped', optional: true as const, fallback: 'finished' }]),
    { name: 'empty', optional: true, fallback: 'finished' },
    ...(goesOn === 'waits' ? [{ name: 'noInput', optional: true as const, fallback: 'finished' }] : []),
  ],
  summary: ({ item }) => quoted(item),
  open(set, { variables, parse, anywhere = [] }) {
    const keys = keysOf(set)
    const list = readListExpression(set, parse)
    const copying = Object.keys(variables).length * copyCost
    const { intro, item, goesOn, pauseSeconds, noInputRetries, noInputPrompt } = set
    const { listIn, say, move } = readingOut(set, list, { mayKeep: keeping(set, variables), copying })
    const { uses, typed, timeUp } = keysMeanwhile<At>([...keys.keys()], anywhere, {
      does: (turn, data, key, left) => move(turn, data, keys.get(key) ?? 'repeat', left),
      resume: (turn, { at, silent }) => say(listIn(turn), at, { silent }),
    })

    function nothingPressed(turn: Turn<At>, data: At): Outcome<At> {
      if (goesOn === 'byItself') return move(turn, data, 'next', turn.typed)
      if (data.silent >= noInputRetries) return leave('noInput')
      const again = say(listIn(turn), data.at, { before: spoken(noInputPrompt), silent: data.silent + 1 })
      return { ...again, detail: { reason: 'noInput' } }
    }

    return {
      prompts: spoken(intro, item, noInputPrompt),
      promptNames,
      reads: list.reads,
      saysOpenly: list.readsOpenly,
      sets: set.variable === '' ? [] : [{ variable: set.variable, from: list.reads, field: 'variable' }],
      cost: list.cost + copying,
      keys: [...[...keys].map(([key, does]): KeyUse => ({ key, does })), ...uses],
      waiting: ({ again }) => waitingOf(set, again.length),
      step(turn: Turn<At>) {
        const { event, data = nothing } = turn
        switch (event.type) {
          case 'entered': {
            const all = listIn(turn)
            const kept = set.typeAhead ? turn.typed : ''
            if (all.length === 0) return leave('empty', { typed: kept })
            return { ...say(all, 0, { before: spoken(intro) }), typed: kept }
          }
          case 'promptFinished':
            return data.playing ? stay({ asks: [timer(pauseSeconds)], data: { ...data, playing: false } }) : undefined
          case 'keysTyped':
            return typed(turn, data)
          case 'timerElapsed':
            return timeUp(turn, data) ?? nothingPressed(turn, data)
        }
      },
    }
  },
})

/** How the list is read: one of it, and what each move leads to. */
function readingOut(
  { item, variable }: Settings,
  list: Expression,
  { mayKeep, copying }: { mayKeep(chosen: Value): boolean; copying: number },
) {
  const listIn = ({ variables, budget }: Turn<At>): readonly Value[] => {
    const found = list.evaluate(variables, budget)
    if (!Array.isArray(found)) throw new FlowError('expressionFailed', 'not a list')
    return found
  }
  const say = (all: readonly Value[], at: number, { before = [] as string[], silent = 0, playing = false }) => ({
    asks: [
      ...silencing(playing),
      {
        type: 'play' as const,
        prompts: [...before, item],
        names: { item: all[at] ?? null, position: at + 1, count: all.length },
      },
    ],
    again: true as const,
    listen: true,
    data: { ...nothing, at, playing: true, silent },
  })

  function move(turn: Turn<At>, { at, playing }: At, how: Move, typed: string): Outcome<At> {
    const asks = silencing(playing)
    if (how === 'stop') return leave('stopped', { asks, typed })
    const all = listIn(turn)
    if (how === 'choose') {
      const chosen = all[at] ?? null
      if (!mayKeep(chosen)) return leave('error', { asks, typed, detail: { problem: 'expressionFailed' } })
      spend(turn.budget, copying)
      return leave('chosen', { asks, typed, variables: { ...turn.variables, [variable]: chosen } })
    }
    const to = at + { next: 1, previous: -1, repeat: 0 }[how]
    if (to >= all.length) return leave('finished', { asks, typed })
    return { ...say(all, Math.max(0, to), { playing }), typed }
  }
  return { listIn, say, move }
}

/** @throws BlockIssue for a key that would mean two things */
function keysOf({ nextKey, previousKey, repeatKey, chooseKey, stopKey }: Settings): ReadonlyMap<string, Move> {
  const all = { next: nextKey, previous: previousKey, repeat: repeatKey, choose: chooseKey, stop: stopKey } as const
  const keys = new Map<string, Move>()
  for (const [how, key] of Object.entries(all) as [Move, string][]) {
    if (key === '') continue
    if (keys.has(key)) throw new BlockIssue(`${how}Key`, 'keyTwice', key)
    keys.set(key, how)
  }
  return keys
}

/** @throws BlockIssue */
function readListExpression({ list }: Settings, parse: (source: string) => Expression): Expression {
  try {
    const expression = parse(list)
    if (expression.type !== 'dyn' && !expression.type.startsWith('list')) throw new BlockIssue('list', 'wrongType')
    return expression
  } catch (error) {
    if (error instanceof FlowError) throw new BlockIssue('list', 'expression', error.detail)
    throw error
  }
}

/** Whether the variable for the chosen one can hold it. @throws BlockIssue where there is none */
function keeping({ chooseKey, variable }: Settings, variables: Surroundings['variables']): (chosen: Value) => boolean {
  const type = variables[variable]?.type
  if (chooseKey !== '' && variable === '') throw new BlockIssue('variable', 'required')
  if (variable !== '' && type === undefined) throw new BlockIssue('variable', 'unknownVariable', variable)
  return (chosen) => type !== undefined && fitsType(type, chosen)
}

function waitingOf({ goesOn, pauseSeconds, noInputRetries }: Settings, again: number): Waiting | null {
  if (goesOn === 'byItself') return null
  const wait = { for: 'key', ms: pauseSeconds * 1000 } as const
  if (again >= noInputRetries) return { ...wait, after: { type: 'goes', exit: 'noInput' } }
  return { ...wait, after: { type: again + 1 < noInputRetries ? 'again' : 'lastTime' } }
}
