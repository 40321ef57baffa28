import { sleep } from '#ground/clock.ts'
import { over } from './advance.ts'
import { tellNotHungUp } from './hangUp.ts'
import type { Live } from './live.ts'
import { backgroundClock } from './timers.ts'

/** Everything that closing does: whoever stops the process does not wait for long. */
const closeLimitMs = 3_000

export async function closeAll(live: Live, settled: () => Promise<void>, trouble: (error: unknown) => void) {
  live.closing.abort()
  live.timers.close()
  live.partings.close()
  const done = new AbortController()
  const all = Promise.all([hangUpAll(live), settled()]).catch(trouble)
  await Promise.race([all, sleep(backgroundClock, closeLimitMs, done.signal)])
  done.abort()
}

/** Nobody would speak to these callers after this process. What is hung up is lost; the rest is found at the next start. */
async function hangUpAll(live: Live): Promise<void> {
  const { sessions, calls, record, log, clock } = live
  await Promise.all(
    [...sessions.live()].map(async (session) => {
      const { id, ref } = session
      await over(live, session) // first, so that what Graph then says of it changes nothing
      try {
        await calls.hangUp(ref, { signal: AbortSignal.timeout(closeLimitMs) })
        const at = new Date(clock.now())
        record({ kind: 'ended', id, tenantId: ref.tenantId, at, outcome: 'lost', endCode: null, endSubcode: null })
      } catch (error) {
        tellNotHungUp(log, ref, error)
      }
    }),
  )
}
