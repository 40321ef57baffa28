import pg from 'pg'
import { StoreError, type Unavailability } from './error.ts'
import type { Prisma, PrismaClient } from './generated/client.ts'

/** The words that the modules of the store have for the database: one pool, with Prisma and with plain SQL. */
export type Connection = ReturnType<typeof openConnection>

const connectionLimitMs = 2_000
const queryLimitMs = 5_000
/**
 * Longer than a question and the rollback behind it, each of which ends by the limit above: when Prisma itself ends a transaction, nobody
 * hears of a rollback that fails, and Node ends a process for that.
 */
const transactionLimitMs = 3 * queryLimitMs

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
  pool.on('connect', (client) => client.on('error', () => {})) // One that breaks while it is being closed has no other listener.

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
        (await loaded()).$transaction(work, { maxWait: connectionLimitMs, timeout: transactionLimitMs }),
      ),
    sql: <Row extends pg.QueryResultRow>(text: string, values: unknown[]) =>
      inOurWords(async () => (await pool.query<Row>(text, values)).rows),
    async close() {
      await (await client)?.$disconnect()
      await pool.end()
    },
  }
}

/**
 * Plain SQL within a transaction. Who asked by the pool there would wait for a second connection while holding the first: as many at once
 * as the pool is large would wait for ever.
 */
export const sqlIn =
  (client: Prisma.TransactionClient): Connection['sql'] =>
  (text, values) =>
    client.$queryRawUnsafe(text, ...values)

/** Does some work in the database; if it is away, takes nothing at the moment, or has a flow of that name, says so as StoreError. */
export async function inOurWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const causes = causesOf(error)
    if (causes.some(hasRefused('flows_one_name'))) throw new StoreError('flowNameTaken', {}, { cause: error })
    if (causes.some(hasRefused('calendars_one_name')) || causes.some(hasRefused('tables_one_name')))
      throw new StoreError('nameTaken', {}, { cause: error })
    // A calendar was deleted, or a rule that goes by it made, at this very moment.
    if (causes.some(hasRefused('routes_calendar_id_fkey')))
      throw new StoreError('changedMeanwhile', {}, { cause: error })
    const reason = reasonOf(causes)
    if (reason) throw new StoreError('unavailable', reason === 'away' ? {} : { why: reason }, { cause: error })
    throw error
  }
}

/**
 * What the code of an error means for whoever asked: of sockets, of PostgreSQL (https://www.postgresql.org/docs/18/errcodes-appendix.html),
 * and of Prisma (https://www.prisma.io/docs/orm/reference/error-reference).
 */
const reasons: readonly (readonly ['away' | Unavailability, RegExp])[] = [
  ['full', /^53100$/],
  // A standby, or one that was set so to save what is left.
  ['readOnly', /^25006$/],
  // Who waits for a lock says how long (tableRows.ts).
  ['locked', /^55P03$/],
  // Too many connections, too little memory, a statement that took too long, two writers in each other's way.
  ['busy', /^(53...|57014|40001|40P01|P2024|P2028|P2034)$/],
  ['away', /^(E(CONN\w+|PIPE|TIMEDOUT|HOST\w+|NET\w+|AI_AGAIN|NOTFOUND)|08...|57...|58...|P1001|P1002|P1008|P1017)$/],
]
// pg has no codes for these.
const awayMessages = /timeout exceeded when trying to connect|Connection terminated|Query read timeout|not queryable/

/** An index has refused a name; in whatever language the server speaks, it names the index. */
const hasRefused =
  (index: string) =>
  ({ message, originalMessage }: Cause) =>
    `${message} ${originalMessage}`.includes(index)

/** Why the database has not done what it was asked; null if it has refused the question itself. */
function reasonOf(all: Cause[]): 'away' | Unavailability | null {
  const codes = all.flatMap(({ code, originalCode }) => [originalCode, code]).filter((code) => typeof code === 'string')
  const known = reasons.find(([, pattern]) => codes.some((code) => pattern.test(code)))
  if (known) return known[0]
  return all.some(({ message }) => typeof message === 'string' && awayMessages.test(message)) ? 'away' : null
}

type Cause = Partial<Record<'code' | 'originalCode' | 'message' | 'originalMessage' | 'cause' | 'meta', unknown>>

/** An error with all that it came from; Prisma keeps the driver's under `meta`. */
function causesOf(error: unknown): Cause[] {
  if (typeof error !== 'object' || error === null) return []
  const cause: Cause = error
  const { meta } = cause
  const driver =
    typeof meta === 'object' && meta !== null && 'driverAdapterError' in meta ? meta.driverAdapterError : null
  return [cause, ...causesOf(cause.cause), ...causesOf(driver)]
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Ids come from addresses that anybody may type; PostgreSQL refuses what is no UUID, and for us it is a row that is not there. */
export const isId = (text: string) => uuid.test(text)
