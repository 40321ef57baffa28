import * as fc from 'fast-check'
import { Calendar } from '#flow/calendar.ts'
import type { Block, Flow } from '#flow/flow.ts'
import type { Shared } from '#flow/shared.ts'
import { type Cells, Table } from '#flow/table.ts'
import { weekOf } from '#flow/testing/calendars.ts'
import { adele, block, draw, rings } from '#flow/testing/draw.ts'
import { drawSub } from '#flow/testing/subFlows.ts'
import type { Value } from '#flow/values.ts'
import { lists, meanings } from './reference.ts'

const ids = ['b0', 'b1', 'b2', 'b3', 'b4', 'b5']
/** Flows that others enter; the names of their blocks begin with what they are called here. */
export const otherIds = {
  sub: '44444444-4444-4444-8444-444444444444',
  other: '55555555-5555-4555-8555-555555555555',
} as const
const chosen = (name: keyof typeof otherIds) => ({
  ...{ id: otherIds[name], name, version: null as number | null },
  exits: ['Done', 'Other'],
})

const keys = fc.uniqueArray(fc.constantFrom(...'123*#'), { maxLength: 3 }).map((list) => list.join(''))
const retries = fc.integer({ min: 0, max: 2 })
const total = fc.option(fc.integer({ min: 0, max: 3 }))
/** Prompts that say what the call holds, among them some that may have nothing to say, or cannot. */
const valued = (text: string) => [
  `${text} \${n} times`,
  '${t}',
  `${text}: \${entry}, \${t}`,
  `${text} \${10 / (n - 2)}`,
]
const maybe = (text: string) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('', text) },
    { weight: 1, arbitrary: fc.constantFrom(...valued(text)) },
  )
const prompt = (text: string) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(text) }, { weight: 1, arbitrary: fc.constantFrom(...valued(text)) })

/** Open in every other minute of the first twelve of 1970, when these calls come in. */
const everyOther = [0, 2, 4, 6, 8, 10].map((n) => ({ from: minute(n), to: minute(n + 1) }))
function minute(n: number): string {
  return `00:${String(n).padStart(2, '0')}`
}
const timeZone = 'UTC'
/** The hours of random flows: an ordinary day, and one that is a holiday for all but these minutes. */
const calendars = {
  '11111111-1111-4111-8111-111111111111': Calendar.parse({
    name: 'Minutes',
    timeZone,
    week: { ...weekOf([]), thursday: everyOther },
  }),
  '22222222-2222-4222-8222-222222222222': Calendar.parse({
    name: 'Fair',
    timeZone,
    week: weekOf([]),
    holidays: [{ name: 'Fair', from: '1970-01-01', to: '1970-01-01', hours: everyOther }],
  }),
}
const tableId = '33333333-3333-4333-8333-333333333333'
const tables = {
  [tableId]: Table.parse({
    name: 'Names',
    columns: [
      { id: 'k', name: 'Key', type: 'number' },
      { id: 'v', name: 'Value', type: 'text' },
    ],
  }),
}
/** What the table of random flows has when a call begins. */
export const rowsOf: Readonly<Record<string, readonly Cells[]>> = {
  [tableId]: [{ k: 0, v: 'none' }, { k: 2 }, { k: 0, v: 'again' }],
}
export const shared: Shared = { calendars, tables }

const names = { id: tableId, name: 'Names' }
const byNumber = { kind: 'column', column: 'k', value: 'n' }
const numeric = ['n + 1', '10 / (n - 2)', '0']
const textual = ['t + "x"', 'entry + t', '""', '"5550142"']
const tests = Object.keys(meanings).filter((source) => ![...numeric, ...textual].includes(source))

const assignment = fc.oneof(
  fc.record({ variable: fc.constant('n'), value: fc.constantFrom(...numeric) }),
  fc.record({ variable: fc.constant('t'), value: fc.constantFrom(...textual) }),
)

const asking = (id: string) => ({
  prompt: prompt(`${id}?`),
  bargeIn: fc.boolean(),
  typeAhead: fc.boolean(),
  noInputRetries: retries,
  noInputPrompt: maybe(`${id} nothing`),
  maxRetries: total,
  maxRetriesPrompt: maybe(`${id} enough`),
})

type Kind = {
  weight: number
  settings: Record<string, fc.Arbitrary<unknown>>
  exits: string[] | ((settings: Record<string, unknown>) => string[])
}

/** Settings of each kind, and the exits that it has with them. */
const kindsOf = (id: string): Record<string, Kind> => ({
  play: {
    weight: 4,
    settings: {
      prompts: fc
        .constantFrom(1, 1, 2, 21)
        .chain((count) => fc.tuple(...Array.from({ length: count }, (_, n) => prompt(`${id} ${n}`)))),
      bargeIn: fc.constantFrom('off', 'anyKey', 'keys'),
      keys,
      typeAhead: fc.boolean(),
    },
    exits: ['done', 'interrupted'],
  },
  holdMusic: {
    weight: 3,
    settings: {
      prompts: fc
        .constantFrom(1, 2)
        .chain((count) => fc.tuple(...Array.from({ length: count }, (_, n) => prompt(`${id} ${n}`)))),
      intervalSeconds: fc.constantFrom(0, 2, 40),
      maxSeconds: fc.constantFrom(3, 30),
      options: fc
        .constantFrom([], ['1'], ['1', '12'], ['2', '3*'])
        .map((list) => list.map((key) => ({ key, label: '' }))),
      typeAhead: fc.boolean(),
    },
    exits: ({ options }) => [...(options as { key: string }[]).map(({ key }) => key), 'maxTime'], // as above
  },
  menu: {
    weight: 5,
    settings: {
      ...asking(id),
      options: fc
        .constantFrom(
          ['1', '2'],
          ['1', '#'],
          ['1', '2', '3', '*'],
          ['2'],
          ['1', '2', '1'],
          ['1', '12', '3*'],
          ['2', '3**'],
        )
        .map((list) => list.map((key) => ({ key, label: '' }))),
      waitSeconds: fc.constantFrom(1, 3, 5),
      furtherSeconds: fc.constantFrom(1, 3),
      extensionVariable: fc.constantFrom('', '', 'entry', 't'),
      extensionDigits: fc.constantFrom(2, 3),
      anyKey: fc.boolean(),
      noMatchRetries: retries,
      noMatchPrompt: maybe(`${id} wrong`),
    },
    exits: ({ options }) => [
      ...(options as { key: string }[]).map(({ key }) => key),
      'extension',
      'anyKey',
      'noInput',
      'noMatch',
      'maxRetries',
    ], // as above
  },
  collectDigits: {
    weight: 5,
    settings: {
      ...asking(id),
      variable: fc.constantFrom('entry', 't'),
      minDigits: fc.integer({ min: 0, max: 2 }),
      maxDigits: fc.integer({ min: 2, max: 4 }),
      terminators: fc.constantFrom('', '#', '#3'),
      clearKey: fc.constantFrom('', '*'),
      format: fc.constantFrom('any', 'list'),
      allowed: fc.constant(['1', '12', '123', '2*']),
      firstDigitSeconds: fc.constantFrom(2, 5),
      interDigitSeconds: fc.constantFrom(1, 3),
      invalidRetries: retries,
      invalidPrompt: maybe(`${id} wrong`),
    },
    exits: ['collected', 'invalid', 'noInput', 'maxRetries'],
  },
  recordMessage: {
    weight: 3,
    settings: {
      prompt: maybe(`${id} speak`),
      stopKeys: fc.constantFrom('', '#', '1#'),
      minSeconds: fc.constantFrom(0, 2, 2),
    },
    exits: ['recorded', 'noAudio', 'tooShort'],
  },
  confirm: {
    weight: 2,
    settings: {
      ...asking(id),
      value: fc.constantFrom('n', 't', 'entry', '10 / (n - 2)'),
      style: fc.constantFrom('asIs', 'asIs', 'digits'),
      prompt: fc.constantFrom(`${id}: \${value}?`, `\${value}`),
      acceptKey: fc.constantFrom('1', '#'),
      redoKey: fc.constantFrom('2', '*'),
      waitSeconds: fc.constantFrom(1, 3),
      noMatchRetries: retries,
      noMatchPrompt: maybe(`${id} wrong`),
    },
    exits: ['accepted', 'redo', 'gaveUp'],
  },
  readList: {
    weight: 2,
    settings: {
      list: fc.constantFrom(...Object.keys(lists)),
      intro: maybe(`${id} list`),
      item: fc.constantFrom(`${id} \${position} of \${count}: \${item}`, '${item}'),
      nextKey: fc.constantFrom('', '1'),
      previousKey: fc.constantFrom('', '#'),
      repeatKey: fc.constantFrom('', '*'),
      chooseKey: fc.constantFrom('', '2'),
      stopKey: fc.constantFrom('', '3'),
      variable: fc.constantFrom('n', 't'),
      goesOn: fc.constantFrom('byItself', 'waits'),
      pauseSeconds: fc.constantFrom(1, 3),
      noInputRetries: retries,
      noInputPrompt: maybe(`${id} nothing`),
      typeAhead: fc.boolean(),
    },
    exits: ({ chooseKey, stopKey, goesOn }) => [
      'finished',
      'empty',
      ...(chooseKey === '' ? [] : ['chosen']),
      ...(stopKey === '' ? [] : ['stopped']),
      ...(goesOn === 'waits' ? ['noInput'] : []),
    ],
  },
  keysAnywhere: {
    weight: 4,
    settings: {
      options: fc
        .constantFrom(['3'], ['*'], ['3*'], ['#', '2*'], ['1', '12'], ['2', '3'], ['#', '#'])
        .map((list) => list.map((key) => ({ key, label: '' }))),
      where: fc.constantFrom('everywhere', 'everywhere', 'only', 'except'),
      blocks: fc.subarray(ids),
    },
    exits: ({ options }) => (options as { key: string }[]).map(({ key }) => key), // as above
  },
  backToMenu: { weight: 2, settings: {}, exits: ['none'] },
  branch: {
    weight: 2,
    settings: {
      conditions: fc
        .uniqueArray(fc.constantFrom(...tests), { minLength: 1, maxLength: 2 })
        .map((sources) =>
          sources.map((expression, n) => ({ id: `c${n}`, label: '', when: { kind: 'expression', expression } })),
        ),
    },
    exits: ['c0', 'c1', 'else'],
  },
  businessHours: {
    weight: 1,
    settings: {
      calendar: fc.constantFrom(...Object.entries(calendars)).map(([id, { name }]) => ({ id, name })),
      variable: fc.constantFrom('', 't'),
    },
    exits: ['open', 'closed', 'holiday'],
  },
  percentageSplit: {
    weight: 1,
    settings: {
      // All of them one way, so that nobody has to know how callers are shared out.
      arms: fc
        .constantFrom([100, 0], [0, 100], [0, 100, 0])
        .map((weights) => weights.map((weight, n) => ({ id: `a${n}`, label: '', weight }))),
    },
    exits: ['a0', 'a1'],
  },
  milestone: {
    weight: 1,
    settings: {
      name: fc.constant('Here'),
      fields: fc.constantFrom([], [{ name: 'n', value: 'n + 1' }], [{ name: 't', value: '10 / (n - 2)' }]),
    },
    exits: ['next'],
  },
  loop: {
    weight: 1,
    settings: { times: fc.integer({ min: 0, max: 3 }), variable: fc.constant('n'), startsOver: fc.boolean() },
    exits: ['again', 'done'],
  },
  tableLookUp: {
    weight: 1,
    settings: {
      table: fc.constant(names),
      match: fc.constant(byNumber),
      results: fc.constantFrom([], [{ column: 'v', variable: 't' }]),
    },
    exits: ['found', 'notFound'],
  },
  tableUpdate: {
    weight: 1,
    settings: {
      table: fc.constant(names),
      action: fc.constantFrom('add', 'change'),
      match: fc.constant(byNumber),
      cells: fc.constantFrom(
        [{ column: 'v', value: 't' }],
        [
          { column: 'k', value: 'n + 1' },
          { column: 'v', value: 'entry + t' },
        ],
      ),
    },
    exits: ['done', 'notFound'],
  },
  callFlow: {
    weight: 4,
    settings: {
      flow: fc.constantFrom(chosen('sub'), chosen('sub'), chosen('other'), { ...chosen('sub'), version: 7 }),
      parameters: fc.constantFrom([], [{ name: 'n', value: 'n + 1' }], [{ name: 'n', value: 't + "x"' }]),
      results: fc.constantFrom([], [{ name: 't', variable: 't' }]),
    },
    exits: ['Done', 'Other'],
  },
  goToFlow: { weight: 1, settings: { flow: fc.constantFrom(chosen('other'), chosen('sub')) }, exits: [] },
  createCallback: {
    weight: 2,
    settings: {
      from: fc.constantFrom('caller', 'variable', 'variable'),
      variable: fc.constantFrom('entry', 't', 't'),
      reason: fc.constantFrom('', 'asks for ${t}', '${10 / (n - 2)}'),
      owner: fc.constantFrom('', '${entry}'),
      due: fc.constantFrom('minutes', 'expression'),
      minutes: fc.constantFrom(0, 30),
      expression: fc.constantFrom('n + 1', '10 / (n - 2)'),
      mergeHours: fc.constantFrom(0, 1, 1),
    },
    exits: ['created', 'merged', 'noNumber'],
  },
  wait: { weight: 1, settings: { seconds: fc.constantFrom(1, 3, 20) }, exits: ['done'] },
  setVariable: {
    weight: 2,
    settings: { assignments: fc.array(assignment, { minLength: 1, maxLength: 2 }) },
    exits: ['done'],
  },
  httpRequest: {
    weight: 2,
    settings: {
      url: fc.constantFrom('https://a.example.com/${n}', 'https://a.example.com/?t=${t}'),
      statuses: fc.constantFrom(['2xx'], ['2xx', '404']),
      map: fc.constantFrom([], [{ variable: 't', value: 'response.body.t' }]),
      filler: maybe(`${id} filler`),
      fillerSeconds: fc.constantFrom(1, 3),
    },
    exits: ({ statuses }) => [...(statuses as string[]), 'other', 'timeout', 'network', 'badBody'], // as above
  },
  transferToPerson: {
    weight: 2,
    settings: { person: fc.constant(adele), announcement: maybe(`${id} transfer`) },
    exits: ['failed'],
  },
  transferToNumber: {
    weight: 1,
    settings: { number: fc.constant('+14255550100'), announcement: maybe(`${id} transfer`) },
    exits: ['failed'],
  },
  transferToQueue: {
    weight: 1,
    settings: { queue: fc.constant(adele), announcement: maybe(`${id} transfer`) },
    exits: ['failed'],
  },
  sendDtmf: {
    weight: 2,
    settings: { tones: fc.constantFrom('12#', '1 ${entry}', '${t}', '${10 / (n - 2)}'), gapMs: fc.constant(300) },
    exits: ['sent', 'failed'],
  },
  answer: { weight: 2, settings: {}, exits: ['next', 'missed'] },
  reject: { weight: 1, settings: { reason: fc.constantFrom('busy', 'forbidden', 'none') }, exits: [] },
  redirect: {
    weight: 1,
    settings: { targets: fc.constant([{ kind: 'person', ...adele }]), seconds: fc.constantFrom(null, 15, 90) },
    exits: [],
  },
  hangUp: { weight: 2, settings: { prompt: maybe(`${id} bye`), reason: fc.constant('') }, exits: [] },
  fromTheFuture: { weight: 1, settings: {}, exits: ['done'] },
})

/** How a sub-flow ends; by the last of these nobody expects it to. */
const subFlowEnd = {
  weight: 20,
  settings: {
    exit: fc.constantFrom('Done', 'Other', 'Unexpected'),
    gives: fc.constantFrom<string[]>([], ['t']),
  },
  exits: [],
}

const blockOf = (id: string, more: ReturnType<typeof kindsOf> = {}): fc.Arbitrary<Block> => {
  const blocks = Object.entries({ ...kindsOf(id), ...more }).map(([type, { weight, settings, exits: exitsOf }]) => ({
    weight,
    arbitrary: fc.record(settings).chain((made) => {
      const exits = typeof exitsOf === 'function' ? exitsOf(made) : exitsOf
      const link = fc.constantFrom(...ids)
      return fc
        .tuple(fc.tuple(...exits.map(() => fc.option(link, { freq: 12 }))), fc.option(link, { freq: 1 }))
        .map(([links, error]) => {
          const linked = [...exits.map((exit, n) => [exit, links[n]]), ['error', error]].filter(([, to]) => to)
          return block(type, made as Record<string, Value>, Object.fromEntries(linked))
        })
    }),
  }))
  return fc.oneof(...blocks)
}

/** Small flows of every kind of block, linked at random: circles, open ends, unknown blocks and all. */
export const anyFlow: fc.Arbitrary<Flow> = fc
  .record({
    blocks: fc.tuple(...ids.map((id) => blockOf(id))),
    onError: fc.option(fc.constantFrom(...ids), { freq: 2 }),
    onHangUp: fc.option(fc.constantFrom(...ids), { freq: 2 }),
    apology: maybe('Sorry.'),
    begins: fc.constantFrom('answered', 'answered', 'answered', 'answer', 'reject'),
  })
  .map(({ blocks, begins, ...rest }) => {
    const drawn = Object.fromEntries(ids.map((id, n) => [id, blocks[n] ?? block('hangUp')]))
    return begins === 'answered' ? draw(drawn, rest) : rings(drawn, rest, begins as 'answer' | 'reject') // as above
  })

/** Small ones: they are made for every run. Some of their links lead nowhere. */
const few = ids.slice(0, 3)

/** The flows that random flows enter: one that comes back, and one that does not. */
export const anyOthers = fc.record({
  sub: fc
    .record({
      blocks: fc.tuple(...few.map((id) => blockOf(id, { subFlowEnd }))),
      onError: fc.option(fc.constantFrom(...ids), { freq: 1 }),
      onHangUp: fc.option(fc.constantFrom(...ids), { freq: 1 }),
      required: fc.boolean(),
    })
    .map(({ blocks, required, ...rest }) => {
      const drawn = Object.fromEntries(few.map((id, n) => [id, blocks[n] ?? block('hangUp')]))
      return drawSub(drawn, { ...rest, parameters: [{ variable: 'n', required }] })
    }),
  other: fc
    .tuple(...few.map((id) => blockOf(id)))
    .map((blocks) => draw(Object.fromEntries(few.map((id, n) => [id, blocks[n] ?? block('hangUp')])))),
})

const pressed = (max: number) =>
  fc.array(fc.constantFrom(...'1112223*##A'), { minLength: 1, maxLength: max }).map((list) => list.join(''))

/** What a caller and a network do, one thing after another. */
export type Act =
  | { do: 'press'; keys: string }
  /** The first of the keys is delivered last, after so many milliseconds. */
  | { do: 'pressTogether'; keys: string; delay: number }
  | { do: 'pressAfterLoss'; keys: string }
  | { do: 'wait'; ms: number }
  | { do: 'prompt'; how: 'promptFinished' | 'promptFailed' | 'refused' }
  | { do: 'record'; how: 'spoken' | 'byKey' | 'silent' | 'refused' }
  /** The file comes, with so much said in it; null: it is not there. */
  | { do: 'fetch'; spokenMs: number | null }
  | { do: 'tones'; how: 'sent' | 'refused' }
  | { do: 'transfer'; how: 'accepted' | 'failed' | 'refused' | 'ended' }
  | { do: 'service'; how: ServiceDoes }
  | { do: 'hangUp' }

export type ServiceDoes = 200 | 404 | 500 | 'timeout' | 'network' | 'badBody' | 'refused'

type Details<Name> = {
  [Key in keyof Omit<Extract<Act, { do: Name }>, 'do'>]: fc.Arbitrary<Extract<Act, { do: Name }>[Key]>
}
const does = <Name extends Act['do']>(weight: number, name: Name, details: Details<Name>) => ({
  weight,
  arbitrary: fc.record({ do: fc.constant(name), ...details }) as fc.Arbitrary<unknown> as fc.Arbitrary<Act>, // by Details
})

export const anyAct: fc.Arbitrary<Act> = fc.oneof(
  does(5, 'press', { keys: pressed(3) }),
  does(2, 'pressTogether', { keys: pressed(5), delay: fc.constantFrom(0, 0, 100, 399) }),
  does(1, 'pressAfterLoss', { keys: pressed(3) }),
  does(4, 'wait', { ms: fc.constantFrom(100, 400, 999, 1000, 2999, 5000, 16_000, 120_000) }),
  does(12, 'prompt', { how: fc.constant('promptFinished') }),
  does(1, 'prompt', { how: fc.constantFrom('promptFailed', 'refused') }),
  does(6, 'record', { how: fc.constantFrom('spoken', 'spoken', 'byKey', 'byKey', 'silent', 'refused') }),
  does(4, 'fetch', { spokenMs: fc.constantFrom(0, 1_500, 9_000, 9_000, null) }),
  does(3, 'tones', { how: fc.constantFrom('sent', 'sent', 'refused') }),
  does(2, 'transfer', { how: fc.constantFrom('accepted', 'failed', 'refused', 'ended') }),
  does(5, 'service', {
    how: fc.constantFrom<ServiceDoes>(200, 200, 404, 500, 'timeout', 'network', 'badBody', 'refused'),
  }),
  does(1, 'hangUp', {}),
)

const mostly = (usual: string, rare: string) =>
  fc.oneof({ weight: 15, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constant(rare) })

/** How a call begins, and how the telephone takes requests to hang up. */
export const anyBeginning = fc.record({
  answer: mostly('taken', 'refused'),
  media: fc.constantFrom('at once', 'at once', 'after a second', 'never'),
  subscription: mostly('taken', 'refused'),
  early: fc.option(pressed(3), { freq: 1 }),
  hangUpAnswers: fc.constantFrom(['confirmed'], ['confirmed'], ['refused', 'confirmed'], ['silence', 'silence']),
  firstSequence: fc.constantFrom(0, 1),
  maxSteps: fc.constantFrom(12, 1000),
})
