import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { realClock, steadyTime } from './clock.ts'

describe('the real clock', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.restoreAllMocks() // first: a spy on a false timer would bring it back after the true one
    vi.useRealTimers()
  })

  const month = 31 * 24 * 3_600_000

  it('waits for longer than a timer of Node can', () => {
    const set = vi.spyOn(globalThis, 'setTimeout')
    const act = vi.fn()
    realClock.after(2 * month, act)
    for (const [, ms] of set.mock.calls) expect(ms).toBeLessThan(2 ** 31)
    vi.advanceTimersByTime(2 * month - 1)
    expect(act).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(act).toHaveBeenCalledTimes(1)
    for (const [, ms] of set.mock.calls) expect(ms).toBeLessThan(2 ** 31)
  })

  it('takes back a long wait too, in each of its parts', () => {
    const act = vi.fn()
    const cancel = realClock.after(2 * month, act)
    vi.advanceTimersByTime(month)
    cancel()
    vi.advanceTimersByTime(2 * month)
    expect(act).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('never does what is to happen in an infinite time, and keeps nothing for it', () => {
    const act = vi.fn()
    const cancel = realClock.after(Number.POSITIVE_INFINITY, act)
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(month)
    expect(act).not.toHaveBeenCalled()
    cancel()
  })
})

it('steady time goes on from where the clock was set back, and follows it forward', () => {
  let time = 1_000
  const now = steadyTime({ now: () => time })
  expect(now()).toBe(1_000)
  time = 400
  expect(now()).toBe(1_000)
  time = 500
  expect(now()).toBe(1_100)
  time = 100
  expect(now()).toBe(1_100)
  time = 10_100
  expect(now()).toBe(11_100)
})
