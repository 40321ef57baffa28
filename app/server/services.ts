import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { openRequester } from '#outbound/requester.ts'
import { openFlite } from '#speech/flite.ts'
import { createSpeaker, type Speaker } from '#speech/speak.ts'
import { type Changes, openChanges } from '#store/changes.ts'
import { openStore, type Store } from '#store/database.ts'
import { logError } from './logError.ts'
import { publishKind, publishWork } from './publishing.ts'
import { retentionKind, retentionWork } from './retention.ts'
import { readSettings, type Settings } from './settings.ts'
import { openStreams, type Streams } from './streams.ts'

/** What the routes work with. */
export type Services = {
  settings: Settings
  store: Store
  changes: Changes
  streams: Streams
  /** Sends what flows ask services, to try it. */
  requester: ReturnType<typeof openRequester>
  /** Speaks prompts and keeps them for this tenant. `turn` is who asks: those who wait for the voice take turns. */
  speakerOf(tenantId: string, turn: string): Speaker
}

/** Whoever speaks many texts has a thread for each core, and one is there for somebody else. Each is some 60 MB while it speaks. */
const voices = Math.min(4, availableParallelism() + 1)

// `next dev` loads modules anew with every change; the process keeps what it has opened.
const kept = globalThis as typeof globalThis & { services?: Services }

/** One of each for the whole process, opened with the first question. @throws Error if the settings are wrong */
export function services(): Services {
  kept.services ??= openServices(readSettings(process.env))
  return kept.services
}

function openServices(settings: Settings): Services {
  const store = openStore({ databaseUrl: settings.databaseUrl, dataKey: settings.dataKey })
  // Next moves modules about; the thread's file is found from where the program was started.
  const voice = openFlite({ workers: voices, workerFile: join(process.cwd(), 'speech', 'fliteWorker.ts') })
  const changes = openChanges(settings.databaseUrl, () => {}) // whoever listens also asks again by itself
  const speakerOf: Services['speakerOf'] = (tenantId, turn) =>
    createSpeaker({
      voice,
      turn: `${tenantId} ${turn}`,
      find: (keys) => store.prompts.find(tenantId, keys),
      save: async (prompt) => ({ publicId: await store.prompts.save(tenantId, prompt) }),
    })
  // Why here and not in the bot: decisions/durable-jobs.md.
  store.jobs.work(
    {
      [publishKind]: publishWork({ store, speakerOf }),
      [retentionKind]: retentionWork({ store, speakerOf, keepDays: settings.keepDays }),
    },
    { onNews: (look) => changes.on('jobs', look), onTrouble: (error) => logError(randomUUID(), error) },
  )
  const { tenantId } = settings
  // It is there already, but for the first start. With the database away the next start adds it.
  store.jobs.add({ tenantId, kind: retentionKind, key: 'daily', data: null }).catch(() => {})
  return {
    settings,
    store,
    changes,
    streams: openStreams(),
    requester: openRequester({ localServices: settings.localServices }),
    speakerOf,
  }
}
