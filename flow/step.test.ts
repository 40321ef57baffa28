import { describe, expect, it } from 'vitest'
import { hangUpId } from './addedBlocks.ts'
import { defaultMaxSteps } from './compile.ts'
import type { Flow } from './flow.ts'
import { rehearse } from './rehearse.ts'
import { frontDesk } from './sample.ts'
import { step } from './step.ts'
import type { FlowEvent } from './talk.ts'
import { assign, block, collect, draw, hangUp, menu, say, silentCall, transfer, when } from './testing/draw.ts'

const out = { noInput: 'bye', noMatch: 'bye' }
const bye = hangUp()
const desk = draw({
  ask: menu('12', { '1': 'sales', '2': 'bye', ...out }),
  sales: say('Sales it is.', { done: 'bye' }),
  bye: hangUp('Bye.'),
})
const ended: FlowEvent = { type: 'callEnded', reason: { code: 200, subcode: 4521 }, transferred: false }
const path = (call: ReturnType<typeof rehearse>) =>
  call.trail.flatMap(({ block, event, exit }) => (event === 'left' || event === 'failed' ? [`${block} ${exit}`] : []))

describe('an answer to a turn that is over', () => {
  it('is dropped: the end of a prompt already talked over does not end the next', () => {
    const call = rehearse(desk)
    const first = call.visit
    expect(call.presses('1').promptFinishes(first).hears).toEqual(['Menu?', 'Sales it is.'])
    expect(call.promptFinishes().hears).toEqual(['Bye.'])
  })

  it.each<(visit: number) => FlowEvent>([
    (visit) => ({ type: 'promptFinished', visit }),
    (visit) => ({ type: 'promptFailed', visit, problem: '500' }),
    (visit) => ({ type: 'timerElapsed', visit, timer: 'block' }),
    (visit) => ({ type: 'tonesSubscribed', visit }),
    (visit) => ({ type: 'commandFailed', visit, command: 'play', problem: '500' }),
  ])('changes nothing at all (%#)', (event) => {
    const call = silentCall(desk)
    call.tell({ type: 'callOffered' })
    call.tell({ type: 'callEstablished', audio: true })
    call.tell({ type: 'tonesSubscribed', visit: call.state.visit })
    for (let visit = 0; visit < call.state.visit; visit++) {
      expect(step(call.program, call.state, event(visit), 0)).toEqual({ state: call.state, commands: [], trail: [] })
      expect(step(call.program, call.state, event(visit), 0).state).toBe(call.state)
    }
    expect(step(call.program, call.state, event(call.state.visit + 1), 0).state).toBe(call.state)
  })
})

it('gives back the same state for an event that changes nothing', () => {
  const call = silentCall(desk)
  call.tell({ type: 'callOffered' })
  for (const event of [{ type: 'callOffered' }, { type: 'transferFailed' }, { type: 'transferAccepted' }] as const) {
    expect(step(call.program, call.state, event, 0).state).toBe(call.state)
  }
})

it('never changes the state that it was given', () => {
  const call = silentCall(desk)
  const before = JSON.stringify(call.state)
  const { state } = step(call.program, Object.freeze(call.state), { type: 'callOffered' }, 0)
  expect([JSON.stringify(call.state), state === call.state]).toEqual([before, false])
})

describe('keys', () => {
  it('typed long before their turn are kept, fifty of them', () => {
    const far = draw({
      wait: say('Wait.', { done: 'ask' }),
      ask: collect({ collected: 'bye' }, { maxDigits: 32 }),
      bye,
    })
    const call = rehearse(far).presses('1'.repeat(60)).promptFinishes()
    expect([call.variables.entry, call.isOver]).toEqual(['1'.repeat(32), true])
    const kept = draw({
      wait: say('Wait.', { done: 'one' }),
      one: menu('1', { '1': 'one', noInput: 'bye', noMatch: 'bye' }),
      bye,
    })
    const counted = rehearse(kept).presses('1'.repeat(60)).promptFinishes()
    expect(path(counted).filter((line) => line === 'one 1')).toHaveLength(50)
    expect(counted.at).toBe('one')
  })
})

describe('an exit that leads nowhere', () => {
  it('is a failure: callers hear the apology before the call ends', () => {
    const call = rehearse(draw({ hello: say('Hello.') })).promptFinishes()
    expect([call.hears, call.trail.find(({ event }) => event === 'failed')?.detail]).toEqual([
      ['Hello.', 'Sorry.'],
      { problem: 'exitOpen' },
    ])
    expect([call.promptFinishes().isOver, call.endedByFlow, path(call)]).toEqual([
      true,
      true,
      ['incoming next', 'hello done', 'hello error', '$apology done', `${hangUpId} done`],
    ])
  })

  it('is a failure from the first block on, and for whichever block', () => {
    expect(rehearse(draw({})).hears).toEqual(['Sorry.'])
    expect(rehearse(draw({ set: assign({ n: '1' }) })).hears).toEqual(['Sorry.'])
    expect(rehearse(draw({ give: transfer() })).transferFails().hears).toEqual(['Sorry.'])
  })

  it("takes the flow's failure path, and not the error exit of a block that did what it should", () => {
    const blocks = { hello: say('Hello.', { error: 'own' }), own: say('Own.'), all: say('All.', { done: 'bye' }), bye }
    expect(rehearse(draw(blocks, { onError: 'all' })).promptFinishes().hears).toEqual(['Hello.', 'All.'])
  })

  it('on a failure path that may have said nothing yet still brings the apology, once', () => {
    const silent = draw({ broken: assign({ n: '1 / n' }), note: assign({ n: '1' }) }, { onError: 'note' })
    const call = rehearse(silent)
    expect(call.hears).toEqual(['Sorry.'])
    expect([call.promptFinishes().isOver, call.hears]).toEqual([true, []])
  })

  it('ends the call where there is neither a failure path nor an apology', () => {
    expect(rehearse(draw({ hello: say('Hello.') }, { apology: '' })).promptFinishes().endedByFlow).toBe(true)
  })

  it('of a block that is gone takes the failure path', () => {
    expect(rehearse(draw({ hello: say('Hello.', { done: 'gone' }) })).promptFinishes().hears).toEqual([
      'Hello.',
      'Sorry.',
    ])
  })
})

describe('going round in circles', () => {
  it('is stopped when nobody is spoken to or listened to', () => {
    const call = rehearse(draw({ a: assign({ n: '1' }, { done: 'b' }), b: assign({ n: '2' }, { done: 'a' }) }))
    expect(call.trail.find(({ event }) => event === 'failed')).toEqual({
      block: 'a',
      event: 'failed',
      exit: 'limit',
      detail: { problem: 'endlessLoop' },
    })
    expect(call.hears).toEqual(['Sorry.'])
  })

  it('is not stopped when it counts to an end', () => {
    const counting = draw({
      count: assign({ n: 'n + 1' }, { done: 'enough' }),
      enough: when({ yes: 'n >= 15' }, { yes: 'done', else: 'count' }),
      done: say('Fifteen.'),
    })
    expect(rehearse(counting).hears).toEqual(['Fifteen.'])
  })

  it('is not stopped when it speaks, until the limit of blocks in one call', () => {
    const call = rehearse(draw({ a: say('A', { done: 'b' }), b: say('B', { done: 'a' }) }))
    for (let n = 0; n < 2 * defaultMaxSteps && call.at !== '$apology'; n++) call.promptFinishes()
    expect(call.trail.filter(({ event }) => event === 'entered')).toHaveLength(defaultMaxSteps + 2)
    expect(call.trail.find(({ event }) => event === 'failed')?.detail).toEqual({ problem: 'stepLimit' })
    expect([call.hears.at(-1), call.promptFinishes().endedByFlow]).toEqual(['Sorry.', true])
  })

  it('is not what somebody does who types many keys ahead', () => {
    const again = draw({
      wait: say('Wait.', { done: 'ask' }),
      ask: menu('12', { '1': 'ask', '2': 'bye', ...out }),
      bye,
    })
    const call = rehearse(again)
      .presses(`${'1'.repeat(40)}2`)
      .promptFinishes()
    expect([call.isOver, path(call).some((line) => line.includes('limit'))]).toEqual([true, false])
  })

  it('of interruptions that nobody takes is stopped', () => {
    const talk = draw({
      a: say('A', { done: 'b' }, { bargeIn: 'anyKey' }),
      b: say('B', { done: 'a' }, { bargeIn: 'anyKey' }),
    })
    const call = rehearse(talk).presses('1')
    expect(call.trail.some(({ detail }) => detail?.problem === 'endlessLoop')).toBe(true)
  })
})

describe('the limit of blocks in one call', () => {
  const talkative = (rest: Partial<Flow> = {}) =>
    draw({ a: say('A', { done: 'b' }), b: say('B', { done: 'a' }), clean: assign({ n: '7' }), bye }, rest)
  const until = (call: ReturnType<typeof rehearse>, turns: number) => {
    for (let n = 0; n < turns && !call.isOver; n++) call.promptFinishes()
    return call
  }

  it('leaves enough for the failure path', () => {
    const failing = talkative({ onError: 'bye', apology: '' })
    const call = until(rehearse(failing, { maxSteps: 10 }), 20)
    expect([call.isOver, call.endedByFlow]).toEqual([true, true])
  })

  it('hangs up even when the failure path runs on and on', () => {
    const call = until(rehearse(talkative({ onError: 'a' }), { maxSteps: 10 }), 200)
    expect([call.isOver, call.endedByFlow]).toEqual([true, true])
    expect(path(call).at(-1)).toBe(`${hangUpId} done`)
  })

  it('does not keep the hang-up path from running', () => {
    const call = until(rehearse(talkative({ onHangUp: 'clean' }), { maxSteps: 10 }), 9).hangsUp()
    expect([call.isOver, call.variables.n]).toEqual([true, 7])
  })
})

describe('a failure', () => {
  const failing = (exits: Record<string, string> = {}, rest: Partial<Flow> = {}) =>
    draw(
      {
        a: say('A', { done: 'bye', ...exits }),
        own: say('Own.', { done: 'bye' }),
        all: say('All.', { done: 'bye' }),
        bye,
      },
      rest,
    )

  it("takes the block's own error exit first, which is no failure of the call", () => {
    const call = rehearse(failing({ error: 'own' }, { onError: 'all' })).promptFails()
    expect([call.hears, path(call)]).toEqual([
      ['A', 'Own.'],
      ['incoming next', 'a error'],
    ])
    expect(call.trail.some(({ event }) => event === 'failed')).toBe(false)
    expect(call.promptFails().hears).toEqual(['All.'])
  })

  it("takes the flow's failure path next", () => {
    expect(rehearse(failing({}, { onError: 'all' })).promptFails().hears).toEqual(['A', 'All.'])
  })

  it('is apologised for where nobody drew a path, and the call ends', () => {
    const call = rehearse(failing()).promptFails()
    expect(call.hears).toEqual(['A', 'Sorry.'])
    expect([call.promptFinishes().isOver, call.endedByFlow]).toEqual([true, true])
  })

  it('ends the call at once where there is no apology', () => {
    const call = rehearse(failing({}, { apology: '' })).promptFails()
    expect([call.hears, call.endedByFlow]).toEqual([['A'], true])
  })

  it('on the failure path hangs up', () => {
    const call = rehearse(failing({}, { onError: 'all' }))
      .promptFails()
      .promptFails()
    expect([call.hears, call.endedByFlow]).toEqual([['A', 'All.'], true])
  })

  it('of the apology hangs up', () => {
    const call = rehearse(failing()).promptFails().promptFails()
    expect([call.hears, call.endedByFlow]).toEqual([['A', 'Sorry.'], true])
  })

  it('tells the history what it was', () => {
    expect(rehearse(failing()).promptFails('500/1005').trail.at(-2)).toEqual({
      block: 'a',
      event: 'failed',
      exit: 'error',
      detail: { problem: '500/1005' },
    })
  })

  it.each<[string, Flow['blocks'][string], string]>([
    ['an unknown block', block('fromTheFuture'), 'unknownBlock'],
    ['a block with wrong settings', say(''), 'unknownBlock'],
    ['a division by zero', assign({ n: '1 / n' }), 'expressionFailed'],
    [
      'a condition that cannot be worked out',
      when({ x: 'double(t) > 1.0' }, { x: 'bye', else: 'bye' }),
      'expressionFailed',
    ],
  ])('can be %s', (_, broken, problem) => {
    const call = rehearse(draw({ broken, bye }))
    expect([call.hears, call.trail.find(({ event }) => event === 'failed')?.detail]).toEqual([['Sorry.'], { problem }])
  })

  it.each(['fails', 'finishes'] as const)('of what silences a prompt does not matter (then the prompt %s)', (then) => {
    const call = rehearse(
      draw({ a: say('A', { done: 'b' }, { bargeIn: 'anyKey' }), b: say('B', { done: 'bye' }), bye }),
    )
    const first = call.visit
    call.presses('1').commandFails('cancelMedia')
    if (then === 'finishes') call.promptFinishes(first)
    else call.tells({ type: 'promptFailed', visit: first, problem: 'cancelled' })
    expect([call.at, call.hears]).toEqual(['b', ['A', 'B']])
  })

  it.each(['answer', 'subscribeTones', 'play', 'startTimer', 'transfer', 'hangUp'] as const)(
    'of the request %s ends in words or a hang-up, never in silence',
    (failed) => {
      const all = draw({
        ask: menu('1', { '1': 'person', noInput: 'person', noMatch: 'bye' }, { noInputRetries: 0 }),
        person: transfer({ failed: 'bye' }, 'One moment.'),
        bye: hangUp('Bye.'),
      })
      const call = silentCall(all)
      const heard: string[] = []
      const queue: FlowEvent[] = [{ type: 'callOffered' }]
      for (let n = 0; n < 50 && call.state.at !== null; n++) {
        const event = queue.shift()
        const commands = event ? call.tell(event) : []
        for (const { type, visit, ...command } of commands) {
          if (type === failed) queue.push({ type: 'commandFailed', command: type, visit, problem: '503' })
          else if (type === 'answer') queue.push({ type: 'callEstablished', audio: true })
          else if (type === 'subscribeTones') queue.push({ type: 'tonesSubscribed', visit })
          else if (type === 'play') queue.push({ type: 'promptFinished', visit })
          else if (type === 'startTimer') queue.push({ type: 'timerElapsed', visit, timer: 'block' })
          else if (type === 'transfer') queue.push({ type: 'transferFailed' })
          else if (type === 'hangUp') queue.push(ended)
          heard.push('prompts' in command ? command.prompts.join() : type)
        }
      }
      expect(call.state.at).toBeNull()
      expect(heard).toContain('hangUp')
      if (failed !== 'play' && failed !== 'hangUp') expect(heard).toContain(failed === 'transfer' ? 'Bye.' : 'Sorry.')
    },
  )
})

describe('when the caller hangs up', () => {
  const cleaning = (rest: Partial<Flow> = {}, more: Flow['blocks'] = {}) =>
    draw(
      {
        ask: menu('129', { '1': 'number', '2': 'bye', '9': 'person', ...out }, { waitSeconds: 5 }),
        number: collect({ collected: 'bye', invalid: 'bye', noInput: 'bye' }),
        person: transfer({ failed: 'bye' }, 'One moment.'),
        bye: hangUp('Bye.'),
        clean: assign({ n: 'n + 1' }, { done: 'note' }),
        note: assign({ t: '"left"' }),
        ...more,
      },
      { onHangUp: 'clean', ...rest },
    )

  it.each<[string, (call: ReturnType<typeof rehearse>) => void, string]>([
    ['while the first prompt plays', () => {}, 'ask'],
    ['while a menu waits', (call) => call.promptFinishes(), 'ask'],
    ['while it asks again', (call) => call.presses('7'), 'ask'],
    ['while digits are typed', (call) => call.presses('1').presses('12'), 'number'],
    ['while an announcement plays', (call) => call.presses('9'), 'person'],
    ['while the call is being given away', (call) => call.presses('9').promptFinishes(), 'person'],
    ['while the goodbye plays', (call) => call.presses('2'), 'bye'],
    ['while the apology plays', (call) => call.promptFails(), '$apology'],
  ])('%s, the hang-up path runs and the call is over', (_, before, where) => {
    const call = rehearse(cleaning())
    before(call)
    expect(call.at).toBe(where)
    const asked = call.asked.length
    call.hangsUp()
    expect([call.isOver, call.asked.length - asked, call.variables.n, call.variables.t]).toEqual([true, 0, 1, 'left'])
    expect(path(call).slice(-3)).toEqual([`${where} hangup`, 'clean done', 'note done'])
  })

  it('before it was answered, the same', () => {
    const call = silentCall(cleaning())
    call.tell({ type: 'callOffered' })
    expect([call.tell(ended), call.state.at, call.state.variables.n]).toEqual([[], null, 1])
  })

  it('before it was even offered, the call is over all the same', () => {
    const call = silentCall(desk)
    expect([call.tell(ended), call.state.at]).toEqual([[], null])
    expect(call.tell({ type: 'callOffered' })).toEqual([])
  })

  it('nothing happens any more, whatever comes', () => {
    const call = rehearse(cleaning()).presses('1').hangsUp()
    const { visit, trail, asked } = call
    const before = [trail.length, asked.length, call.variables]
    call
      .hangsUp()
      .presses('123#')
      .promptFinishes(visit)
      .transferFails()
      .transferSucceeds()
      .waits(600)
      .commandFails('play')
    call.tells({ type: 'callOffered' }).tells({ type: 'callEstablished', audio: true })
    expect([trail.length, asked.length, call.variables, call.isOver]).toEqual([...before, true])
  })

  it('nothing more runs when no path is drawn, or it leads to a block that is gone', () => {
    for (const onHangUp of [null, 'gone']) {
      const call = rehearse(cleaning({ onHangUp })).hangsUp()
      expect([call.isOver, path(call)]).toEqual([true, ['incoming next', 'ask hangup']])
    }
  })

  it('a block that speaks on the hang-up path ends it', () => {
    const call = rehearse(
      cleaning({}, { note: say('Still there?', { done: 'after' }), after: assign({ n: '9' }) }),
    ).hangsUp()
    expect([call.isOver, call.variables.n, call.hears.includes('Still there?')]).toEqual([true, 1, false])
    expect(call.trail.at(-1)?.detail).toEqual({ problem: 'callerGone' })
  })

  it('a failure on the hang-up path ends it, without an apology', () => {
    const call = rehearse(cleaning({ onError: 'bye' }, { note: assign({ n: '1 / (n - n)' }) })).hangsUp()
    expect([call.isOver, call.endedByFlow, path(call).at(-1)]).toEqual([true, false, 'note error'])
  })

  it('a hang-up at the end of that path asks for nothing', () => {
    const call = rehearse(cleaning({}, { note: hangUp('Bye.') })).hangsUp()
    expect([call.isOver, call.endedByFlow, call.trail.at(-1)?.block]).toEqual([true, false, 'note'])
  })

  it('a circle on that path ends', () => {
    const call = rehearse(cleaning({}, { note: assign({ t: '"x"' }, { done: 'clean' }) })).hangsUp()
    expect([call.isOver, call.trail.at(-1)?.exit]).toEqual([true, 'limit'])
  })

  it('that path does not run when the flow hung up itself', () => {
    const call = rehearse(cleaning()).presses('2').promptFinishes()
    expect([call.isOver, call.endedByFlow, call.variables.n]).toEqual([true, true, 0])
  })

  it('that path does not run when the call was given to a person', () => {
    const call = rehearse(cleaning()).presses('9').promptFinishes().transferSucceeds()
    expect([call.isOver, path(call).at(-1), call.variables.n]).toEqual([true, 'person done', 0])
  })
})

describe('timers', () => {
  it('of blocks that were left at once are not asked for', () => {
    const call = silentCall(
      draw({ ask: collect({ collected: 'bye' }, { maxDigits: 1 }), bye: hangUp('Bye.') }, { apology: '' }),
    )
    call.tell({ type: 'callOffered' })
    call.tell({ type: 'callEstablished', audio: true })
    call.tell({ type: 'tonesSubscribed', visit: call.state.visit })
    const commands = call.tell({ type: 'tonePressed', key: '7' })
    expect(commands.map(({ type }) => type)).toEqual(['cancelMedia', 'play'])
  })
})

it('can be put away and taken up again at any moment', () => {
  const keep = <T>(value: T): T => JSON.parse(JSON.stringify(value))
  const call = silentCall(frontDesk)
  let kept = keep(call.state)
  const events: FlowEvent[] = [
    { type: 'callOffered' },
    { type: 'callEstablished', audio: true },
    { type: 'tonesSubscribed', visit: 2 },
    { type: 'tonePressed', key: '8' },
    { type: 'tonePressed', key: '9' },
    { type: 'tonePressed', key: '1' },
    { type: 'promptFinished', visit: 3 },
    { type: 'promptFinished', visit: 7 },
    { type: 'transferFailed' },
  ]
  for (const event of events) {
    const result = step(call.program, kept, event, 0)
    expect(result.commands).toEqual(call.tell(event))
    kept = keep(result.state)
    expect(kept).toEqual(keep(call.state))
  }
  expect(call.state.at).toBe('nobody')
})

it('does not tell a person how the program is made: every text comes from the flow', () => {
  const call = rehearse(desk).promptFails('TypeError: x is undefined')
  expect(call.hears).toEqual(['Menu?', 'Sorry.'])
})
