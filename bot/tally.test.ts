import { expect, it, vi } from 'vitest'
import { manualClock } from '#communications/testing/manualClock.ts'
import { tallied } from './tally.ts'

it('tells of the first at once, and of further ones once a second, so many of each code', async () => {
  const clock = manualClock()
  const warn = vi.fn()
  const tell = tallied({ warn }, 'Refused', clock)
  tell('expired')
  expect(warn.mock.calls).toEqual([[{ counts: { expired: 1 } }, 'Refused']])

  for (let n = 0; n < 10_000; n++) tell(n % 4 === 0 ? 'malformed' : 'expired')
  expect(warn).toHaveBeenCalledTimes(1)
  await clock.pass(1_000)
  expect(warn.mock.calls.slice(1)).toEqual([[{ counts: { malformed: 2_500, expired: 7_500 } }, 'Refused']])

  await clock.pass(60_000)
  expect(warn).toHaveBeenCalledTimes(2)
  expect(clock.waiting()).toBe(0)
  tell('expired')
  expect(warn).toHaveBeenCalledTimes(3)
})
