import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createTimers } from './timers.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function openTimers() {
  const rung: [callId: string, name: string, visit: number | null][] = []
  return { rung, timers: createTimers((...timer) => void rung.push(timer)) }
}

it('rings once, and a timer that is started again replaces the one before', () => {
  const { timers, rung } = openTimers()
  timers.start('one', 'block', 10, 1)
  timers.start('one', 'block', 20, 2)
  vi.advanceTimersByTime(100)
  expect(rung).toEqual([['one', 'block', 2]])
})

it('stops one timer of a call, wherever it stands among its timers', () => {
  for (const name of ['a', 'b', 'c']) {
    const { timers, rung } = openTimers()
    for (const [n, name] of ['a', 'b', 'c'].entries()) timers.start('one', name, 10 + n)
    timers.stop('one', name)
    timers.stop('one', name)
    timers.stop('two', name)
    vi.advanceTimersByTime(100)
    expect(rung.map(([, rang]) => rang)).toEqual(['a', 'b', 'c'].filter((other) => other !== name))
  }
})

it('stops all timers of a call, and no other call’s', () => {
  const { timers, rung } = openTimers()
  timers.start('one', 'block', 10)
  timers.start('one', 'keepAlive', 10)
  timers.start('two', 'block', 10)
  timers.stopAll('one')
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(100)
  expect(rung).toEqual([['two', 'block', null]])
})

it('keeps one timer of the platform for all calls, and none when it is closed', () => {
  const { timers } = openTimers()
  for (let n = 0; n < 100; n++) timers.start(`call ${n}`, 'block', 100 - n)
  expect(vi.getTimerCount()).toBe(1)
  timers.close()
  expect(vi.getTimerCount()).toBe(0)
})
