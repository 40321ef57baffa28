import { describe, expect, it } from 'vitest'
import { check } from '#flow/check.ts'
import { conditionSource } from '#flow/condition.ts'
import { expressions } from '#flow/expression.ts'
import type { Flow } from '#flow/flow.ts'
import { kinds } from '#flow/kinds.ts'
import { Rehearsal } from '#flow/rehearse.ts'
import { verdictOf } from '#flow/routing.ts'
import type { Shared } from '#flow/shared.ts'
import { Table } from '#flow/table.ts'
import { block, draw, hangUp } from '#flow/testing/draw.ts'
import { busy, calling, otherwise, reaching } from '#flow/testing/expressionAttacks.ts'
import { callTo, drawSub, flowIds, giveBack, libraryOf, sharing } from '#flow/testing/subFlows.ts'
import type { Value } from '#flow/values.ts'

/**
 * Goal S7 at every place where a flow holds an expression: settings of each kind with something in all of these. Each text in them is
 * replaced by attacks, as an expression and as a value in a text; a place that reads expressions and is not named here fails.
 */

const table = { id: '5f0a1c6e-05f0-4a51-9d2b-0000000000c2', name: 'People' }
const match = { kind: 'column', column: 'name', value: '"Ada"' }
const child = drawSub({ back: giveBack('Done') }, { parameters: [{ variable: 't', required: true }] })
const published = { [flowIds.child]: [child] }
const shared: Shared = {
  ...sharing(published),
  tables: { [table.id]: Table.parse({ ...table, columns: [{ id: 'name', name: 'Name', type: 'text' }] }) },
}

/** By kind, settings with an expression or a value in every place that takes one, and those places. */
const sinks: Record<string, { settings: Readonly<Record<string, Value>>; places: string[] }> = {
  play: { settings: { prompts: ['${t}'] }, places: ['prompts.0'] },
  menu: {
    settings: { prompt: '${t}', options: [{ key: '1', label: '' }], noInputPrompt: 'Again.', noMatchPrompt: 'Wrong.' },
    places: ['prompt', 'noInputPrompt', 'noMatchPrompt'],
  },
  collectDigits: {
    settings: { prompt: '${t}', variable: 'entry', invalidPrompt: 'Wrong.' },
    places: ['prompt', 'invalidPrompt'],
  },
  confirm: { settings: { value: 't', prompt: '${value}' }, places: ['value'] },
  readList: {
    settings: { list: 'l', intro: '${count}', item: '${item}', chooseKey: '1', variable: 't' },
    places: ['list', 'intro', 'item'],
  },
  recordMessage: { settings: { prompt: '${t}' }, places: ['prompt'] },
  branch: {
    settings: { conditions: [{ id: 'a', label: 'A', when: { kind: 'expression', expression: 't == ""' } }] },
    places: ['conditions.0.when.expression'],
  },
  setVariable: { settings: { assignments: [{ variable: 't', value: 't' }] }, places: ['assignments.0.value'] },
  tableLookUp: { settings: { table, match, results: [] }, places: ['match.value'] },
  tableUpdate: {
    settings: { table, action: 'change', match, cells: [{ column: 'name', value: 't' }] },
    places: ['match.value', 'cells.0.value'],
  },
  createCallback: {
    settings: { due: 'expression', expression: '5', reason: '${t}', owner: '${t}', name: '${t}' },
    places: ['expression', 'reason', 'owner', 'name'],
  },
  httpRequest: {
    settings: {
      ...{ url: 'https://a.example.com/${t}', method: 'POST', bodyKind: 'json', json: '{"a": ${t}}' },
      ...{ headers: [{ name: 'x-a', value: '${t}' }], map: [{ variable: 't', value: 'response.body.a' }] },
    },
    places: ['url', 'json', 'headers.0.value', 'map.0.value'],
  },
  callFlow: {
    settings: callTo(flowIds.child, { Done: 'bye' }, { parameters: { t: 't' } }).settings,
    places: ['parameters.0.value'],
  },
  transferToPerson: {
    settings: { person: { id: flowIds.other, name: 'Ada' }, announcement: '${t}' },
    places: ['announcement'],
  },
  hangUp: { settings: { prompt: '${t}' }, places: ['prompt'] },
}

const variables: Flow['variables'] = {
  t: { type: 'text', initial: 'a'.repeat(1000) },
  l: { type: 'list', initial: Array.from({ length: 100 }, (_, n) => `${n}`) },
  o: { type: 'object', initial: { k: 1, inner: { deep: 'yes' } } },
  u: { type: 'user', initial: { id: 'x', name: 'Adele' } },
  s: { type: 'secret', initial: 'secret' },
  entry: { type: 'digits', initial: '' },
}

/** The texts among settings, each with its path. */
const texts = (value: unknown, path: string): string[] =>
  typeof value === 'string'
    ? [path]
    : Object.entries(value ?? {}).flatMap(([name, one]) => texts(one, path === '' ? name : `${path}.${name}`))

function replaced(value: Value, path: readonly string[], text: string): Value {
  const [name, ...rest] = path
  if (name === undefined) return text
  if (Array.isArray(value)) return value.map((one, n) => (`${n}` === name ? replaced(one, rest, text) : one))
  const record = value as Readonly<Record<string, Value>>
  return { ...record, [name]: replaced(record[name] ?? null, rest, text) }
}

const settingsWith = (type: string, place: string, text: string) =>
  replaced(sinks[type]?.settings ?? {}, place.split('.'), text) as Readonly<Record<string, Value>>

const flowWith = (type: string, settings: Readonly<Record<string, Value>>) =>
  draw({ it: block(type, settings, { done: 'bye' }), bye: hangUp() }, { variables })

/** What is wrong with settings of the block, each by its code. */
const faultsOf = (type: string, settings: Readonly<Record<string, Value>>): (string | undefined)[] =>
  check(flowWith(type, settings), { shared }).flatMap(({ block, code, detail }) =>
    block === 'it' && code === 'setting' ? [detail] : [],
  )

/** Checks and runs a flow in which this text stands; whatever it comes to, both end, and nothing but plain data is in the call. */
function attempt(type: string, place: string, text: string): void {
  const flow = flowWith(type, settingsWith(type, place, text))
  check(flow, { shared, names: { secret: {}, value: {} } })
  const call = new Rehearsal(flow, { shared, flows: libraryOf(published) }).rings()
  call.responds({ status: 200, text: '{"a":{"__proto__":{"polluted":true}}}' }).promptFinishes().presses('1')
  const said = JSON.stringify([call.variables, call.asked])
  expect(JSON.parse(said)).toEqual([call.variables, call.asked])
  expect(said).not.toContain('[native code]')
}

/** Every tenth of those that are many, other ones at each place. */
const some = (all: readonly string[], from: number) => all.filter((_, n) => n % 10 === from % 10)

describe.each(Object.entries(sinks))('%s', (type, { settings, places }) => {
  it('is sound, and reads expressions nowhere else', () => {
    expect(faultsOf(type, settings)).toEqual([])
    const complete = { ...kinds.find((kind) => kind.type === type)?.defaults, ...settings }
    const broken = texts(complete, '').filter((place) =>
      ['nobody(', '${nobody(}'].some((text) => faultsOf(type, settingsWith(type, place, text)).includes('expression')),
    )
    expect(new Set(broken)).toEqual(new Set(places))
  })

  it.each(places)('withstands attacks at %s', { timeout: 60_000 }, (place) => {
    const from = Object.values(sinks)
      .flatMap((one) => one.places)
      .indexOf(place)
    const isExpression = faultsOf(type, settingsWith(type, place, 'nobody(')).includes('expression')
    for (const source of [...some(reaching, from), ...some(calling, from), ...otherwise, ...busy])
      attempt(type, place, isExpression ? source : `\${${source}}`)
    expect('polluted' in {}).toBe(false)
  })
})

it('kinds that are not named here have no place for an expression', () => {
  for (const { type, defaults } of kinds.filter((kind) => !sinks[kind.type])) {
    for (const place of texts(defaults, '')) {
      const settings = replaced({ ...defaults } as Value, place.split('.'), '${nobody(}')
      expect(faultsOf(type, settings as Readonly<Record<string, Value>>)).not.toContain('expression')
    }
  }
})

describe('what conditions of lists and rules compare with is a text, and no expression', () => {
  const { parse } = expressions(variables)
  const quotes = ['"', '\\', '" || true || "', "' || true || '", '"] + ["', '\n', '\u2028', '${t}', '\\" == \\"']
  const all = [...quotes, ...otherwise, ...some(calling, 0)].filter((value) => value.trim() !== '')

  it.each(['equals', 'startsWith', 'contains', 'anyOf'] as const)('%s', (operator) => {
    for (const value of all) {
      const condition = { id: 'a', label: '', when: { kind: 'compare', variable: 't', operator, value } } as const
      const evaluate = (t: string) => parse(conditionSource(condition, variables)).evaluate({ t })
      expect(evaluate('something else'), value).toBe(false)
      if (!value.includes(',')) expect(evaluate(value), value).toBe(true)
    }
  })

  it('a rule of who answers what', () => {
    const call = { dialled: ['+4940669690'], caller: { id: flowIds.main, phone: '+4930555014' }, at: 0 }
    for (const text of all) {
      for (const rule of [
        { called: text, caller: null },
        { called: null, caller: text },
      ])
        expect(verdictOf({ ...rule, when: null, position: 1 }, call, undefined)).not.toBe('fits')
    }
  })
})
