import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createTimers } from './timers.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('rings once, and a timer that is started again replaces the one before', () => {
  const timers = createTimers()
  const rung: string[] = []
  timers.start('one', 'block', 10, () => rung.push('first'))
  timers.start('one', 'block', 20, () => rung.push('second'))
  vi.advanceTimersByTime(100)
  expect(rung).toEqual(['second'])
})

it('stops all timers of a call, and no other call’s', () => {
  const timers = createTimers()
  const rung: string[] = []
  timers.start('one', 'block', 10, () => rung.push('one'))
  timers.start('two', 'block', 10, () => rung.push('two'))
  timers.stopAll('one')
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(100)
  expect(rung).toEqual(['two'])
})

it('stops those of all calls when it is closed', () => {
  const timers = createTimers()
  timers.start('one', 'block', 10, () => {})
  timers.start('two', 'block', 10, () => {})
  timers.close()
  expect(vi.getTimerCount()).toBe(0)
})
