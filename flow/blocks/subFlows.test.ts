import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { compile } from '../compile.ts'
import type { Flow } from '../flow.ts'
import { type Rehearsal, rehearse } from '../rehearse.ts'
import { begin, step } from '../step.ts'
import { mostFrames } from '../subFlows.ts'
import { assign, block, draw, hangUp, menu, say, transfer, when } from '../testing/draw.ts'
import { callTo, drawSub, flowIds, giveBack, goTo, libraryOf, sharing } from '../testing/subFlows.ts'

const { main, child, other } = flowIds
const answers = { booked: say('Booked.'), full: say('Full.'), failed: say('Failed.') }
const ways = { Booked: 'booked', Full: 'full', error: 'failed' }
const takes = (...names: string[]) => names.map((variable) => ({ variable, required: true }))
const variables = { n: { type: 'number', initial: 0 }, t: { type: 'text', initial: '' } } as const

/** Adds what it is given to a text, and gives both back. */
const adds = drawSub(
  {
    work: assign({ t: 't + "!"', n: 'n + 1.0' }, { done: 'which' }),
    which: when({ few: 'n < 10.0' }, { few: 'booked', else: 'full' }),
    booked: giveBack('Booked', 't', 'n'),
    full: giveBack('Full', 't'),
  },
  { variables, parameters: takes('t', 'n') },
)
const asks = drawSub({
  ask: menu('1', { '1': 'booked', noInput: 'full', noMatch: 'full' }),
  booked: giveBack('Booked'),
  full: giveBack('Full'),
})
const parent = (more: Parameters<typeof callTo>[2] = {}, rest: Partial<Flow> = {}) =>
  draw({ sub: callTo(child, ways, more), ...answers }, rest)
const ring = (flow: Flow, published: Record<string, Flow[]>): Rehearsal =>
  rehearse(flow, { flows: libraryOf(published) })

describe('a sub-flow', () => {
  const given = (n: string) => ({ parameters: { t: '"ab" + t', n }, results: { t: 't', n: 'n' } })

  it('takes two parameters, gives a value back on a named exit, and the caller reads it', () => {
    const call = ring(parent(given('1.0'), { variables: { ...variables, t: { type: 'text', initial: '-' } } }), {
      [child]: [adds],
    })
    expect([call.hears, call.variables.t, call.variables.n]).toEqual([['Booked.'], 'ab-!', 2])
  })

  it('goes back by another exit, which gives back less', () => {
    const call = ring(parent(given('9.0')), { [child]: [adds] })
    expect([call.hears, call.variables.t, call.variables.n]).toEqual([['Full.'], 'ab!', 0])
  })

  it('has variables of its own, and gives back none that the caller does not keep', () => {
    const call = ring(parent({ parameters: { t: '"x"', n: '1.0' } }), { [child]: [adds] })
    expect([call.variables.t, call.variables.n]).toEqual(['', 0])
  })

  it('knows who is on the line', () => {
    const speaks = drawSub({ who: say('${caller.name} ${called.phone}', { done: 'back' }), back: giveBack('Booked') })
    const call = rehearse(
      parent(),
      { flows: libraryOf({ [child]: [speaks] }) },
      { caller: { name: 'Adele' }, called: { phone: '+49' } },
    )
    expect(call.hears).toEqual(['Adele plus 4 9'])
  })

  it.each([
    ['a missing parameter', { parameters: { t: '"x"' } }],
    ['a parameter of another type', { parameters: { t: '"x"', n: '"1"' } }],
  ])('is not begun with %s', (_, more) => {
    const call = ring(parent(more), { [child]: [adds] })
    expect(call.hears).toEqual(['Failed.'])
    expect(call.trail).toContainEqual(expect.objectContaining({ exit: 'error', detail: { problem: 'parameterWrong' } }))
  })

  it('begins with the first value of what it need not be given', () => {
    const optional = drawSub(
      { back: giveBack('Booked', 't') },
      { variables: { t: { type: 'text', initial: 'own' } }, parameters: [{ variable: 't', required: false }] },
    )
    expect(ring(parent({ results: { t: 't' } }), { [child]: [optional] }).variables.t).toBe('own')
  })

  it.each([
    ['is not there', {}],
    ['answers calls itself', { [child]: [draw({ a: say('Other.') })] }],
  ])('takes the error exit when it %s', (_, published) => {
    const call = ring(parent(), published)
    expect(call.hears).toEqual(['Failed.'])
    expect(call.trail).toContainEqual(expect.objectContaining({ exit: 'error', detail: { problem: 'flowMissing' } }))
  })

  it('takes the failure path of its caller where there is no error exit', () => {
    const flow = draw({ sub: callTo(child, {}), sorry: hangUp('Sorry?') }, { onError: 'sorry' })
    expect(ring(flow, {}).hears).toEqual(['Sorry?'])
  })

  it('takes the error exit when it comes back by an exit that nobody knew', () => {
    const call = ring(parent(), { [child]: [drawSub({ back: giveBack('Elsewhere') })] })
    expect([call.hears, call.trail.at(-2)?.detail]).toEqual([['Failed.'], { problem: 'exitUnknown' }])
  })

  it('keeps its version though another one is published', () => {
    const versions = [1, 2].map((n) => drawSub({ a: say(`Version ${n}.`, { done: 'b' }), b: giveBack('Booked') }))
    const heard = (version: number | null) => ring(parent({ version }), { [child]: versions }).hears
    expect([heard(1), heard(null), heard(3)]).toEqual([['Version 1.'], ['Version 2.'], ['Failed.']])
  })

  it('asks callers by the keys that they have typed ahead', () => {
    const greets = draw({
      hello: say('Hello.', { done: 'sub' }, { bargeIn: 'off' }),
      sub: callTo(child, ways),
      ...answers,
    })
    const call = ring(greets, { [child]: [asks] })
    expect(call.presses('1').promptFinishes().hears).toEqual(['Hello.', 'Booked.'])
  })

  it('listens to keys though its caller does not', () => {
    expect(ring(parent(), { [child]: [asks] }).presses('1').hears).toEqual(['Menu?', 'Booked.'])
  })

  it('hangs up for all', () => {
    const call = ring(parent(), { [child]: [drawSub({ bye: hangUp() })] })
    expect([call.isOver, call.endedByFlow]).toEqual([true, true])
  })

  it('may give the caller away', () => {
    const gives = drawSub({ on: transfer({ failed: 'back' }), back: giveBack('Full') })
    expect(ring(parent(), { [child]: [gives] }).transferFails().hears).toEqual(['Full.'])
    expect(ring(parent(), { [child]: [gives] }).transferSucceeds().isOver).toBe(true)
  })

  it('that somebody tries by a test call is answered, and ends', () => {
    const call = rehearse(drawSub({ a: say('Tried.', { done: 'b' }), b: giveBack('Booked') }))
    expect(call.hears).toEqual(['Tried.'])
    expect(call.promptFinishes()).toMatchObject({ isOver: true, endedByFlow: true })
  })

  it('tells of each step in which flow it was', () => {
    const call = ring(parent(given('1.0')), { [child]: [adds] })
    expect(call.trail.map(({ block, flow, event, exit }) => [flow?.slice(-3), block, event, exit])).toEqual([
      [undefined, 'incoming', 'entered', undefined],
      [undefined, 'incoming', 'left', 'next'],
      [undefined, 'sub', 'entered', undefined],
      ['2@1', 'incoming', 'entered', undefined],
      ['2@1', 'incoming', 'left', 'next'],
      ['2@1', 'work', 'entered', undefined],
      ['2@1', 'work', 'left', 'done'],
      ['2@1', 'which', 'entered', undefined],
      ['2@1', 'which', 'left', 'few'],
      ['2@1', 'booked', 'entered', undefined],
      ['2@1', 'booked', 'left', 'Booked'],
      [undefined, 'sub', 'left', 'Booked'],
      [undefined, 'booked', 'entered', undefined],
    ])
  })
})

describe('what fails in a sub-flow', () => {
  const fails = (rest: Partial<Flow> = {}) => drawSub({ bad: block('fromTheFuture'), own: hangUp('Own.') }, rest)

  it('takes the path of its own for that', () => {
    expect(ring(parent(), { [child]: [fails({ onError: 'own' })] }).hears).toEqual(['Own.'])
  })

  it('else the error exit of the block that has called it, and the apology of the sub-flow is not heard', () => {
    const call = ring(parent(), { [child]: [fails({ apology: 'Sub is sorry.' })] })
    expect(call.hears).toEqual(['Failed.'])
    expect(call.promptFinishes().isOver).toBe(false)
  })

  it('else the failure path of the flow around it, through any number of flows', () => {
    const between = drawSub({ sub: callTo(other, { Booked: 'b' }), b: giveBack('Booked') })
    const flow = draw(
      { sub: callTo(child, { Booked: 'booked' }), ...answers, path: hangUp('Path.') },
      { onError: 'path' },
    )
    expect(ring(flow, { [child]: [between], [other]: [fails()] }).hears).toEqual(['Path.'])
  })

  it('may be mended by the path of its own, and the caller goes on as if nothing was', () => {
    const mends = drawSub({ bad: block('fromTheFuture'), back: giveBack('Full') }, { onError: 'back' })
    const call = ring(parent(), { [child]: [mends] })
    expect(call.hears).toEqual(['Full.'])
    // What then fails has a failure path again.
    expect(call.promptFails().promptFinishes().hears).toEqual(['Sorry.'])
  })

  it('is left to the block that has called it on a failure path, too', () => {
    const path = (links: Record<string, string>) =>
      draw(
        { bad: block('fromTheFuture'), sub: callTo(child, links), handled: hangUp('Handled.'), ...answers },
        { onError: 'sub' },
      )
    const divides = drawSub({ bad: assign({ n: '1 / 0' }) })
    expect(ring(path({ error: 'handled' }), { [child]: [divides] }).hears).toEqual(['Handled.'])
    // What the block does not handle either is a failure on the failure path of its flow.
    const unhandled = ring(path({}), { [child]: [divides] })
    expect([unhandled.hears, unhandled.trail.at(-1)?.block]).toEqual([[], '$hangUp'])
    // Whoever goes on is on the failure path still.
    const back = drawSub({ back: giveBack('Booked') })
    const goesOn = path({ Booked: 'again' })
    goesOn.blocks.again = block('fromTheFuture')
    expect(ring(goesOn, { [child]: [back] }).hears).toEqual([])
  })

  it('takes the path of its own, though it was called on a failure path', () => {
    const flow = draw({ bad: block('fromTheFuture'), sub: callTo(child, {}) }, { onError: 'sub' })
    expect(ring(flow, { [child]: [fails({ onError: 'own' })] }).hears).toEqual(['Own.'])
  })

  it('beyond the step limit is left to its caller as well', () => {
    const turns = draw(
      {
        ask: menu('1', { '1': 'ask', noInput: 'ask', noMatch: 'ask' }),
        sub: callTo(child, { error: 'handled' }),
        handled: hangUp('Handled.'),
      },
      { onError: 'sub' },
    )
    const call = rehearse(turns, { maxSteps: 10, flows: libraryOf({ [child]: [fails()] }) })
    for (let n = 0; n < 10; n++) call.presses('1')
    expect(call.hears.at(-1)).toBe('Handled.')
  })

  it('is a limit: the flow around it can still say so', () => {
    const turns = drawSub({ a: assign({ n: '1.0' }, { done: 'b' }), b: assign({ n: '1.0' }, { done: 'a' }) })
    expect(ring(parent(), { [child]: [turns] }).hears).toEqual(['Failed.'])
  })
})

describe('a caller who hangs up in a sub-flow', () => {
  const tidies = (exits = {}) => assign({ n: '7.0' }, exits)

  it('sets off the hang-up path of the sub-flow', () => {
    const sub = drawSub({ a: say('A'), tidy: tidies(), not: giveBack('Booked') }, { onHangUp: 'tidy' })
    const flow = draw({ sub: callTo(child, ways), ...answers, tidy: tidies() }, { onHangUp: 'tidy' })
    const left = ring(flow, { [child]: [sub] }).hangsUp()
    expect(left.trail.filter(({ block }) => block === 'tidy').map(({ flow }) => flow?.slice(-3))).toEqual([
      '2@1',
      '2@1',
    ])
    expect(left.isOver).toBe(true)
  })

  it('else that of the flow around it, with the variables of that one', () => {
    const sub = drawSub({ a: say('A') })
    const flow = draw({ sub: callTo(child, ways), ...answers, tidy: assign({ n: 'n + 7.0' }) }, { onHangUp: 'tidy' })
    const left = ring(flow, { [child]: [sub] }).hangsUp()
    expect([left.variables.n, left.isOver]).toEqual([7, true])
  })

  it('is not called back by the end of the sub-flow', () => {
    const sub = drawSub({ a: say('A'), tidy: tidies({ done: 'back' }), back: giveBack('Booked') }, { onHangUp: 'tidy' })
    const left = ring(parent(), { [child]: [sub] }).hangsUp()
    expect([left.hears, left.isOver]).toEqual([['A'], true])
  })
})

describe('flows that call themselves', () => {
  it('end at the deepest that is allowed, with a failure of its own', () => {
    const self = drawSub({ sub: callTo(child, { Booked: 'b', error: 'b' }), b: giveBack('Booked') })
    const call = ring(parent(), { [child]: [self] })
    expect(call.hears).toEqual(['Booked.'])
    expect(call.trail.filter(({ block, event }) => block === 'incoming' && event === 'entered')).toHaveLength(
      mostFrames + 1,
    )
    expect(call.trail).toContainEqual(expect.objectContaining({ detail: { problem: 'tooManyFlows' } }))
  })

  it('are stopped where nothing handles that either', () => {
    const self = drawSub({ sub: callTo(child, { Booked: 'b' }), b: giveBack('Booked') })
    expect(ring(draw({ sub: callTo(child, {}) }), { [child]: [self] }).hears).toEqual(['Sorry.'])
  })

  it('count across flows against the step limit', () => {
    const to = (id: string) => draw({ a: menu('1', { '1': 'on', noInput: 'on', noMatch: 'on' }), on: goTo(id) })
    const round = rehearse(to(child), {
      maxSteps: 20,
      flows: libraryOf({ [child]: [to(other)], [other]: [to(child)] }),
    })
    for (let n = 0; n < 20 && !round.isOver; n++) round.presses('1')
    expect(round.trail.find(({ event }) => event === 'failed')?.detail).toEqual({ problem: 'stepLimit' })
  })

  it('are stopped when they never wait', () => {
    const to = (id: string) => draw({ on: goTo(id) })
    const call = ring(to(child), { [child]: [to(other)], [other]: [to(child)] })
    expect(call.trail.find(({ event }) => event === 'failed')?.detail).toEqual({ problem: 'endlessLoop' })
  })
})

describe('going to a flow', () => {
  const second = draw(
    { a: say('Second.', { done: 'b' }), b: menu('1'), tidy: assign({ n: '1.0' }) },
    { onHangUp: 'tidy' },
  )

  it('does not come back', () => {
    const call = ring(draw({ on: goTo(other) }), { [other]: [second] })
    expect(call.promptFinishes().hears).toEqual(['Second.', 'Menu?'])
    expect(call.hangsUp().variables.n).toBe(1)
  })

  it('leaves all flows that wait', () => {
    const sub = drawSub({ on: goTo(other) })
    const call = ring(parent({}, { onHangUp: 'failed' }), { [child]: [sub], [other]: [draw({ bye: hangUp() })] })
    expect(call.isOver).toBe(true)
  })

  it('has the failure path of that one, also from a failure path', () => {
    const flow = draw({ bad: block('fromTheFuture'), on: goTo(other) }, { onError: 'on' })
    const breaks = (rest = {}) => draw({ bad: block('fromTheFuture'), own: hangUp('Own.') }, rest)
    expect(ring(flow, { [other]: [breaks({ onError: 'own' })] }).hears).toEqual(['Own.'])
    expect(ring(flow, { [other]: [breaks()] }).hears).toEqual(['Sorry.'])
  })

  it('is stopped where flows fail into each other', () => {
    const to = (id: string) => draw({ bad: block('fromTheFuture'), on: goTo(id) }, { onError: 'on' })
    const call = rehearse(to(child), {
      maxSteps: 50,
      flows: libraryOf({ [child]: [to(other)], [other]: [to(child)] }),
    })
    expect(call.trail.filter(({ event }) => event === 'entered').length).toBeLessThan(60)
    expect(call.trail.at(-1)?.block).toBe('$hangUp')
  })

  it.each([
    ['is not there', {}],
    ['is a sub-flow', { [other]: [asks] }],
  ])('takes the failure path when it %s', (_, published) => {
    expect(ring(draw({ on: goTo(other) }), published).hears).toEqual(['Sorry.'])
  })
})

it('goes on from stored data at any moment', () => {
  const program = compile(parent(), { flows: libraryOf({ [child]: [asks] }) })
  const nobody = { id: '', name: '', phone: '' }
  let state = begin(program, { caller: nobody, called: nobody })
  const tell = (event: Parameters<typeof step>[2]) => {
    state = JSON.parse(JSON.stringify(step(program, state, event, 0).state))
  }
  tell({ type: 'callOffered' })
  tell({ type: 'callEstablished', audio: true })
  tell({ type: 'tonesSubscribed', visit: state.visit })
  expect([state.at, state.frames]).toMatchObject(['ask', [{ block: 'sub', flow: null }]])
  tell({ type: 'tonePressed', key: '1' })
  expect([state.at, state.flow, state.frames]).toEqual(['booked', null, []])
})

describe('what check finds', () => {
  const settingsOf = (flow: Flow, published: Record<string, Flow[]> = { [child]: [adds, asks], [other]: [draw({})] }) =>
    check(flow, { shared: sharing(published), id: main }).flatMap(({ code, field, detail, reason }) =>
      code === 'setting' ? `${field} ${detail} ${reason ?? ''}`.trim() : [],
    )
  const pinned = { version: 1, parameters: { t: '"x"', n: '1.0' } }

  it.each([
    ['nothing in a call that is right', parent(pinned), []],
    ['nothing where nobody knows flows', parent({ version: 9 }), ['flow unknownVersion 9']],
    ['a version that is not there', parent({ ...pinned, version: 7 }), ['flow unknownVersion 7']],
    ['a flow that is not there', draw({ sub: callTo(main, {}) }), ['flow unknownFlow Sub']],
    ['a flow that is none to call', draw({ sub: callTo(other, {}) }), ['flow notASubFlow Sub']],
    ['a sub-flow that one cannot go to', draw({ on: goTo(child) }), ['flow isASubFlow Other']],
    ['an exit that is gone', parent({ ...pinned, exits: ['Booked', 'Full', 'Old'] }), ['flow exitGone Old']],
    ['an exit that is new', parent({ ...pinned, exits: ['Booked'] }), ['flow exitAdded Full']],
    ['a missing parameter', parent({ version: 1, parameters: { t: '"x"' } }), ['parameters parameterMissing n']],
    [
      'a parameter of another type',
      parent({ ...pinned, parameters: { t: '1', n: '1.0' } }),
      ['parameters.0 parameterType t'],
    ],
    ['a parameter too many', parent({ ...pinned, parameters: { x: '1' } }), ['parameters.0 parameterUnknown x']],
    ['a value that is not given back', parent({ ...pinned, results: { x: 't' } }), ['results.0 resultUnknown x']],
    ['a value of another type', parent({ ...pinned, results: { n: 't' } }), ['results.0 wrongType n']],
    ['a variable that is not there', parent({ ...pinned, results: { n: 'm' } }), ['results.0 unknownVariable m']],
    [
      'an expression that is none',
      parent({ ...pinned, parameters: { t: '(', n: '1.0' } }),
      [expect.stringContaining('expression')],
    ],
  ])('%s', (_, flow, found) => expect(settingsOf(flow)).toEqual(found))

  it('follows what is sensitive into a parameter, and out of a value that is given back', () => {
    const secrets = { pin: { type: 'secret', initial: '' }, t: { type: 'text', initial: '' } } as const
    const knows = drawSub(
      { copy: assign({ t: 'pin' }, { done: 'back' }), back: giveBack('Booked', 't') },
      { variables: secrets, parameters: takes('pin') },
    )
    const hides = drawSub({ back: giveBack('Booked') }, { variables: secrets, parameters: takes('t') })
    const found = (parameters: Record<string, string>, sub: Flow, said = 'Done.') =>
      check(
        draw(
          {
            sub: callTo(child, { Booked: 'say' }, { parameters, ...(sub === knows && { results: { t: 't' } }) }),
            say: say(said, { done: 'bye' }),
            bye: hangUp(),
          },
          { variables: secrets },
        ),
        { shared: sharing({ [child]: [sub] }) },
      ).map(({ code, field, detail }) => [code, field, detail])
    expect(found({ pin: 'pin' }, knows)).toEqual([])
    expect(found({ t: 'pin' }, hides)).toEqual([['sensitiveTold', 'parameters.0', 'pin']])
    expect(found({ pin: '"1"' }, knows, 'It is ${t}.')).toEqual([['sensitiveSaid', undefined, 't']])
  })

  it('finds flows that call each other in circles, unless somebody is asked on the way', () => {
    const back = (to: string) => drawSub({ sub: callTo(to, { Booked: 'b' }), b: giveBack('Booked') })
    const codes = (flow: Flow, published: Record<string, Flow[]>) =>
      check(flow, { shared: sharing(published), id: main }).flatMap(({ code, block }) =>
        code === 'endlessFlows' ? `${block}` : [],
      )
    const self = { [main]: [back(main)] }
    expect(codes(back(main), self)).toEqual(['sub'])
    expect(codes(back(child), { ...self, [child]: [back(main)] })).toEqual(['sub'])
    expect(codes(back(child), { ...self, [other]: [back(main)], [child]: [back(other)] })).toEqual(['sub'])
    expect(codes(draw({ on: goTo(other) }), { [main]: [draw({})], [other]: [draw({ on: goTo(main) })] })).toEqual([
      'on',
    ])
    // An older version of itself is another flow.
    const older = drawSub({ sub: callTo(main, { Booked: 'b' }, { version: 1 }), b: giveBack('Booked') })
    expect(codes(older, { [main]: [asks] })).toEqual([])
    const asked = drawSub({
      ask: menu('1', { '1': 'sub', noInput: 'b', noMatch: 'b' }),
      sub: callTo(main, { Booked: 'b' }),
      b: giveBack('Booked'),
    })
    expect(codes(asked, { [main]: [asked] })).toEqual([])
    expect(codes(back(child), { ...self, [child]: [asked] })).toEqual([])
  })

  it('takes a sub-flow that asks for one that lets callers out of a circle', () => {
    const round = (sub: Flow) =>
      check(draw({ sub: callTo(child, { Booked: 'sub', Full: 'sub' }) }), { shared: sharing({ [child]: [sub] }) }).map(
        ({ code }) => code,
      )
    const mute = drawSub({
      which: when({ x: 'n > 1.0' }, { x: 'a', else: 'b' }),
      a: giveBack('Booked'),
      b: giveBack('Full'),
    })
    expect([round(asks), round(mute)]).toEqual([[], ['endlessLoop']])
  })
})
