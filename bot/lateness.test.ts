import { expect, it } from 'vitest'
import { manualClock } from '#communications/testing/manualClock.ts'
import { afterTick, inTime, type Lateness, watchLateness } from './lateness.ts'

/** Looks at the loop every 100 ms and what it was late by, from a time on. */
const after = (lates: number[], from: Lateness = inTime) =>
  lates.reduce(
    ({ now, lateness }, late) => ({ now: now + 100 + late, lateness: afterTick(lateness, now + 100 + late, late) }),
    { now: 0, lateness: from },
  ).lateness
const times = (count: number, late: number) => Array.from({ length: count }, () => late)

it('turns nobody away while the loop is late for less than a second, or by 50 ms at most', () => {
  expect(after(times(100, 50)).shed).toBe(0)
  expect(after(times(5, 60)).shed).toBe(0)
  expect(after([900]).shed).toBe(0)
  expect(after([...times(5, 60), 0, ...times(5, 60)]).shed).toBe(0)
})

it('turns calls away after a second of lateness, more with each look, and all in the end', () => {
  expect(after(times(7, 60)).shed).toBeGreaterThan(0)
  expect(after([1_001]).shed).toBeGreaterThan(0)
  expect(after(times(20, 60)).shed).toBe(1)
})

it('takes calls again bit by bit, and hesitates no second time', () => {
  const full = after(times(20, 60))
  expect(after(times(10, 0), full).shed).toBeCloseTo(0.8)
  expect(after(times(60, 0), full)).toEqual(inTime)
  expect(after([60], after(times(10, 0), full)).shed).toBeCloseTo(1)
})

it('sends away that part of the calls, and none on a loop that is in time', async () => {
  const clock = manualClock()
  const { turnsAway, close } = watchLateness(() => 0, clock)
  await clock.pass(10_000)
  expect(Array.from({ length: 100 }, turnsAway)).not.toContain(true)
  close()
})

it('turns calls away while what it has to send waits, though the loop is in time', async () => {
  const clock = manualClock()
  let wait = 60
  const { turnsAway, close } = watchLateness(() => wait, clock)
  await clock.pass(200)
  expect(Array.from({ length: 10 }, turnsAway)).not.toContain(true)
  await clock.pass(1_100)
  expect(Array.from({ length: 10 }, turnsAway)).not.toContain(false)
  wait = 0
  await clock.pass(10_000)
  expect(Array.from({ length: 10 }, turnsAway)).not.toContain(true)
  close()
})

it('turns away the more calls the later it is', () => {
  expect(after([...times(7, 60), 125]).shed).toBeGreaterThan(0.5)
  expect(after([1_001]).shed).toBe(1)
})
