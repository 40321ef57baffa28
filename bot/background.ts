import { betweenFetchesMs } from '#communications/inbound/keys.ts'
import { GraphError } from '#communications/road/error.ts'
import { type Clock, sleep } from '#ground/clock.ts'
import { withTimeout } from '#ground/timeout.ts'
import type { Standing } from './health.ts'
import { insist } from './insist.ts'
import { backgroundClock } from './timers.ts'

/** Between two tries of what the database has to be there for. */
const retryMs = 3_000
/** A first token that takes longer is one that the bot is ready without: it is had with the first call. */
const firstTokenMs = 2_000
/** Between two looks whether there is a token: one that is good costs nothing, and while there is none the login service is asked. */
const betweenTokensMs = { well: 30_000, ill: 5_000 }

type Deps = {
  warm(): Promise<void>
  /** Loads the signing keys. */
  loadKeys(): Promise<void>
  /** An app token of the bot's tenant. */
  token(): Promise<unknown>
  onTrouble(error: unknown, message: string): void
  signal: AbortSignal
  clock?: Clock
}

/**
 * Behind the listening, until it is done: neither a database that hangs nor prompts to be spoken keep the bot from calls.
 * @returns how it stands with the token
 */
export function workInBackground({ warm, loadKeys, token, onTrouble, signal, clock = backgroundClock }: Deps) {
  const until = (act: () => Promise<void>, pauseMs: number, message: string) =>
    void insist(act, { signal, clock, pauseMs: () => pauseMs, onFailure: (error) => onTrouble(error, message) })
  until(loadKeys, betweenFetchesMs, 'The signing keys of notifications could not be loaded yet')
  until(warm, retryMs, 'Flows could not be loaded yet')
  return { token: watchToken({ token, onTrouble, signal, clock }) }
}

/** Asks for a token now and then, as a call would, and keeps what came of it. */
function watchToken({
  token,
  onTrouble,
  signal,
  clock,
}: Pick<Deps, 'token' | 'onTrouble' | 'signal'> & { clock: Clock }) {
  let stands: Standing['token'] = 'asking'
  async function ask() {
    const asked = token().then(
      () => 'ok' as const,
      (error) => {
        const found = isRefusal(error) ? 'refused' : 'away'
        if (found !== stands && !signal.aborted) onTrouble(error, 'There is no token for Graph')
        return found
      },
    )
    if (stands === 'asking') stands = await withTimeout(asked, firstTokenMs, () => 'away' as const, clock)
    stands = await asked
  }
  async function watch() {
    while (!signal.aborted) {
      await ask()
      await sleep(clock, stands === 'ok' ? betweenTokensMs.well : betweenTokensMs.ill, signal)
    }
  }
  void watch()
  return () => stands
}

/** The login service has read what we are and does not take it; being busy or broken is no answer. */
const isRefusal = (error: unknown): boolean =>
  error instanceof GraphError && (error.status ?? 0) >= 400 && !error.worthRetrying
