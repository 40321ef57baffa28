import { expect, it } from 'vitest'
import { answerId, apologyId, hangUpId } from './addedBlocks.ts'
import { compile, compiling, defaultMaxSteps } from './compile.ts'
import { edit } from './edit.ts'
import { frontDesk } from './sample.ts'
import { assign, block, collect, draw, hangUp, menu, say, when } from './testing/draw.ts'

const exitsOf = (program: ReturnType<typeof compile>, id: string) =>
  Object.fromEntries(program.nodes.get(id)?.exits ?? [])

it('adds the end that nobody drew, and the apology that leads to it', () => {
  const program = compile(draw({ bye: hangUp() }))
  expect([...program.nodes.keys()]).toEqual(['incoming', 'bye', hangUpId, apologyId, answerId])
  expect(program.nodes.get(apologyId)?.block.prompts).toEqual(['Sorry.'])
  expect(exitsOf(program, apologyId)).toEqual({ done: hangUpId })
  expect([program.start, program.onError, program.onHangUp]).toEqual(['incoming', apologyId, null])
})

it.each(['', '  \n '])('has no apology when there is nothing to say: %j', (apology) => {
  const program = compile(draw({ bye: hangUp() }, { apology }))
  expect(program.nodes.has(apologyId)).toBe(false)
  expect(program.onError).toBe(hangUpId)
})

it("takes the flow's own failure path before the apology", () => {
  expect(compile(draw({ bye: hangUp() }, { onError: 'bye' })).onError).toBe('bye')
})

it.each([
  ['is gone', 'gone'],
  ['cannot run', 'broken'],
])('apologises when the failure path %s', (_, onError) => {
  expect(compile(draw({ bye: hangUp(), broken: say('') }, { onError })).onError).toBe(apologyId)
})

it('leaves out blocks that cannot run', () => {
  const program = compile(
    draw({
      fine: say('Hello.'),
      empty: say(''),
      unknown: block('fromTheFuture'),
      twice: menu('11'),
      wrong: when({ x: 'nobody' }),
      undeclared: assign({ nobody: '1' }),
    }),
  )
  expect([...program.nodes.keys()]).toEqual(['incoming', 'fine', hangUpId, apologyId, answerId])
})

it('lists every text that a call may hear, each once', () => {
  const flow = draw({
    a: say('Hello.', { done: 'b' }),
    b: menu(
      '1',
      {},
      { noInputPrompt: 'Nothing?', noMatchPrompt: 'Wrong.', maxRetries: 3, maxRetriesPrompt: 'Enough.' },
    ),
    c: collect({}, { invalidPrompt: 'Wrong.' }),
    orphan: say('Hello.'),
    d: hangUp('Bye.'),
  })
  expect(compile(flow).prompts).toEqual([
    'Hello.',
    'Menu?',
    'Nothing?',
    'Wrong.',
    'Enough.',
    'Number?',
    'Bye.',
    'Sorry.',
  ])
})

it('leads an exit that need not be linked to where its stand-in leads', () => {
  const program = compile(
    draw({
      a: say('Hello.', { done: 'd' }, { bargeIn: 'anyKey' }),
      b: menu('1', { noInput: 'd' }, { maxRetries: 3 }),
      c: menu('1', { noInput: 'd', maxRetries: 'a' }, { maxRetries: 3 }),
      d: hangUp(),
      e: say('Hello.', {}, { bargeIn: 'anyKey' }),
    }),
  )
  expect(exitsOf(program, 'a')).toEqual({ done: 'd', interrupted: 'd' })
  expect(exitsOf(program, 'b')).toEqual({ noInput: 'd', maxRetries: 'd' })
  expect(exitsOf(program, 'c')).toEqual({ noInput: 'd', maxRetries: 'a' })
  expect(exitsOf(program, 'e')).toEqual({})
})

it('begins with the first values of variables, and with empty ones of their type', () => {
  const variables = {
    a: { type: 'number', initial: 7 },
    b: { type: 'number' },
    c: { type: 'text' },
    d: { type: 'boolean' },
    e: { type: 'list' },
    f: { type: 'user' },
  } as const
  expect(compile(draw({ bye: hangUp() }, { variables })).variables).toEqual({
    a: 7,
    b: 0,
    c: '',
    d: false,
    e: [],
    f: { id: '', name: '' },
  })
})

it.each([
  ['a menu', menu('1'), true],
  ['digits to collect', collect(), true],
  ['a message that a key can interrupt', say('A', {}, { bargeIn: 'anyKey' }), true],
  ['a message that some keys can interrupt', say('A', {}, { bargeIn: 'keys', keys: '1' }), true],
  ['a message that nobody can interrupt', say('A', {}, { bargeIn: 'off' }), false],
  ['a message that says nothing of interruption', say('A'), false],
  ['a hang-up', hangUp(), false],
])('knows whether keys are of use: %s', (_, only, expected) => {
  expect(compile(draw({ only })).hearsKeys).toBe(expected)
})

it('takes its limits from the caller, or the usual ones', () => {
  expect(compile(frontDesk)).toMatchObject({ maxSteps: defaultMaxSteps })
  expect(compile(frontDesk, { maxSteps: 5 })).toMatchObject({ maxSteps: 5 })
})

it('is not touched by later changes to the flow', () => {
  const flow = draw({ a: say('Hello.', { done: 'bye' }), bye: hangUp() })
  const program = compile(flow)
  edit(flow, { type: 'disconnect', block: 'a', exit: 'done' })
  expect(exitsOf(program, 'a')).toEqual({ done: 'bye' })
})

it('stops after each block, so that whoever has callers waiting can let them go first', () => {
  expect([...compiling(frontDesk)]).toHaveLength(Object.keys(frontDesk.blocks).length)
})
