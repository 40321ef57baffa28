import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { chooseMessages, type Translation } from '#ground/language.ts'
import type { Exit } from '../block.ts'
import { kinds } from '../blocks/index.ts'
import type { Problem, ProblemCode } from '../check.ts'
import { operators } from '../condition.ts'
import { nothingShared } from '../shared.ts'
import { adele } from '../testing/draw.ts'
import { type Value, valueTypes } from '../values.ts'
import { en } from './en.ts'
import type { KindWords } from './forms.ts'
import { flowMessages } from './index.ts'

/** What the inspector reads of a field: https://zod.dev/json-schema */
type Property = { enum?: string[]; section?: string; items?: Property; anyOf?: Property[] }
const fieldsOf = (settings: z.ZodObject): [string, Property][] =>
  Object.entries((z.toJSONSchema(settings, { io: 'input' }).properties ?? {}) as Record<string, Property>)

describe.each(kinds.map((kind) => [kind.type, kind] as const))('%s', (type, kind) => {
  const words = flowMessages.blocks[type]

  it('has a name and a sentence', () => {
    expect(words?.label).toMatch(/\S/)
    expect(words?.describe).toMatch(/\.$/)
  })

  it('has a category with a name', () => expect(flowMessages.categories[kind.category]).toMatch(/\S/))

  it('has a title for every setting and for none that is not there', () => {
    expect(Object.keys(words?.fields ?? {}).toSorted()).toEqual(
      fieldsOf(kind.settings)
        .map(([name]) => name)
        .toSorted(),
    )
    for (const { title } of Object.values(words?.fields ?? {})) expect(title).toMatch(/\S/)
  })

  it('has a word for every choice', () => {
    for (const [name, property] of fieldsOf(kind.settings)) {
      if (property.enum) expect(Object.keys(words?.fields[name]?.choices ?? {})).toEqual(property.enum)
    }
  })

  it('has a heading for every group of settings', () => {
    const sections: Readonly<Record<string, string>> = flowMessages.sections
    for (const [, { section }] of fieldsOf(kind.settings)) if (section) expect(sections[section]).toMatch(/\S/)
  })

  it('has a word for every exit that its author does not name', () => {
    const variants: Record<string, Value>[] = [
      kind.defaults(),
      { ...kind.defaults(), bargeIn: 'anyKey' },
      { ...kind.defaults(), maxRetries: 3 },
      { ...kind.defaults(), person: adele },
    ]
    const exits: readonly Exit[] = variants.flatMap((settings) => kind.face(settings).exits)
    for (const { name, label } of exits) expect(label ?? flowMessages.exits[name]).toBeDefined()
  })

  it('has a title for every reason why its settings can be wrong', () => {
    const wrong: Value[] = [null, '', 'x'.repeat(2000), -1, 1.5, 99, true, [], [''], [{}], {}, 'ZZ']
    const codes = new Set<string>()
    for (const [name] of fieldsOf(kind.settings)) {
      for (const value of wrong) {
        const opened = kind.open(
          { ...kind.defaults(), [name]: value },
          {
            variables: {},
            timeZone: 'UTC',
            shared: nothingShared,
            parse: () => ({ type: 'dyn', reads: [], readsOpenly: [], cost: 0, evaluate: () => null }),
          },
        )
        if ('issues' in opened) for (const { code } of opened.issues) codes.add(code)
      }
    }
    for (const code of codes) expect([code, faultWords(code)]).not.toEqual([code, notRight])
  })
})

const names = { exit: 'Exit', field: 'Field', type: 'Say' }
const faultWords = (detail: string) =>
  flowMessages.problem({ code: 'setting', severity: 'error', block: 'a', field: 'x', detail }, names).what

/** What is said of a fault that has no words of its own. */
const notRight = '“Field” is not right'

it('says that a setting is not right where nothing better is known', () =>
  expect(faultWords('brandNew')).toBe(notRight))

it.each(Object.keys(en.settingFaults))('says of a setting what is wrong, and what to do about it: %s', (detail) => {
  const found = { code: 'setting', severity: 'error', block: 'a', field: 'x', detail, reason: '4' } as const
  const { what, why } = flowMessages.problem(found, { exit: 'Exit', field: 'Conditions', type: 'Say' })
  expect(what).toMatch(/^[“A-Z].*[^.]$/)
  expect(why).toMatch(/^[A-Z].*[.]$/)
  // A title stands in quotes: “Conditions is missing” is no sentence.
  expect(what).not.toMatch(/(?<!“)Conditions/)
  expect(`${what} ${why}`).not.toMatch(/undefined|\[object/)
})

it('says what a person is called by, and the type of a variable by its word', () => {
  const opened = kinds
    .find(({ type }) => type === 'transferToPerson')
    ?.open(
      { person: { id: 'adele@contoso.com', name: '' }, announcement: '' },
      {
        variables: {},
        timeZone: 'UTC',
        shared: nothingShared,
        parse: () => ({ type: 'dyn', reads: [], readsOpenly: [], cost: 0, evaluate: () => null }),
      },
    )
  expect(opened).toMatchObject({ issues: [{ field: 'person.id', code: 'notObjectId' }] })
  const wrong = { code: 'wrongType', severity: 'error', block: 'a', detail: 'count', reason: 'boolean' } as const
  expect(flowMessages.problem(wrong, names).why).toContain('“Yes or no”')
})

const problems: Record<ProblemCode, Omit<Problem, 'code' | 'severity' | 'block'>> = {
  startMissing: {},
  handlerMissing: { field: 'onError' },
  unknownType: { detail: 'fromTheFuture' },
  setting: { field: 'prompt', detail: 'required' },
  exitOpen: { exit: 'done' },
  linkBroken: { exit: 'done' },
  linkUnknown: { exit: 'done' },
  unreachable: {},
  endlessLoop: {},
  endlessFlows: {},
  answersAsSubFlow: {},
  endsNoSubFlow: {},
  tooManyExits: { detail: '21', reason: '20' },
  tooMuch: {},
  mayBeTooMuch: {},
  nothingSaid: {},
  noVoice: { detail: 'de-DE', reason: 'en-US' },
  keyNotThere: { detail: '3' },
  slowKeys: { field: 'options', detail: '1, 2' },
  silence: { field: 'seconds' },
  anywhereTwice: { field: 'options', detail: '0', reason: 'Keys' },
  keyNotSaid: { detail: '3', reason: 'Sales' },
  notToldOfRecording: {},
  speaksAfterHangUp: {},
  notAnswered: { reason: 'Phone rings', detail: 'Answer' },
  alreadyAnswered: { reason: 'Answer' },
  notThroughAccount: {},
  neverSet: { detail: 'count' },
  wrongInitial: { detail: 'count' },
  wrongType: { detail: 'count', reason: 'number' },
  setElsewhere: { detail: 'count', reason: 'Ask again', field: 'variable' },
  unknownVariable: { detail: 'count', field: 'variable' },
  sensitiveSaid: { detail: 'pin' },
  unresolvedName: { detail: 'crmToken', reason: 'secret' },
  secretHost: { detail: 'crmToken', reason: 'crm.example.com', field: 'secret' },
  secretOpen: { detail: 'crmToken', reason: 'crm.example.com', field: 'url' },
  sensitiveTold: { detail: 'pin', field: 'url' },
}

it.each(Object.entries(problems) as [ProblemCode, object][])('%s has words for what and why', (code, more) => {
  const { what, why } = flowMessages.problem({ code, severity: 'error', block: 'a', ...more }, names)
  expect(what).toMatch(/^\S.*\S$/)
  expect(why).toMatch(/^[“\S].*[.]$/)
  expect(`${what} ${why}`).not.toMatch(/undefined|null|\[object/)
})

it('tells two causes of a broken link, and of a missing path, apart', () => {
  const say = (problem: Problem) => flowMessages.problem(problem, names).what
  const broken = { code: 'linkBroken', severity: 'error', block: 'a', exit: 'done' } as const
  const causes = ['', 'start', 'keys'].map((detail) => say({ ...broken, detail }))
  expect(new Set(causes).size).toBe(3)
  const missing = { code: 'handlerMissing', severity: 'error', block: null } as const
  expect(say({ ...missing, field: 'onError' })).not.toBe(say({ ...missing, field: 'onHangUp' }))
})

it('states the limit in the sentence that enforces it', () => {
  const why = (detail: string, reason: string) =>
    flowMessages.problem({ code: 'setting', severity: 'error', block: 'a', field: 'x', detail, reason }, names).why
  expect([why('too_big', '60'), why('too_small', '1')]).toEqual(['At most 60.', 'At least 1.'])
  expect(flowMessages.errors.flowTooLarge).toContain('1000')
})

it.each([
  'required',
  'too_big',
  'too_small',
  'invalid_format',
  'invalid_value',
  'invalid_type',
  'specialNumber',
  'notInternational',
  'keyTwice',
  'idTwice',
  'notHundred',
  'lessThanMin',
  'alsoTerminator',
  'pattern',
  'expression',
  'unknownVariable',
  'wrongType',
  'notFromZero',
  'valueNotSaid',
])('says what is wrong with a setting: %s', (code) => expect(faultWords(code)).not.toBe(notRight))

it('has a word for every type of value and every operator', () => {
  expect(Object.keys(flowMessages.valueTypes)).toEqual([...valueTypes])
  expect(Object.keys(flowMessages.operators)).toEqual([...operators])
})

it.each(['error', 'hangup', 'limit', 'lost', 'done', 'else'])('names the way %s that a call can take', (exit) => {
  expect(flowMessages.exits[exit]).toMatch(/\S/)
})

it.each(['unknownBlock', 'stepLimit', 'endlessLoop', 'expressionFailed', 'callerGone'] as const)(
  'tells why a call took the failure path: %s',
  (problem) => expect(flowMessages.failures[problem]).toMatch(/\S/),
)

it('another language may have any part of the texts, and no slip in a key', () => {
  const fr: Translation<typeof en> = { exits: { done: 'Fini' }, blocks: { menu: { label: 'Menu vocal' } } }
  const words = chooseMessages(en, { fr }, 'fr')
  expect([words.exits.done, words.exits.noInput, words.blocks.menu.label]).toEqual([
    'Fini',
    'Nothing pressed',
    'Menu vocal',
  ])
  expect(words.blocks.menu.fields).toEqual(flowMessages.blocks.menu?.fields)
  // @ts-expect-error: there is no such exit
  const slip: Translation<typeof en> = { exits: { finishd: 'Fini' } }
  // @ts-expect-error: there is no such setting
  const stray: Translation<typeof en> = { blocks: { menu: { fields: { prmpt: { title: 'Question' } } } } }
  expect([slip, stray]).toHaveLength(2)
})

it('a kind, a setting or a choice without a word does not compile', () => {
  const { menu: _, ...blocks } = en.blocks
  // @ts-expect-error: menu has no words
  const oneShort: KindWords = blocks
  const { keys: __, ...fields } = en.blocks.play.fields
  // @ts-expect-error: one of its settings has no title
  const untitled: KindWords['play'] = { ...en.blocks.play, fields }
  // @ts-expect-error: its choices have no words
  const unchosen: KindWords['play']['fields']['bargeIn'] = { title: 'Callers can interrupt' }
  expect([oneShort, untitled, unchosen]).toHaveLength(3)
})
