import { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import * as z from 'zod'
import type { CallsChanged } from './historyBatch.ts'
import { PeopleNews } from './people.ts'

export type { CallsChanged } from './historyBatch.ts'

/**
 * What listeners are told. `calls`: calls that have changed. `routes`: the tenant whose routes have. `jobs`: the
 * kind of a new job. `values`: the tenant whose named values have. `people`: who looks for somebody, or what was found (people.ts). `reconnected` in place of any: listening has begun, or begun again, and changes before that went unheard, so load anew what you show.
 */
export type Listeners = {
  calls: (payload: CallsChanged | 'reconnected') => void
  routes: (payload: string | 'reconnected') => void
  jobs: (kind: string | 'reconnected') => void
  values: (tenantId: string | 'reconnected') => void
  people: (news: PeopleNews | 'reconnected') => void
}

export type Changes = {
  /** @returns ends the listening */
  on<Channel extends keyof Listeners>(channel: Channel, listener: Listeners[Channel]): () => void
  close(): Promise<void>
}

const firstRetryMs = 100
const lastRetryMs = 5_000
const queryLimitMs = 5_000
/** How long a server has to say goodbye. One that hangs never does. */
const endLimitMs = 1_000

const CallsNotice = z.object({ tenantId: z.string(), callIds: z.array(z.string()) })

/**
 * Hears of what other processes write, by PostgreSQL's LISTEN on one connection of its own, and connects again when it breaks.
 * @param onTrouble hears of each connection that failed or broke
 */
export function openChanges(databaseUrl: string, onTrouble: (error: unknown) => void): Changes {
  const listeners = noListeners()
  const closing = new AbortController()

  function hear({ channel, payload = '' }: pg.Notification) {
    if (channel === 'calls') tell(listeners.calls, CallsNotice.parse(JSON.parse(payload)))
    else if (channel === 'people') tell(listeners.people, PeopleNews.parse(JSON.parse(payload)))
    else if (isPlain(channel)) tell(listeners[channel], payload)
  }

  function tellReconnected() {
    for (const all of Object.values(listeners)) for (const listener of all) listener('reconnected')
  }

  /** A listener that fails is trouble, and no reason to stop listening. */
  function attempt(act: () => void) {
    try {
      act()
    } catch (error) {
      onTrouble(error)
    }
  }

  let end = async () => {}
  async function listen(onListening: () => void) {
    const connection = createConnection(databaseUrl)
    end = connection.end
    connection.client.on('error', onTrouble)
    connection.client.on('notification', (notification) => attempt(() => hear(notification)))
    try {
      await connection.listen(onListening)
    } finally {
      await end()
    }
  }

  async function keepListening() {
    let failures = 0
    while (!closing.signal.aborted) {
      try {
        await listen(() => {
          failures = 0
          attempt(tellReconnected)
        })
      } catch (error) {
        if (!closing.signal.aborted) onTrouble(error)
      }
      const delay = Math.min(lastRetryMs, firstRetryMs * 2 ** failures)
      failures += 1
      await wait(delay, undefined, { signal: closing.signal }).catch(() => {}) // `close` does not wait for the next try.
    }
  }

  const listening = keepListening()
  return {
    on(channel, listener) {
      listeners[channel].add(listener)
      return () => {
        listeners[channel].delete(listener)
      }
    },
    async close() {
      closing.abort()
      await end()
      await listening
    },
  }
}

function tell<News>(listeners: ReadonlySet<(news: News) => void>, news: News) {
  for (const listener of listeners) listener(news)
}

/** Whose news are a word, and no more. */
const isPlain = (channel: string): channel is Exclude<keyof Listeners, 'calls' | 'people'> =>
  ['routes', 'jobs', 'values'].includes(channel)

const noListeners = (): { [Channel in keyof Listeners]: Set<Listeners[Channel]> } => ({
  calls: new Set(),
  routes: new Set(),
  jobs: new Set(),
  values: new Set(),
  people: new Set(),
})

/** One connection to hear by. `listen` resolves when it ends. */
function createConnection(connectionString: string) {
  const socket = new Socket() // of our own, for the server that does not let go of it
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: 2_000,
    query_timeout: queryLimitMs,
    keepAlive: true,
    stream: () => socket,
  })
  const ended = new Promise((done) => client.once('end', done))
  return {
    client,
    async listen(onListening: () => void) {
      await client.connect()
      await client.query('listen calls; listen routes; listen jobs; listen values; listen people')
      onListening()
      await ended
    },
    async end() {
      const limit = setTimeout(() => socket.destroy(), endLimitMs)
      await client.end().catch(() => {})
      clearTimeout(limit)
    },
  }
}
