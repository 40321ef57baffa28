import { expect, it } from 'vitest'
import { beginFollowing } from '#communications/calling/follow.ts'
import { unseen } from '#communications/calling/observe.ts'
import { compile } from '#flow/compile.ts'
import type { Flow } from '#flow/flow.ts'
import { nobodyAnswers, nobodyId } from '#flow/nobodyAnswers.ts'
import { callOutcomes } from '#flow/outcome.ts'
import { begin, step } from '#flow/step.ts'
import type { FlowEvent } from '#flow/talk.ts'
import { assign, draw, hangUp, menu, rings, say, transfer } from '#flow/testing/draw.ts'
import { outcomeOf } from './outcome.ts'
import { makeProgram } from './program.ts'

const nobody = { id: '', name: '', phone: '' }
const pace = { establishedMs: 1, keepAliveMs: 1, toneGapMs: 1, goneMs: 0 }
const desk = draw({
  ask: menu('1234', { '1': 'sales', '2': 'bye', '3': 'broken', '4': 'handled', noInput: 'bye', noMatch: 'bye' }),
  sales: transfer({ failed: 'nobody' }),
  nobody: say('Nobody there.', { done: 'again' }),
  again: menu('1', { '1': 'sales', noInput: 'bye', noMatch: 'bye' }),
  broken: assign({ n: '1 / n' }, { done: 'bye' }),
  handled: assign({ n: '1 / n' }, { done: 'bye', error: 'bye' }),
  bye: hangUp(),
})

type Event = FlowEvent extends infer One ? (One extends { visit: number } ? Omit<One, 'visit'> : One) : never
const answered: Event[] = [
  { type: 'callOffered' },
  { type: 'callEstablished', audio: true },
  { type: 'tonesSubscribed' },
]
const press = (key: string): Event => ({ type: 'tonePressed', key })
const prompt: Event = { type: 'promptFinished' }
const ended = (code: number | null, subcode: number | null = null, transferred = false): Event => ({
  type: 'callEnded',
  reason: { code, subcode },
  transferred,
})
const left = ended(200, 4521)
const hungUp = ended(200, 7000)

/** The outcome of a call to which all this happened, the last of it its end. */
function outcome(flow: Flow, events: readonly Event[], established = true, flowId = 'f'): string {
  const program = makeProgram({ id: 'v', flowId, flow }, new Map())
  const { known } = beginFollowing({ ...unseen, established }, pace)
  let state = begin(compile(flow), { caller: nobody, called: nobody })
  for (const event of events) {
    const before = state
    const told = { visit: state.visit, ...event } as FlowEvent // the one thing that the rows leave out
    const came = step(program, before, told, 0)
    state = came.state
    if (state.at === null) return outcomeOf({ program, state: before, heard: known }, came.trail, told)
  }
  throw new Error('The call is not over.')
}

it.each<[what: string, expected: string, events: Event[], flow?: Flow]>([
  ['the flow hung up', 'endedByFlow', [...answered, press('2'), hungUp]],
  ['the caller hung up at the menu', 'callerHungUp', [...answered, left]],
  ['the caller hung up, and Graph said nothing of why', 'callerHungUp', [...answered, ended(null)]],
  ['the line broke at the menu', 'lost', [...answered, ended(410, 301005)]],
  ['Graph knew the call no more', 'lost', [...answered, ended(404)]],
  ['somebody else took the caller', 'transferred', [...answered, press('1'), ended(0, 7015, true)]],
  [
    'the transfer failed, and the flow said so and hung up',
    'notTransferred',
    [...answered, press('1'), { type: 'transferFailed' }, prompt, press('9'), press('9'), press('9'), hungUp],
  ],
  [
    'the transfer was refused, and the caller hung up while told so',
    'notTransferred',
    [...answered, press('1'), { type: 'commandFailed', command: 'transfer', problem: '403/7505' }, left],
  ],
  [
    'the transfer failed, and the next one did not',
    'transferred',
    [...answered, press('1'), { type: 'transferFailed' }, prompt, press('1'), ended(0, 7015, true)],
  ],
  [
    'the transfer succeeded after the flow had given it up',
    'transferred',
    [...answered, press('1'), { type: 'transferFailed' }, ended(0, 7015, true)],
  ],
  ['a block failed, and the flow apologised', 'failed', [...answered, press('3'), prompt, hungUp]],
  ['a block failed, and the caller did not wait for the apology', 'failed', [...answered, press('3'), left]],
  ['a block failed, and its own exit led to the end', 'failed', [...answered, press('4'), hungUp]],
  ['a way out led nowhere', 'failed', [...answered, prompt, hungUp], draw({ hello: say('Hello.') })],
])('when %s it is %s', (_, expected, events, flow = desk) => {
  const ends = flow === desk ? events : [...answered.slice(0, 2), prompt, prompt, hungUp]
  expect(outcome(flow, ends)).toBe(expected)
  expect(Object.keys(callOutcomes)).toContain(expected)
})

it.each<[what: string, expected: string, events: Event[]]>([
  ['the caller hung up while it rang', 'callerHungUp', [{ type: 'callOffered' }, left]],
  ['Graph knew it no more', 'lost', [{ type: 'callOffered' }, ended(404)]],
  [
    'the answer was refused',
    'notAnswered',
    [
      { type: 'callOffered' },
      { type: 'commandFailed', command: 'answer', problem: '500' },
      { type: 'commandFailed', command: 'play', problem: '400/8501' },
      ended(404),
    ],
  ],
])('when %s before the call was established it is %s', (_, expected, events) => {
  expect(outcome(desk, events, false)).toBe(expected)
})

it('is turned away, and not served, whose call the flow ends while it rings', () => {
  const flow = rings({ bye: hangUp() })
  expect(outcome(flow, [{ type: 'callOffered' }, hungUp], false)).toBe('rejected')
  expect(outcome(flow, [{ type: 'callOffered' }, ended(404)], false)).toBe('rejected')
})

it.each([
  ['to its end', [...answered, prompt, hungUp]],
  ['in part', [...answered, left]],
])('is nobody’s, and not served, who heard %s that no flow answers', (_, events) => {
  expect(outcome(nobodyAnswers, events, true, nobodyId)).toBe('noFlow')
  expect(callOutcomes.noFlow).toBe('notServed')
})

it('is well only where the caller was served', () => {
  const well = Object.entries(callOutcomes).filter(([, came]) => came === 'served')
  expect(well.map(([name]) => name)).toEqual(['transferred', 'endedByFlow'])
})
