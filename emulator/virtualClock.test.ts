import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createVirtualClock } from './virtualClock.ts'
import { createActivity } from './wire/activity.ts'

const hour = 3_600_000

it('stands still until it is moved, and then stands where it was moved to', async () => {
  const clock = createVirtualClock({ startAt: 1000 })
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(clock.now()).toBe(1000)
  await clock.advance(hour)
  expect(clock.now()).toBe(1000 + hour)
  await clock.advanceTo(5)
  expect(clock.now()).toBe(1000 + hour)
})

it('fires timers in order of time, then of creation, and not those that were cancelled', async () => {
  const delays = fc.array(fc.record({ ms: fc.integer({ min: 0, max: 50 }), isCancelled: fc.boolean() }), {
    maxLength: 300,
  })
  await fc.assert(
    fc.asyncProperty(delays, async (wanted) => {
      const clock = createVirtualClock({ startAt: 0 })
      const fired: number[] = []
      const cancels = wanted.map(({ ms }, place) => clock.after(ms, () => fired.push(place)))
      for (const [place, { isCancelled }] of wanted.entries()) if (isCancelled) cancels[place]?.()
      const expected = [...wanted.entries()]
        .filter(([, { isCancelled }]) => !isCancelled)
        .sort(([, one], [, other]) => one.ms - other.ms)
        .map(([place]) => place)
      expect(clock.waiting()).toBe(expected.length)
      await clock.advance(50)
      expect(fired).toEqual(expected)
      expect(clock.waiting()).toBe(0)
    }),
    { numRuns: 50 },
  )
})

it('tells each timer its own time, and counts timers that are made on the way', async () => {
  const clock = createVirtualClock({ startAt: 0 })
  const seen: number[] = []
  const again = () => {
    seen.push(clock.now())
    clock.after(15 * 60_000, again)
  }
  again()
  await clock.advance(hour)
  expect(seen).toEqual([0, 900_000, 1_800_000, 2_700_000, 3_600_000])
})

it('lets what follows from one timer happen before the next', async () => {
  const clock = createVirtualClock({ startAt: 0 })
  const seen: string[] = []
  clock.after(1, async () => {
    await Promise.resolve()
    await new Promise((resolve) => setImmediate(resolve))
    seen.push(`follows at ${clock.now()}`)
    clock.after(1, () => seen.push(`made at 1, fires at ${clock.now()}`))
  })
  clock.after(3, () => seen.push('third'))
  await clock.advance(10)
  expect(seen).toEqual(['follows at 1', 'made at 1, fires at 2', 'third'])
})

it('waits for what is under way, and for a quiet time after its last sign', async () => {
  const clock = createVirtualClock({ startAt: 0 })
  const activity = createActivity()
  clock.watch(activity, 10)
  const seen: string[] = []
  clock.after(1, () => {
    const isOver = activity.begin()
    setTimeout(() => {
      seen.push('answered')
      isOver()
      setTimeout(() => seen.push('and asked again'), 4)
    }, 30)
  })
  clock.after(2, () => seen.push('later'))
  await clock.advance(10)
  expect(seen).toEqual(['answered', 'and asked again', 'later'])
})

it('moves on in the end when what is under way waits for the clock itself', async () => {
  const clock = createVirtualClock({ startAt: 0, patienceMs: 20 })
  const activity = createActivity()
  clock.watch(activity, 0)
  const isOver = activity.begin()
  let happened = false
  clock.after(5, () => {
    happened = true
    isOver()
  })
  await clock.advance(10)
  expect(happened).toBe(true)
})

it('runs until something holds, no further than it needs to and no longer than it may', async () => {
  const clock = createVirtualClock({ startAt: 0 })
  let count = 0
  const again = () => {
    count += 1
    clock.after(1000, again)
  }
  clock.after(1000, again)
  expect(await clock.runUntil(() => count === 3, hour)).toBe(true)
  expect(clock.now()).toBe(3000)
  expect(await clock.runUntil(() => count === 0, 10_000)).toBe(false)
  expect(clock.now()).toBe(13_000)
})

it('takes movements one by one, also those asked for at once', async () => {
  const clock = createVirtualClock({ startAt: 0 })
  await Promise.all([clock.advance(10), clock.advance(10), clock.advance(10)])
  expect(clock.now()).toBe(30)
})

it('forgets long timers of short lives, and moves over a day of them in seconds', async () => {
  const clock = createVirtualClock({ startAt: 0 })
  for (let count = 0; count < 10_000; count += 1) clock.after(hour, () => {})()
  expect(clock.waiting()).toBe(0)
  let ticks = 0
  const tick = () => {
    ticks += 1
    clock.after(1000, tick)
  }
  clock.after(1000, tick)
  const started = performance.now()
  await clock.advance(24 * hour)
  expect(ticks).toBe(86_400)
  expect(performance.now() - started).toBeLessThan(15_000)
})
