import { type Clock, sleep } from '#ground/clock.ts'
import { backgroundClock } from './timers.ts'

const dayMs = 24 * 60 * 60_000
/** After a start the calls of now come first. */
const firstMs = 10 * 60_000

type Deps = {
  /** Forgets the calls that began before then. */
  forget(before: Date, signal: AbortSignal): Promise<number>
  /** How long calls are kept; 0: for good. */
  historyDays: number
  onForgotten(calls: number): void
  onTrouble(error: unknown): void
  signal: AbortSignal
  clock?: Clock
}

/** Forgets old calls, once a day for as long as the bot runs. What could not be forgotten today is tomorrow. */
export async function keepForgetting(deps: Deps): Promise<void> {
  const { forget, historyDays, onForgotten, onTrouble, signal, clock = backgroundClock } = deps
  if (historyDays === 0) return
  await sleep(clock, firstMs, signal)
  while (!signal.aborted) {
    try {
      onForgotten(await forget(new Date(clock.now() - historyDays * dayMs), signal))
    } catch (error) {
      onTrouble(error)
    }
    await sleep(clock, dayMs, signal)
  }
}
