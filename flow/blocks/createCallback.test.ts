import { describe, expect, it } from 'vitest'
import { Calendar } from '../calendar.ts'
import { check } from '../check.ts'
import type { Block } from '../flow.ts'
import { rehearse } from '../rehearse.ts'
import { nothingShared, type Shared } from '../shared.ts'
import { weekOf } from '../testing/calendars.ts'
import { adele, block, collect, draw, hangUp, menu, say, silentCall } from '../testing/draw.ts'
import type { Value } from '../values.ts'

const hoursId = '11111111-1111-4111-8111-111111111111'
const practice = Calendar.parse({ name: 'Practice', timeZone: 'Europe/Berlin', week: weekOf(['08:00', '17:00']) })
const shared: Shared = { ...nothingShared, calendars: { [hoursId]: practice } }
const opening = { due: 'opening', calendar: { id: hoursId, name: 'Practice' } }

const noted = (settings: Record<string, Value> = {}, exits: Record<string, string> = ways): Block =>
  block('createCallback', settings, exits)
const ways = { created: 'created', merged: 'merged', noNumber: 'noNumber', error: 'failed' }
const answers = {
  created: hangUp('We call you back.'),
  merged: hangUp('You are on the list.'),
  noNumber: hangUp('Which number?'),
  failed: hangUp('Failed.'),
}
const variables = {
  entry: { type: 'digits', initial: '' },
  n: { type: 'number', initial: 30 },
  t: { type: 'text', initial: 'a crown' },
} as const
const drawn = (one: Block) => draw({ one, ...answers }, { variables })
const anna = { name: 'Anna Berger', phone: '+49 30 555014', id: '' }
const noon = Date.parse('2026-12-18T12:00+01:00') // a Friday
const call = (settings: Record<string, Value> = {}, caller: object = anna, from = noon) =>
  rehearse(drawn(noted(settings)), { shared }, { caller, from })
const minutes = (n: number) => n * 60_000

describe('a callback', () => {
  it('is of the caller, in an hour, unless it says otherwise', () => {
    const made = call()
    expect(made.hears).toEqual(['We call you back.'])
    expect(made.callbacks.list).toMatchObject([
      { number: '+4930555014', name: 'Anna Berger', reason: '', owner: '', due: noon + minutes(60) },
    ])
  })

  it('says why and who in lines with values', () => {
    const [one] = call({ reason: 'Wants ${t}\n ${n}', owner: 'Team ${t}', name: 'Ms ${caller.name}' }).callbacks.list
    expect(one).toMatchObject({ reason: 'Wants a crown 30', owner: 'Team a crown', name: 'Ms Anna Berger' })
  })

  it('calls a colleague back who has no number, by the account', () => {
    const id = 'B1F5A3D2-7C1E-4B8E-9A55-0C1D2E3F4A5B'
    expect(call({}, { id }).callbacks.list).toMatchObject([{ number: id.toLowerCase() }])
  })

  it.each([
    ['nothing', { id: '', phone: '' }],
    ['an anonymous caller', { id: 'anonymous', phone: '' }],
    ['a charged number', { id: '', phone: '+19005550100' }],
  ])('knows when there is no number: %s', (_, caller) => {
    const made = call({}, caller)
    expect([made.hears, made.callbacks.list]).toEqual([['Which number?'], []])
  })

  it.each([
    ['0305550142', '0305550142'],
    ['00493055501', '+493055501'],
    ['115', null],
    ['12', null],
    ['12*4', null],
  ])('checks digits that were typed as a number: %s', (typed, number) => {
    const flow = draw(
      {
        ask: collect({ collected: 'one' }, { maxDigits: 15 }),
        one: noted({ from: 'variable', variable: 'entry' }),
        ...answers,
      },
      { variables },
    )
    const made = rehearse(flow, {}, { caller: anna }).presses(`${typed}#`)
    expect(made.callbacks.list.map((one) => one.number)).toEqual(number === null ? [] : [number])
    expect(made.hears.at(-1)).toBe(number === null ? 'Which number?' : 'We call you back.')
  })

  it('a duplicate within the window merges, with the earlier time and the newer reason; a later one is new', () => {
    const wait = block('wait', { seconds: 1_800 }, { done: 'again' })
    const more = (exits: Record<string, string>) => noted({ reason: '${n}', minutes: 60, mergeHours: 1 }, exits)
    const flow = draw(
      {
        first: more({ created: 'n', merged: 'n' }),
        n: block('setVariable', {}, {}),
        wait,
        again: more(ways),
        ...answers,
      },
      { variables },
    )
    flow.blocks.n = block('setVariable', { assignments: [{ variable: 'n', value: 'n + 1' }] }, { done: 'wait' })
    const made = rehearse(flow, {}, { caller: anna, from: noon }).waits(1_800)
    expect(made.hears).toEqual(['You are on the list.'])
    expect(made.callbacks.list).toMatchObject([{ times: 2, reason: '31', due: noon + minutes(60) }])
    const late = { ...flow, blocks: { ...flow.blocks, wait: block('wait', { seconds: 3_600 }, { done: 'again' }) } }
    expect(rehearse(late, {}, { caller: anna }).waits(3_600).callbacks.list).toHaveLength(2)
  })

  it('of a number that was typed keeps its older words, but for its own caller; another owner has one of his own', () => {
    const asks = (reason: string, owner: string, exits: Record<string, string>) =>
      noted({ from: 'variable', variable: 't', reason, owner }, { error: 'failed', ...exits })
    const flow = draw(
      {
        first: asks('older', 'Sales', { created: 'second', merged: 'failed' }),
        second: asks('newer', 'Sales', { created: 'failed', merged: 'third' }),
        third: asks('other', 'Support', { created: 'created', merged: 'failed' }),
        ...answers,
      },
      { variables: { ...variables, t: { type: 'text', initial: '0049 30 555014' } } },
    )
    const madeBy = (caller: object) => rehearse(flow, {}, { caller, from: noon }).callbacks.list
    const other = { owner: 'Support', reason: 'other', times: 1 }
    expect(madeBy(anna)).toMatchObject([{ owner: 'Sales', reason: 'newer', name: 'Anna Berger', times: 2 }, other])
    const mallory = { name: 'Mallory', phone: '+49 30 555999', id: '' }
    expect(madeBy(mallory)).toMatchObject([{ owner: 'Sales', reason: 'older', times: 2 }, other])
  })

  it('which is merged goes on as one that is new, unless it is told where', () => {
    const flow = drawn(noted({}, { created: 'created' }))
    flow.blocks.created = noted({}, { created: 'merged' })
    expect(rehearse(flow, {}, { caller: anna }).hears).toEqual(['You are on the list.'])
  })

  it('leaves by error when the list cannot be written', () => {
    const known = { ...variables, t: { type: 'text', initial: '030555014' } } as const
    const flow = draw({ one: noted({ from: 'variable', variable: 't' }), ...answers }, { variables: known })
    const { tell } = silentCall(flow)
    tell({ type: 'callOffered' })
    const [{ visit } = { visit: 0 }] = tell({ type: 'callEstablished', audio: true })
    const failed = tell({ type: 'commandFailed', command: 'createCallback', visit, problem: 'unavailable' })
    expect(failed).toMatchObject([{ type: 'play', prompts: ['Failed.'] }])
  })

  it('works after the caller has hung up', () => {
    const flow = { ...draw({ hello: say('Hello.'), one: noted({ reason: 'Hung up' }, {}) }), onHangUp: 'one' }
    const gone = rehearse(flow, {}, { caller: anna }).hangsUp()
    expect([gone.isOver, gone.callbacks.list]).toMatchObject([true, [{ reason: 'Hung up' }]])
  })

  it('takes no keys from whoever asks next, and no terminator', () => {
    const flow = draw(
      {
        ask: collect({ collected: 'one' }, { maxDigits: 4, terminators: '#' }),
        one: noted({ from: 'variable', variable: 'entry' }, { created: 'menu', noNumber: 'menu' }),
        menu: menu('1#', { '1': 'created', '#': 'failed' }),
        ...answers,
      },
      { variables },
    )
    const typed = rehearse(flow).presses('5551#1')
    expect([typed.at, typed.callbacks.list]).toMatchObject(['created', [{ number: '5551' }]])
  })
})

describe('the due time', () => {
  it.each([
    ['open: at once', '2026-12-18T12:00+01:00', '2026-12-18T12:00+01:00'],
    ['after closing on a Friday: on Monday', '2026-12-18T17:00+01:00', '2026-12-21T08:00+01:00'],
    ['before opening', '2026-12-18T07:59+01:00', '2026-12-18T08:00+01:00'],
    ['over the night in which clocks change', '2026-10-23T18:00+02:00', '2026-10-26T08:00+01:00'],
  ])('is when somebody is there again: %s', (_, from, due) => {
    const [one] = call(opening, anna, Date.parse(from)).callbacks.list
    expect(new Date(one?.due ?? 0).toISOString()).toBe(new Date(due).toISOString())
  })

  it('is a day where nobody ever comes', () => {
    const never: Shared = { ...shared, calendars: { [hoursId]: { ...practice, week: weekOf([]) } } }
    const [one] = rehearse(drawn(noted(opening)), { shared: never }, { caller: anna, from: noon }).callbacks.list
    expect(one?.due).toBe(noon + minutes(24 * 60))
  })

  it.each([
    ['n', 30],
    ['n - 100.0', 0],
    ['n * 100000.0', 30 * 24 * 60],
  ])('is worked out, between now and thirty days: %s', (expression, after) => {
    expect(call({ due: 'expression', expression }).callbacks.list).toMatchObject([{ due: noon + minutes(after) }])
  })

  it('leaves by error where it cannot be', () => {
    const made = call({ due: 'expression', expression: '1.0 / (n - 30.0)' })
    expect([made.hears, made.callbacks.list]).toEqual([['Failed.'], []])
  })
})

describe('what is wrong is said before anybody calls', () => {
  const faults = (settings: Record<string, Value>, declared: object = variables) =>
    check(draw({ one: noted(settings), ...answers }, { variables: declared as typeof variables }), { shared }).flatMap(
      ({ code, field, detail }) => (code === 'neverSet' ? [] : [[code, field, detail]]),
    )

  it('nothing of one that is right', () => {
    expect(faults({ reason: '${t}', from: 'variable', variable: 'entry', ...opening })).toEqual([])
  })

  it.each<[string, Record<string, Value>, string | undefined]>([
    ['no variable', { from: 'variable' }, 'required'],
    ['no such variable', { from: 'variable', variable: 'other' }, 'unknownVariable'],
    ['one that holds no number', { from: 'variable', variable: 'n' }, 'wrongType'],
    ['no hours', { due: 'opening' }, 'required'],
    ['hours that are gone', { due: 'opening', calendar: { id: adele.id, name: 'Old' } }, 'unknownCalendar'],
    ['no minutes', { due: 'expression' }, 'required'],
    ['minutes that are a text', { due: 'expression', expression: 't' }, 'notMinutes'],
    ['a reason that cannot be read', { reason: '${t' }, 'expression'],
  ])('%s', (_, settings, detail) => {
    expect(faults(settings)).toEqual([['setting', expect.any(String), detail]])
  })

  it('a value of the environment that is not there, once', () => {
    const flow = drawn(noted({ reason: '${env.team}', due: 'expression', expression: 'double(env.team)' }))
    const found = check(flow, { shared, names: { secret: {}, value: {} } })
    expect(found).toMatchObject([{ code: 'unresolvedName', field: 'reason', detail: 'team' }])
  })

  it('a sensitive value, which whoever calls back would read', () => {
    const secret = { ...variables, pin: { type: 'secret', initial: '1' } }
    expect(faults({ reason: 'PIN ${pin}' }, secret)).toEqual([['sensitiveTold', 'reason', 'pin']])
    const typed = draw(
      {
        ask: collect({ collected: 'one', invalid: 'one', noInput: 'one' }, { sensitive: true }),
        one: noted({ from: 'variable', variable: 'entry' }),
        ...answers,
      },
      { variables },
    )
    expect(check(typed).map(({ code, field }) => [code, field])).toContainEqual(['sensitiveTold', 'variable'])
  })

  it('callers without a number are not left without a word', () => {
    const flow = drawn(noted({}, { created: 'created' }))
    expect(check(flow)).toContainEqual(expect.objectContaining({ code: 'exitOpen', exit: 'noNumber' }))
  })
})
