import { kindOf } from '#flow/blocks/index.ts'
import { Calendar } from '#flow/calendar.ts'
import type { Flow } from '#flow/flow.ts'
import type { Shared } from '#flow/shared.ts'
import { Table } from '#flow/table.ts'
import { weekOf } from '#flow/testing/calendars.ts'
import { adele, block, draw, hangUp, rings, say } from '#flow/testing/draw.ts'
import { callTo, flowIds, giveBack, goTo, libraryOf, sharing } from '#flow/testing/subFlows.ts'
import type { Value } from '#flow/values.ts'
import type { Scenario } from './paths/acts.ts'

/** Flows around one block each, together such that calls can leave it by every exit that its kind has. */

const calendar = { id: '5f0a1c6e-05f0-4a51-9d2b-0000000000c1', name: 'Hours' }
const table = { id: '5f0a1c6e-05f0-4a51-9d2b-0000000000c2', name: 'On call' }
const queue = { id: '5f0a1c6e-05f0-4a51-9d2b-0000000000c3', name: 'Support' }

const shared: Shared = {
  calendars: {
    [calendar.id]: Calendar.parse({
      ...{ name: 'Hours', timeZone: 'UTC', week: weekOf(['08:00', '18:00']) },
      holidays: [{ name: 'Fair', from: '2026-07-04', to: '2026-07-04', yearly: true }],
    }),
  },
  tables: { [table.id]: Table.parse({ name: 'On call', columns: [{ id: 'name', name: 'Name', type: 'text' }] }) },
}

/** Of these callers one goes each way. */
const halves = [
  { id: 'a', label: 'A', weight: 50 },
  { id: 'b', label: 'B', weight: 50 },
]
const eachWay = { worlds: { a: { phone: '+4930555011' }, b: { phone: '+4930555014' } } }

type More = Partial<Scenario> & { variables?: Flow['variables']; links?: Record<string, string> }

/** A flow around the block `it`, every exit of which leads to the goodbye. */
function around(
  type: string,
  settings: Record<string, Value> = {},
  { variables = {}, links, ...more }: More = {},
): Scenario {
  const exits = [...(kindOf(type)?.face(settings).exits ?? []).map(({ name }) => name), 'error']
  const flow = draw(
    {
      it: block(type, settings, { ...Object.fromEntries(exits.map((name) => [name, 'bye'])), ...links }),
      bye: hangUp('Goodbye.'),
    },
    {
      variables: {
        n: { type: 'number', initial: 0 },
        t: { type: 'text', initial: '' },
        entry: { type: 'digits', initial: '' },
        ...variables,
      },
    },
  )
  return { flow, shared, ...more }
}

/** The same, but the call was not answered when it comes to the block. */
const ringing = (type: string, settings: Record<string, Value> = {}): Scenario => ({
  flow: rings({
    first: block('wait', { seconds: 2 }, { done: 'it' }),
    it: block(type, settings, { next: 'bye', missed: 'tidy' }),
    bye: hangUp('Goodbye.'),
    tidy: hangUp(),
  }),
})

const refused = { refused: ['it'] }
const fails = '[1][5] == 1'
const menu = {
  prompt: 'Press 1 or 2 3.',
  options: [
    { key: '1', label: '' },
    { key: '23', label: '' },
  ],
  noInputRetries: 0,
  noMatchRetries: 0,
}
const number = {
  prompt: 'Number?',
  variable: 'entry',
  minDigits: 3,
  maxDigits: 3,
  noInputRetries: 0,
  invalidRetries: 0,
}
const once = { noInputRetries: 2, maxRetries: 0 }
const list = {
  list: 'items',
  intro: 'There are ${count}.',
  item: '${item}.',
  chooseKey: '1',
  stopKey: '0',
  variable: 't',
}
const items = (...all: string[]): More => ({ variables: { items: { type: 'list', initial: all } } })
const row = { kind: 'column', column: 'name', value: '"rowan"' }
const rows = { worlds: { there: { rows: { [table.id]: [{ name: 'Rowan' }] } }, empty: {} } }
const handsOver = { announcement: 'One moment.' }

/** Called by others; its blocks have ids of their own. */
const child: Flow = {
  ...draw({ ask: say('Who calls?', { done: 'back' }), back: giveBack('Done') }),
  start: 'begin',
}
child.blocks.begin = block('subFlowStart', {}, { next: 'ask' })
delete child.blocks.incoming
const published = { [flowIds.child]: [child], [flowIds.other]: [draw({ there: hangUp('Over here.') })] }
const calling = (it: Flow['blocks'][string]): Scenario => ({
  flow: draw({ it, bye: hangUp('Goodbye.') }),
  ...{ shared: sharing(published), flows: libraryOf(published) },
})
const missing = { flow: { id: flowIds.other, name: 'Gone', version: null, exits: [] } }

export const everyExit: Readonly<Record<string, readonly Scenario[]>> = {
  incomingCall: [{ flow: draw({ hello: say('Hello.', { done: 'bye' }), bye: hangUp() }) }],
  play: [around('play', { prompts: ['Hello.'], bargeIn: 'keys', keys: '1' }, refused)],
  holdMusic: [
    // A pause that outlasts it: a search that knows no time sees no end of what is repeated.
    around(
      'holdMusic',
      { prompts: ['Please hold.'], options: menu.options, intervalSeconds: 30, maxSeconds: 20 },
      refused,
    ),
  ],
  menu: [
    around('menu', { ...menu, extensionVariable: 'entry', extensionDigits: 3 }, { ...refused, typed: { it: ['456'] } }),
    around('menu', { ...menu, anyKey: true }),
    around('menu', { ...menu, ...once, noMatchRetries: 2 }),
  ],
  collectDigits: [
    around('collectDigits', number, refused),
    around('collectDigits', { ...number, ...once, invalidRetries: 2 }),
  ],
  confirm: [around('confirm', { value: 'n', noInputRetries: 0 }, refused)],
  readList: [
    around('readList', list, { ...items('pen', 'ink'), ...refused }),
    around('readList', list, items()),
    around('readList', { ...list, goesOn: 'waits', noInputRetries: 0 }, items('pen')),
  ],
  recordMessage: [around('recordMessage', { prompt: 'Leave a message.' }, refused)],
  keysAnywhere: [
    {
      flow: draw({
        ask: block('menu', menu, { '1': 'bye', '23': 'bye', noInput: 'bye', noMatch: 'bye' }),
        it: block('keysAnywhere', { options: [{ key: '0', label: '' }] }, { '0': 'bye' }),
        bye: hangUp('Goodbye.'),
      }),
    },
  ],
  backToMenu: [around('backToMenu')],
  branch: [
    around('branch', {
      conditions: [{ id: 'same', label: 'Same', when: { kind: 'expression', expression: 'n == 0.0' } }],
    }),
    around('branch', {
      conditions: [{ id: 'same', label: 'Same', when: { kind: 'expression', expression: 'n == 1.0' } }],
    }),
    around('branch', { conditions: [{ id: 'same', label: 'Same', when: { kind: 'expression', expression: fails } }] }),
  ],
  businessHours: [
    around(
      'businessHours',
      { calendar },
      {
        worlds: {
          open: { on: { day: 'tuesday', at: '12:00' } },
          closed: { on: { day: 'tuesday', at: '22:00' } },
          holiday: { on: { day: '07-04', at: '12:00' } },
        },
      },
    ),
  ],
  percentageSplit: [around('percentageSplit', { arms: halves }, eachWay)],
  loop: [around('loop', { times: 2, variable: 'n' }, { links: { again: 'it' } })],
  wait: [around('wait', { seconds: 2 })],
  transferToPerson: [around('transferToPerson', { person: adele, ...handsOver }, refused)],
  transferToNumber: [around('transferToNumber', { number: '+14255550142', ...handsOver }, refused)],
  transferToQueue: [around('transferToQueue', { queue, ...handsOver }, refused)],
  sendDtmf: [around('sendDtmf', { tones: '12#' }, refused), around('sendDtmf', { tones: '${[1][5]}' })],
  answer: [ringing('answer')],
  reject: [ringing('reject')],
  redirect: [ringing('redirect', { targets: [{ kind: 'person', ...adele }] })],
  setVariable: [
    around('setVariable', { assignments: [{ variable: 'n', value: '1' }] }),
    around('setVariable', { assignments: [{ variable: 'n', value: '[1][5]' }] }),
  ],
  tableLookUp: [
    around('tableLookUp', { table, match: row }, rows),
    around('tableLookUp', { table, match: { ...row, value: '["rowan"][5]' } }),
  ],
  tableUpdate: [
    around('tableUpdate', { table, action: 'change', match: row, cells: [{ column: 'name', value: '"Ash"' }] }, rows),
    around('tableUpdate', { table, action: 'add', cells: [{ column: 'name', value: '["Ash"][5]' }] }),
  ],
  createCallback: [
    around('createCallback', {}, { links: { created: 'it' } }),
    around('createCallback', { from: 'variable', variable: 't' }),
    around('createCallback', { due: 'expression', expression: '[1][5]' }),
  ],
  milestone: [
    around('milestone', { name: 'Here', fields: [{ name: 'n', value: 'n' }] }),
    around('milestone', { name: 'Here', fields: [{ name: 'n', value: '[1][5]' }] }),
  ],
  httpRequest: [
    around(
      'httpRequest',
      { url: 'https://service.example/', statuses: ['2xx', '404'] },
      { answers: { it: [{ status: 200 }, { status: 404 }, 'error'] } },
    ),
  ],
  callFlow: [calling(callTo(flowIds.child, { Done: 'bye', error: 'bye' })), around('callFlow', missing)],
  goToFlow: [calling(goTo(flowIds.other)), around('goToFlow', missing)],
  subFlowStart: [calling(callTo(flowIds.child, { Done: 'bye' })), { flow: child }],
  subFlowEnd: [calling(callTo(flowIds.child, { Done: 'bye' }))],
  hangUp: [around('hangUp', { prompt: 'Goodbye.' })],
}
