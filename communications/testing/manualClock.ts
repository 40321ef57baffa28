import type { Clock } from '#ground/clock.ts'

/** Time that stands still until it is told to go on. */
export function manualClock(start = Date.parse('2026-11-20T10:00:00Z')) {
  const due = new Set<{ at: number; act: () => void }>()
  let time = start
  const clock: Clock = {
    now: () => time,
    after(ms, act) {
      const one = { at: time + Math.max(0, ms), act }
      due.add(one)
      return () => due.delete(one)
    },
  }
  return {
    ...clock,
    waiting: () => due.size,
    /** Everything due until then happens, in order, and what it leads to in promises as well. */
    async pass(ms: number) {
      const until = time + ms
      for (;;) {
        await settle()
        const [next] = [...due].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
        if (!next) break
        due.delete(next)
        time = next.at
        next.act()
      }
      time = until
      await settle()
    },
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))
