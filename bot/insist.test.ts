import { expect, it, vi } from 'vitest'
import { insist } from './insist.ts'

it('tries again until it is done, and tells of each failure', async () => {
  const onFailure = vi.fn()
  let tries = 0
  const act = async () => {
    tries += 1
    if (tries < 3) throw new Error('not yet')
  }
  const signal = new AbortController().signal
  expect(await insist(act, { pauseMs: () => 1, signal, onFailure })).toBe(true)
  expect(tries).toBe(3)
  expect(onFailure).toHaveBeenCalledTimes(2)
})

it('is stopped at once, in the middle of a pause', async () => {
  const stop = new AbortController()
  const act = vi.fn(() => Promise.reject(new Error('never')))
  const insisting = insist(act, { pauseMs: () => 60_000, signal: stop.signal })
  await vi.waitFor(() => expect(act).toHaveBeenCalledOnce())
  stop.abort()
  expect(await insisting).toBe(false)
  expect(act).toHaveBeenCalledOnce()
})
