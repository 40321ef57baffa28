import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { frontDesk } from '#flow/sample.ts'
import { openStore } from '#store/database.ts'
import { type EmbeddedPostgres, startPostgres } from '#store/embedded.ts'
import { StoreError } from '#store/error.ts'
import { migrate } from '#store/migrate.ts'
import type { Endings } from './endings.ts'
import { pauseBefore, steadyMs } from './pause.ts'

type Deps = { dataDir: string; endings: Endings; say(line: string): void }

/** The database of this start, with all migrations: the one at `given`, or one of our own, which ends with the start. */
export async function startDatabase(given: string | undefined, deps: Deps): Promise<string> {
  const databaseUrl = given || (await startOwn(deps))
  await migrate(databaseUrl).catch((error: unknown) => {
    throw given ? new Error(cannotUse(given, error), { cause: error }) : error
  })
  return databaseUrl
}

/** The setting, without its password, what PostgreSQL or the network says, and what to do. */
function cannotUse(databaseUrl: string, error: unknown): string {
  const { host, pathname } = new URL(databaseUrl)
  const said = error instanceof StoreError ? error.cause : error
  const code = said instanceof Error && 'code' in said ? ` (${said.code})` : ''
  return `DATABASE_URL leads to ${host}${pathname}, and it cannot be used${code}: ${said instanceof Error ? said.message : said}
Correct it or start that PostgreSQL, or leave DATABASE_URL out: then one of its own is started here.`
}

async function startOwn({ dataDir, endings, say }: Deps): Promise<string> {
  const folder = join(dataDir, 'postgres')
  const first = await startPostgres({ dataDir: folder })
  const stopping = new AbortController()
  const kept = keepRunning(folder, first, stopping.signal, say)
  endings.add(async () => {
    stopping.abort()
    await (await kept)?.stop()
  })
  return first.databaseUrl
}

/**
 * Starts it again, at the same address, whenever it ends by itself: the other parts go on meanwhile, and find it again.
 * @returns the one that runs when `stopping` says so; null if none does
 */
async function keepRunning(
  folder: string,
  first: EmbeddedPostgres,
  stopping: AbortSignal,
  say: Deps['say'],
): Promise<EmbeddedPostgres | null> {
  const stopped = new Promise((done) => stopping.addEventListener('abort', done))
  let running: EmbeddedPostgres | null = first
  let began = performance.now()
  for (let endings = 1; ; endings += 1) {
    await Promise.race([running?.ended, stopped])
    if (stopping.aborted) return running
    if (performance.now() - began > steadyMs) endings = 1
    const pauseMs = pauseBefore(endings)
    say(`The database has ended. It is started again in ${pauseMs / 1000} s; calls go on.`)
    await wait(pauseMs, undefined, { signal: stopping }).catch(() => {})
    if (stopping.aborted) return null
    began = performance.now()
    running = await startPostgres({ dataDir: folder, port: first.port, onlyPort: true }).catch((error: Error) => {
      say(error.message)
      return null
    })
  }
}

/** A new installation holds a sample that answers calls. True when there was nothing before. */
export async function seed(databaseUrl: string, tenantId: string): Promise<boolean> {
  const store = openStore({ databaseUrl })
  try {
    if ((await store.flows.list(tenantId, { limit: 1 })).total > 0) return false
    const by = 'Call flows'
    const { id, revision } = await store.flows.create(tenantId, { flow: frontDesk, by })
    await store.versions.publish(tenantId, id, { revision, note: 'The sample', by })
    return true
  } finally {
    await store.close()
  }
}
