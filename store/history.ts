import { setImmediate as nextTick, setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { StoreError } from './error.ts'
import { type HistoryEntry, parametersOf, withoutOldest, writeBatch } from './historyBatch.ts'

export type { HistoryEntry } from './historyBatch.ts'

export type History = ReturnType<typeof openHistory>

const batchSize = 2_000
const closeLimitMs = 5_000
const firstRetryMs = 250
const lastRetryMs = 5_000

/**
 * Writes down what happens in calls, off their path: in batches, one statement each and one at a time. The first entry after a
 * quiet time is written at once, later ones every `flushMs`. While the database is away, entries wait, up to `capacity`; then
 * the oldest steps go first, so that every call keeps its beginning and its end.
 * @param options.onTrouble hears of each attempt that failed, and of each entry that cannot be stored
 */
export function openHistory(options: {
  databaseUrl: string
  /** The process that looks after the calls that begin here (processes.ts). */
  process?: string
  capacity?: number
  flushMs?: number
  onTrouble: (error: unknown) => void
}) {
  const { databaseUrl, process = null, capacity = 200_000, flushMs = 200, onTrouble } = options
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 1,
    connectionTimeoutMillis: 2_000,
    query_timeout: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
  })
  pool.on('error', () => {}) // The pool has dropped the connection; the next batch says so if need be.
  pool.on('connect', (client) => client.on('error', () => {})) // nor does one that breaks while it is being closed

  const writer: Writer = {
    queue: [],
    batch: [],
    dropped: 0,
    failing: null,
    hurry: new AbortController(),
    closed: false,
  }
  const waiting = () => writer.batch.length + writer.queue.length

  async function flush() {
    writer.hurry.abort()
    await writer.working
  }

  return {
    /** Costs the call a push to an array. Never throws, never waits. */
    record(entry: HistoryEntry) {
      if (writer.closed) {
        writer.dropped += 1
        return
      }
      writer.queue.push(entry)
      if (waiting() > capacity) {
        const before = writer.queue.length
        // Some more than needed, so that a long outage does not search the queue for each entry.
        writer.queue = withoutOldest(writer.queue, Math.max(1, Math.floor(capacity / 100)))
        writer.dropped += before - writer.queue.length
      }
      writer.working ??= work(writer, { pool, process, flushMs, onTrouble })
    },
    /** Resolves when all that was recorded is written, however long the database is away. */
    flush,
    /** Writes what it can within five seconds, and ends. */
    async close() {
      const limit = new AbortController()
      await Promise.race([flush(), wait(closeLimitMs, undefined, { signal: limit.signal }).catch(() => {})])
      limit.abort()
      writer.closed = true
      if (waiting() > 0) {
        const message = `The database was away at the end, and ${waiting()} entries of the call history are not in it.`
        onTrouble(new StoreError('unavailable', {}, { message }))
      }
      writer.hurry.abort()
      await pool.end()
    },
    /** Entries that are not written yet. */
    waiting,
    /** Entries that never will be: beyond `capacity`, or not to be stored. */
    dropped: () => writer.dropped,
    /** Why the last batch could not be written, as a code of PostgreSQL or of a socket; null once one was. */
    failing: () => writer.failing,
  }
}

/** What is on its way to the database. */
type Writer = {
  queue: HistoryEntry[]
  /** Taken from the queue: under way, or to be tried again. */
  batch: HistoryEntry[]
  dropped: number
  failing: string | null
  working?: Promise<void> | undefined
  /** Cuts the pause before the next batch short. */
  hurry: AbortController
  closed: boolean
}

type Deps = { pool: pg.Pool; process: string | null; flushMs: number; onTrouble: (error: unknown) => void }

/** Writes until nothing is left in the queue. */
async function work(writer: Writer, { pool, process, flushMs, onTrouble }: Deps) {
  let lastWriteAt = -flushMs
  let failures = 0
  try {
    for (;;) {
      const untilNext = writer.queue.length >= batchSize ? 0 : lastWriteAt + flushMs - performance.now()
      const delay = failures > 0 ? Math.min(lastRetryMs, firstRetryMs * 2 ** (failures - 1)) : untilNext
      await (delay > 0 ? rest(writer, delay) : nextTick())
      if (writer.batch.length === 0) writer.batch = writer.queue.splice(0, batchSize)
      const { batch } = writer
      if (batch.length === 0 || writer.closed) return
      lastWriteAt = performance.now()
      const error = await failureOf(pool, parametersOf(batch, process))
      writer.failing = error === null || isRefused(error) ? null : codeOf(error)
      if (error === null) {
        writer.batch = []
        failures = 0
      } else if (!isRefused(error)) {
        failures += 1
        onTrouble(error)
      } else if (batch.length === 1) {
        writer.batch = []
        writer.dropped += 1
        onTrouble(error)
      } else {
        // One of them cannot be stored: halves find out which, and the others are kept.
        writer.queue.unshift(...batch.splice(Math.ceil(batch.length / 2)))
        lastWriteAt = -flushMs
      }
    }
  } finally {
    writer.working = undefined // In the same turn as the look at the queue, so that no entry falls between.
  }
}

/** Writes, and says what went wrong. */
async function failureOf(pool: pg.Pool, values: ReturnType<typeof parametersOf>): Promise<unknown> {
  try {
    await pool.query({ name: 'history', text: writeBatch, values })
    return null
  } catch (error) {
    return error
  }
}

async function rest(writer: Writer, ms: number) {
  writer.hurry = new AbortController()
  await wait(ms, undefined, { signal: writer.hurry.signal }).catch(() => {}) // Cut short by `flush`.
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'noAnswer'

/** PostgreSQL has read the batch and cannot store something in it: class 22, data exceptions, and 23, integrity. */
const isRefused = (error: unknown) => /^2[23]/.test(codeOf(error))
