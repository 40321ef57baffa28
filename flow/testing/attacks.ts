import type { Flow } from '../flow.ts'
import type { FlowEvent } from '../talk.ts'
import type { Value } from '../values.ts'
import { assign, block, collect, draw, hangUp, menu, say, when } from './draw.ts'

/** Flows that somebody may publish and that try to keep a bot busy; and the event that sets each off. */
export type Attack = { flow: Flow; caller?: string; events: readonly FlowEvent[] }

const established: readonly FlowEvent[] = [{ type: 'callOffered' }, { type: 'callEstablished', audio: true }]

/** A circle that counts to its end, many times over: in each round so many values are set to this expression. */
function circle(expression: string, variable: string, { links = 6, rest = {} as Partial<Flow> } = {}): Flow {
  const twenty = Array.from({ length: 19 }, () => ({ variable, value: expression }))
  const blocks: Flow['blocks'] = {}
  for (let n = 0; n < links; n++) {
    const next = n + 1 < links ? `set${n + 1}` : 'bye'
    const counted = [...twenty, { variable: 'n', value: 'n + 1' }]
    blocks[`set${n}`] = block('setVariable', { assignments: counted }, { done: `more${n}` })
    blocks[`more${n}`] = when({ again: `n < ${(n + 1) * 15}.0` }, { again: `set${n}`, else: next })
  }
  return draw({ ...blocks, bye: hangUp('Bye.') }, rest)
}

const words = (count: number, letters: number): Value =>
  Array.from({ length: count }, (_, n) => `${n}`.padEnd(letters, 'x'))
const variables: Flow['variables'] = {
  n: { type: 'number', initial: 0 },
  t: { type: 'text', initial: 'a'.repeat(1000) },
  u: { type: 'text', initial: `${'a'.repeat(99)}b` },
  d: { type: 'digits', initial: '1'.repeat(1000) },
  l: { type: 'list', initial: words(100, 150) },
  o: { type: 'object', initial: Object.fromEntries([...Array(50).keys()].map((n) => [`key${n}`, n])) },
  b: { type: 'boolean', initial: false },
}
const attack = (expression: string, variable = 'n'): Attack => ({
  flow: circle(expression, variable, { rest: { variables } }),
  events: established,
})
const many = (part: string, times: number, between: string) => Array(times).fill(part).join(between)
const fourteenZones = many('timestamp("2026-01-01T00:00:00Z").getHours("Europe/Berlin")', 14, ' + ')

export const attacks: Readonly<Record<string, Attack>> = {
  'times told in a zone, fourteen in an expression': attack(fourteenZones),
  'times told in a zone for each of a list': attack(
    'size(l.map(x, timestamp("2026-01-01T00:00:00Z").getFullYear("Asia/Tokyo")))',
  ),
  'days of the year in a zone that there is not': attack(
    'l.exists(x, timestamp("2026-01-01T00:00:00Z").getDayOfYear(x) == 1)',
    'b',
  ),
  'lists compared with lists': attack(`l.exists(x, [${many('l', 8, ', ')}] == [${many('l', 8, ', ')}, l])`, 'b'),
  'a list looked through for each of its own': attack('l.all(x, !((x + "y") in l))', 'b'),
  'lists added to lists': attack(`size(${many('l', 60, ' + ')})`),
  'texts added to texts': attack(`size(${many('t', 20, ' + ')})`),
  'texts taken apart and put together': attack(`size((${many('t', 15, ' + ')}).split("").join("--"))`),
  'letters looked for in texts': attack(`(${many('t', 4, ' + ')}).split("").all(x, t.contains(x))`, 'b'),
  'a text looked for from behind': attack(`(${many('t', 20, ' + ')}).lastIndexOf(u)`),
  'a length of time in digits that somebody typed': attack('duration(d).getSeconds()'),
  'records compared for each of their fields': attack('o.all(k, o == o && o[k] == o[k])', 'b'),
  'digits read as numbers': attack('l.map(x, asNumber(d)).size()'),
  'a caller with an endless name': {
    flow: circle('size(caller.name.split("").filter(x, x == "a"))', 'n'),
    caller: 'a'.repeat(200_000),
    events: established,
  },
  'a thousand blocks that each copy hundreds of variables': {
    flow: draw(
      Object.fromEntries(
        [...Array(990).keys()].map((n) => [`set${n}`, assign({ n: 'n + 1' }, { done: `set${n + 1}` })]),
      ),
      {
        variables: Object.fromEntries([
          ['n', { type: 'number', initial: 0 }],
          ...[...Array(499).keys()].map((n) => [`v${n}`, { type: 'number', initial: n }] as const),
        ]),
      },
    ),
    events: established,
  },
  'conditions, each as long as may be': {
    flow: draw(
      Object.fromEntries(
        [...Array(40).keys()].map((n) => {
          const conditions = Object.fromEntries(
            [...Array(20).keys()].map((m) => [`c${m}`, `l.exists(x, x == "no" || [l, l] == [l, [x]])`]),
          )
          return [`if${n}`, when(conditions, { else: `if${n + 1}` })]
        }),
      ),
      { variables },
    ),
    events: established,
  },
  'work behind each of fifty keys typed ahead': {
    flow: draw({
      wait: say('Wait.', { done: 'ask' }),
      ask: menu('1', { '1': 'set' }),
      set: block(
        'setVariable',
        { assignments: Array.from({ length: 20 }, () => ({ variable: 'n', value: fourteenZones })) },
        { done: 'ask' },
      ),
    }),
    events: [
      ...established,
      { type: 'tonesSubscribed', visit: 2 },
      ...Array.from({ length: 50 }, (): FlowEvent => ({ type: 'tonePressed', key: '1' })),
      { type: 'promptFinished', visit: 3 },
    ],
  },
  'a failure path that goes on with it': {
    flow: draw(
      {
        first: assign({ n: fourteenZones }, { done: 'first' }),
        ...Object.fromEntries(
          [...Array(40).keys()].map((n) => [
            `fail${n}`,
            assign({ n: fourteenZones }, { done: `fail${n + 1}`, error: `fail${n + 1}` }),
          ]),
        ),
      },
      { onError: 'fail0' },
    ),
    events: established,
  },
  'digits of every form behind a pattern': {
    flow: draw({
      ask: collect(
        { collected: 'ask', invalid: 'ask' },
        { format: 'pattern', pattern: '[0-9]*[0-9]*[0-9]*1', maxDigits: 32, terminators: '#', invalidRetries: 0 },
      ),
    }),
    events: [
      ...established,
      { type: 'tonesSubscribed', visit: 2 },
      { type: 'promptFinished', visit: 3 },
      ...[...`${'0'.repeat(31)}#`].map((key): FlowEvent => ({ type: 'tonePressed', key })),
    ],
  },
}
