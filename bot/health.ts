import { healthMessages } from './messages/index.ts'

/** How it stands with what the bot needs. */
export type Standing = {
  /** Its code has run once, so that a first caller does not wait for the compiler. */
  warm: boolean
  /** The signing keys of Microsoft are there: notifications can be told from anybody else's. */
  keys: boolean
  /** It is known which flow answers which call. */
  routes: boolean
  /** `asking` until the first answer of the login service; `refused`: it does not take the app's id, secret or tenant. */
  token: 'asking' | 'ok' | 'away' | 'refused'
  database: 'ok' | 'away'
  /** Entries of the history that wait, and why they do, as a code; null when they only take their turn. */
  history: { waiting: number; failing: string | null }
  journal: 'ok' | 'away'
  /** Callers of processes that are no more are still to be hung up. */
  strays: boolean
}

type Problem = keyof typeof healthMessages

/**
 * The truth about the bot. `ready`: new calls can be answered, which they can while the database or the login service is only away.
 * `ok`: nothing is wrong. `problems` say what is, the worst first, each with what to do. Anybody may ask, so nothing here tells how
 * many are calling.
 */
export function healthOf(standing: Standing) {
  const { warm, keys, routes, token, database, history, journal, strays } = standing
  const stops: Problem[] = [
    ...(keys ? [] : ['noKeys' as const]),
    ...(token === 'refused' ? ['tokenRefused' as const] : []),
    ...(token === 'asking' ? ['tokenAsked' as const] : []),
    ...(routes ? [] : ['noRoutes' as const]),
    ...(warm ? [] : ['notWarm' as const]),
  ]
  const hinders: Problem[] = [
    ...(token === 'away' ? ['loginAway' as const] : []),
    ...(database === 'away' ? ['databaseAway' as const] : []),
    ...(history.failing !== null && history.waiting > 0 ? ['historyWaits' as const] : []),
    ...(journal === 'away' ? ['noJournal' as const] : []),
    ...(strays ? ['callersLeft' as const] : []),
  ]
  const problems = [...stops, ...hinders].map((code) => ({ code, message: healthMessages[code] }))
  return { ready: stops.length === 0, ok: problems.length === 0, problems }
}

export type Health = ReturnType<typeof healthOf>
