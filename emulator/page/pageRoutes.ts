import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import type { Settings } from '../settings.ts'
import { localAddress } from '../wire/addresses.ts'
import { streamEvents } from '../wire/eventStream.ts'
import type { Exchange, Traffic } from '../wire/traffic.ts'
import { listCalls } from '../world/calls.ts'
import type { Entry } from '../world/transcript.ts'
import { type CallView, viewOf } from '../world/views.ts'
import type { World } from '../world/world.ts'

/** The page for people: what is on the wire and on the calls, live. It asks the control API for everything else. */

/** As long as nobody would notice; what happens meanwhile goes in one piece. */
const tickMs = 200
/** The page shows no more rows than this, so it is sent no more at once. */
const maxRows = 500
/** A page that reads slower than this waits for its next piece. */
const maxUnread = 4_000_000

/** One piece of news. What the page was not told for want of room shows as a gap in its numbers. */
export type News = NonNullable<ReturnType<ReturnType<typeof newsOf>['next']>>

type Deps = { world: World; traffic: Traffic }

const scripts = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.js'))
const files = [
  { path: '/', file: 'index.html', type: 'text/html; charset=utf-8' },
  { path: '/page/page.css', file: 'page.css', type: 'text/css; charset=utf-8' },
  ...scripts.map((file) => ({ path: `/page/${file}`, file, type: 'text/javascript; charset=utf-8' })),
  { path: '/page/icon.svg', file: 'icon.svg', type: 'image/svg+xml' },
  { path: '/page/messages.en.json', file: 'messages.en.json', type: 'application/json; charset=utf-8' },
]

const pageHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "media-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** To be registered behind the guard of the control API: what the page shows is for this machine only. */
export async function pageRoutes(server: FastifyInstance, deps: Deps): Promise<void> {
  const instance = randomUUID()
  for (const { path, file, type } of files) {
    const bytes = file === 'index.html' ? pageInWords() : read(file)
    server.get(path, async (_request, reply) => reply.headers(pageHeaders).type(type).send(bytes))
  }
  server.get('/emulator/events', async (_request, reply) => {
    // A page that comes back is told everything again.
    streamEvents(reply, (raw) => {
      const news = newsOf({ instance, ...deps })
      const tell = () => {
        const piece = raw.writableLength > maxUnread ? null : news.next()
        if (piece) raw.write(`data: ${JSON.stringify(piece)}\n\n`)
      }
      tell()
      const ticks = setInterval(tell, tickMs)
      return () => {
        clearInterval(ticks)
        news.stop()
      }
    })
    return reply
  })
}

const read = (file: string): string => readFileSync(new URL(`./${file}`, import.meta.url), 'utf8')

/** index.html names its texts as `{{key}}`; they stand in messages.en.json with all others. Throws for a key that is not there. */
function pageInWords(): string {
  const words: Record<string, string> = JSON.parse(read('messages.en.json'))
  return read('index.html').replace(/\{\{(\w+)\}\}/g, (_all, key: string) => {
    const text = words[key]
    if (text === undefined) throw new Error(`emulator/page/messages.en.json has no text "${key}".`)
    return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  })
}

/** Somebody who remembers what one page was told. `next` gives what is new since, or null; the first time everything. */
function newsOf({ instance, world, traffic }: Deps & { instance: string }) {
  const { settings, clock, people } = world
  const told = new Map<string, { summary: string; lastEntry: number }>()
  let pending: Exchange[] = traffic.list().slice(-maxRows)
  let firstKept = traffic.first
  let ringing = ''
  let whole = true
  const stop = traffic.follow((one) => {
    pending.push(one)
    if (pending.length > maxRows * 2) pending = pending.slice(-maxRows)
  })

  function next() {
    const news = {
      /** Another one than before: the emulator was started anew, and its numbers count from 1 again. */
      instance,
      /** The whole state, not what changed: the first piece of a stream is. */
      whole,
      /** The emulator's clock, in milliseconds since 1970: it may run in a time of its own. */
      now: clock.now(),
      /** Calls that are new or changed. */
      calls: [] as Omit<CallView, 'transcript'>[],
      /** Ids of calls that are not kept any more. */
      gone: [] as string[],
      entries: [] as (Entry & { callId: string })[],
      traffic: pending.slice(-maxRows),
      /** All telephones that ring now, until somebody says what their owners do. */
      rings: people.rings(),
      /** Number of the oldest exchange that is kept. */
      firstKept: traffic.first,
      ...(whole && {
        /** Bots this emulator knows, in the first piece: what a bot must be given, without its secret. */
        apps: settings.apps.map((app) => knownApp(app, settings)),
      }),
    }
    const here = new Set<string>()
    for (const call of listCalls(world)) {
      here.add(call.id)
      const before = told.get(call.id)
      const { transcript, ...summary } = viewOf(call)
      const written = JSON.stringify(summary)
      const lastEntry = before?.lastEntry ?? 0
      for (const entry of transcript) if (entry.n > lastEntry) news.entries.push({ ...entry, callId: call.id })
      if (before?.summary !== written) news.calls.push(summary)
      told.set(call.id, { summary: written, lastEntry: transcript.at(-1)?.n ?? lastEntry })
    }
    for (const id of told.keys()) {
      if (here.has(id)) continue
      told.delete(id)
      news.gone.push(id)
    }
    const ringingNow = news.rings.map(({ id }) => id).join()
    const isNews =
      whole ||
      ringing !== ringingNow ||
      firstKept !== news.firstKept ||
      pending.length + news.calls.length + news.gone.length + news.entries.length > 0
    pending = []
    firstKept = news.firstKept
    ringing = ringingNow
    whole = false
    news.entries = news.entries.sort((one, other) => one.at.localeCompare(other.at)).slice(-maxRows)
    return isNews ? news : null
  }
  return { next, stop }
}

function knownApp(app: Settings['apps'][number], { addresses }: Settings) {
  const { appId, tenantId, displayName, webhook } = app
  return { appId, tenantId, displayName, webhook, local: webhook && addressOrNull(addresses, webhook) }
}

function addressOrNull(addresses: Settings['addresses'], url: string): string | null {
  try {
    return localAddress(addresses, url).href
  } catch {
    return null // not mapped: every notification will say so
  }
}
