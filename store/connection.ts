import pg from 'pg'
import { StoreError } from './error.ts'
import type { Prisma, PrismaClient } from './generated/client.ts'

/** The words that the modules of the store have for the database: one pool, with Prisma and with plain SQL. */
export type Connection = ReturnType<typeof openConnection>

const connectionLimitMs = 2_000
const queryLimitMs = 5_000

/**
 * Connects when first asked. Prisma is loaded only by the first question that needs it, so that a process which never asks
 * one starts without it.
 */
export function openConnection(databaseUrl: string, poolSize = 10) {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: poolSize,
    connectionTimeoutMillis: connectionLimitMs,
    query_timeout: queryLimitMs,
    keepAlive: true,
  })
  pool.on('error', () => {}) // An idle connection broke: the pool has dropped it, and the next question says so if need be.

  let client: Promise<PrismaClient> | undefined
  const load = async () => {
    const [{ PrismaPg }, { PrismaClient }] = await Promise.all([
      import('@prisma/adapter-pg'),
      import('./generated/client.ts'),
    ])
    return new PrismaClient({ adapter: new PrismaPg(pool) })
  }
  const loaded = () => {
    client ??= load()
    return client
  }

  return {
    prisma: <T>(work: (client: PrismaClient) => Promise<T>) => inOurWords(async () => work(await loaded())),
    transaction: <T>(work: (client: Prisma.TransactionClient) => Promise<T>) =>
      inOurWords(async () =>
        (await loaded()).$transaction(work, { maxWait: connectionLimitMs, timeout: queryLimitMs }),
      ),
    sql: <Row extends pg.QueryResultRow>(text: string, values: unknown[]) =>
      inOurWords(async () => (await pool.query<Row>(text, values)).rows),
    async close() {
      await (await client)?.$disconnect()
      await pool.end()
    },
  }
}

/** Does some work in the database; if it is away, says so as StoreError `unavailable`. */
export async function inOurWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isAway(error)) throw new StoreError('unavailable', {}, { cause: error })
    throw error
  }
}

// Sockets, then https://www.postgresql.org/docs/18/errcodes-appendix.html, then https://www.prisma.io/docs/orm/reference/error-reference
const awayCodes =
  /^(E(CONN\w+|PIPE|TIMEDOUT|HOST\w+|NET\w+|AI_AGAIN|NOTFOUND)|08...|57P0.|53300|P1001|P1002|P1008|P1017|P2024|P2028)$/
// pg has no codes for these.
const awayMessages = /timeout exceeded when trying to connect|Connection terminated|Query read timeout|not queryable/

/** True if the database was not reached, or left before it had answered. */
function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return awayCodes.test(code) || awayMessages.test(error.message) || isAway(error.cause)
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Ids come from addresses that anybody may type; PostgreSQL refuses what is no UUID, and for us it is a row that is not there. */
export const isId = (text: string) => uuid.test(text)
