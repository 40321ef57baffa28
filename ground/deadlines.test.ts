import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createDeadlines } from './deadlines.ts'

type One = { name: number; place: number; at: number }

/** Time that is moved, and what was due when. */
function open() {
  const platform = { time: 0, wakes: new Set<{ at: number; act: () => void }>() }
  const { wakes } = platform
  const due: { one: One; at: number }[] = []
  const deadlines = createDeadlines<One>(
    {
      now: () => platform.time,
      after(ms, act) {
        const wake = { at: platform.time + ms, act }
        if (ms < Number.POSITIVE_INFINITY) wakes.add(wake)
        return () => wakes.delete(wake)
      },
    },
    (one) => due.push({ one, at: platform.time }),
  )
  function pass(ms: number): void {
    const until = platform.time + ms
    for (;;) {
      const [next] = [...wakes].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
      if (!next) break
      wakes.delete(next)
      platform.time = next.at
      next.act()
    }
    platform.time = until
  }
  return { ...deadlines, pass, due, wakes, platform }
}

const Act = fc.oneof(
  fc.record({ do: fc.constant('add' as const), ms: fc.nat(50) }),
  fc.record({ do: fc.constant('remove' as const), which: fc.nat(60) }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.nat(20) }),
)

it('everything is due at its time, once, the earliest first; what was let go never', () => {
  fc.assert(
    fc.property(fc.array(Act, { maxLength: 120 }), (acts) => {
      const { add, remove, pass, due, wakes, platform } = open()
      const made: One[] = []
      const gone = new Set<One>()
      for (const act of acts) {
        if (act.do === 'pass') pass(act.ms)
        if (act.do === 'add') {
          const one = { name: made.length, place: -1, at: platform.time + act.ms }
          made.push(one)
          add(one, act.ms)
        }
        const one = act.do === 'remove' ? made[act.which] : undefined
        if (!one) continue
        if (one.place >= 0) gone.add(one)
        remove(one)
      }
      expect(wakes.size).toBeLessThanOrEqual(1)
      pass(100)
      expect(wakes.size).toBe(0)
      for (const { one, at } of due) expect(at).toBe(one.at)
      expect(due.map(({ at }) => at)).toEqual(due.map(({ at }) => at).sort((a, b) => a - b))
      expect(due.map(({ one }) => one.name).sort((a, b) => a - b)).toEqual(
        made.filter((one) => !gone.has(one)).map(({ name }) => name),
      )
      expect(made.every(({ place }) => place === -1)).toBe(true)
    }),
  )
})

it('what is due may have more wait, also for no time at all', () => {
  const { add, pass, due } = open()
  add({ name: 0, place: -1, at: 10 }, 10)
  pass(9)
  expect(due).toEqual([])
  pass(1)
  add({ name: 1, place: -1, at: 10 }, 0)
  add({ name: 2, place: -1, at: 10 }, -5)
  add({ name: 3, place: -1, at: 0 }, Number.POSITIVE_INFINITY)
  pass(0)
  pass(1_000_000)
  expect(due.map(({ one }) => one.name)).toEqual([0, 1, 2])
})

it('goes by the time that nobody sets, where the clock has one', () => {
  const clock = { wall: 0, steady: 0, wake: () => {} }
  const due: number[] = []
  const deadlines = createDeadlines<{ place: number }>(
    {
      now: () => clock.wall,
      steady: () => clock.steady,
      after(_ms, act) {
        clock.wake = act
        return () => {}
      },
    },
    () => due.push(clock.steady),
  )
  deadlines.add({ place: -1 }, 1_000)
  clock.wall = 86_400_000
  clock.steady = 999
  clock.wake()
  expect(due).toEqual([])
  clock.steady = 1_000
  clock.wake()
  expect(due).toEqual([1_000])
})
