import { describe, expect, it } from 'vitest'
import { rehearse } from '../rehearse.ts'
import type { FlowEvent } from '../talk.ts'
import { block, draw, hangUp, say, silentCall } from '../testing/draw.ts'

const asked = (call: ReturnType<typeof rehearse>) => call.asked.map(({ type }) => type).slice(1)

it('ends the call at once when there is nothing to say', () => {
  const call = rehearse(draw({ bye: hangUp() }))
  expect([asked(call), call.isOver, call.endedByFlow]).toEqual([['hangUp', 'startTimer'], true, true])
})

it('says goodbye first, to the end', () => {
  const call = rehearse(draw({ bye: hangUp('Goodbye.') })).presses('1')
  expect([call.hears, call.isOver]).toEqual([['Goodbye.'], false])
  expect(call.promptFinishes().endedByFlow).toBe(true)
})

it.each<[string, (call: ReturnType<typeof rehearse>) => ReturnType<typeof rehearse>]>([
  ['cannot be spoken', (call) => call.promptFails()],
  ['is refused', (call) => call.commandFails('play')],
])('does not keep the caller on the line when the goodbye %s', (_, fail) => {
  const call = fail(rehearse(draw({ bye: hangUp('Goodbye.'), other: say('Other.') }, { onError: 'other' })))
  expect([call.endedByFlow, call.hears]).toEqual([true, ['Goodbye.']])
})

it('tells the history why', () => {
  const call = rehearse(draw({ bye: block('hangUp', { prompt: '', reason: 'Wrong number' }) }))
  expect(call.trail.slice(-2)).toEqual([
    { block: 'bye', event: 'again', detail: { reason: 'Wrong number' } },
    { block: 'bye', event: 'left', exit: 'done' },
  ])
})

describe('a hang-up that is not confirmed', () => {
  const ringing = () => {
    const call = silentCall(draw({ bye: hangUp() }))
    call.tell({ type: 'callOffered' })
    const commands = call.tell({ type: 'callEstablished', audio: true })
    return { call, commands }
  }
  const timer = (visit: number): FlowEvent => ({ type: 'timerElapsed', timer: 'block', visit })

  it('is asked for once more after fifteen seconds, then given up', () => {
    const { call, commands } = ringing()
    expect(commands).toMatchObject([{ type: 'hangUp' }, { type: 'startTimer', ms: 15_000 }])
    expect(call.tell(timer(call.state.visit))).toMatchObject([{ type: 'hangUp' }, { type: 'startTimer', ms: 15_000 }])
    expect(call.state.at).toBe('bye')
    expect([call.tell(timer(call.state.visit)), call.state.at]).toEqual([[], null])
  })

  it('is not asked for a third time because a timer rings twice', () => {
    const { call } = ringing()
    const { visit } = call.state
    call.tell(timer(visit))
    expect([call.tell(timer(visit)), call.state.at]).toEqual([[], 'bye'])
  })

  it('is tried again by its timer when it is refused', () => {
    const { call } = ringing()
    const { visit } = call.state
    expect(call.tell({ type: 'commandFailed', command: 'hangUp', visit, problem: '503' })).toEqual([])
    expect(call.tell(timer(visit))).toMatchObject([{ type: 'hangUp' }, { type: 'startTimer' }])
  })

  it('is confirmed by the end of the call, and not twice', () => {
    const { call } = ringing()
    const ended: FlowEvent = { type: 'callEnded', reason: { code: 200, subcode: 7000 }, transferred: false }
    expect([call.tell(ended), call.state.at]).toEqual([[], null])
    expect([call.tell(ended), call.tell(timer(call.state.visit))]).toEqual([[], []])
  })

  it('is asked for once when the caller hangs up at the same moment', () => {
    const { call } = ringing()
    const ended: FlowEvent = { type: 'callEnded', reason: { code: 200, subcode: 4521 }, transferred: false }
    expect([call.tell(ended), call.state.at]).toEqual([[], null])
  })
})

it('does not give up a call that it never asked to end', () => {
  const call = silentCall(draw({ bye: hangUp('Goodbye.') }))
  call.tell({ type: 'callOffered' })
  call.tell({ type: 'callEstablished', audio: true })
  call.tell({ type: 'timerElapsed', timer: 'block', visit: call.state.visit })
  expect(call.state.at).toBe('bye')
})
