import { insist } from './insist.ts'

/** Between two tries of what the database has to be there for. */
const retryMs = 3_000

type Deps = {
  warm(): Promise<void>
  onTrouble(error: unknown, message: string): void
  signal: AbortSignal
}

/** Behind the listening, until it is done: neither a database that hangs nor prompts to be spoken keep the bot from calls. */
export function workInBackground({ warm, onTrouble, signal }: Deps): void {
  const until = (act: () => Promise<void>, message: string) =>
    void insist(act, { signal, pauseMs: () => retryMs, onFailure: (error) => onTrouble(error, message) })
  until(warm, 'Flows could not be loaded yet')
}
