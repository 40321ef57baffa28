import type { Calls } from '#communications/requests/calls.ts'
import { sleep } from '#ground/clock.ts'
import type { Stray } from '#store/history.ts'
import { hangUpInsisting } from './hangUp.ts'
import { insist } from './insist.ts'
import type { Log } from './log.ts'
import { backgroundClock } from './timers.ts'

/** Between two tries of what the database has to be there for. */
const retryMs = 3_000
/** Between the hang-ups of calls that a process before left behind. */
const betweenStraysMs = 50

type Deps = {
  warm(): Promise<void>
  endStrays(): Promise<readonly Stray[]>
  calls: Calls
  log: Log
  onTrouble(error: unknown, message: string): void
  signal: AbortSignal
}

/** Behind the listening, until it is done: neither a database that hangs nor prompts to be spoken keep the bot from calls. */
export function workInBackground({ warm, endStrays, calls, log, onTrouble, signal }: Deps): void {
  const until = (act: () => Promise<void>, message: string) =>
    void insist(act, { signal, pauseMs: () => retryMs, onFailure: (error) => onTrouble(error, message) })
  until(warm, 'Flows could not be loaded yet')
  until(async () => void hangUpStrays(await endStrays(), { calls, log, signal }), 'Old calls could not be closed')
}

/** Their callers may still be on the line, in silence. A few at a time: the calls of now come first. */
async function hangUpStrays(strays: readonly Stray[], deps: Pick<Deps, 'calls' | 'log' | 'signal'>): Promise<void> {
  for (const { tenantId, graphCallId } of strays) {
    if (deps.signal.aborted) return
    void hangUpInsisting({ id: graphCallId, tenantId }, deps)
    await sleep(backgroundClock, betweenStraysMs, deps.signal)
  }
}
