import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Exchange } from '#emulator/wire/traffic.ts'
import { freePort } from '#scripts/start/ports.ts'
import { openStore } from '#store/database.ts'
import { createControl } from '#test/caller.ts'
import { openWire } from '#test/wire.ts'
import { scratchFolder } from './lib/bundle.ts'
import { startChild } from './lib/child.ts'
import { openDatabase } from './lib/database.ts'
import { percentile } from './lib/figures.ts'
import { option } from './lib/options.ts'
import { call, type Outcome } from './people.ts'
import { referenceFlow } from './referenceFlow.ts'

// Many live calls at once on the real bot, the emulator and PostgreSQL, each a process of its own: first with all well,
// then with the database away, then with one that hangs. Prompts last as long as they do in life.

const people = option('calls', 100)
const seconds = option('seconds', 60)
const awaySeconds = option('away', 20)

const database = await openDatabase(scratchFolder())
const wire = await openWire(database.databaseUrl)
const identity = { BOT_APP_ID: randomUUID(), BOT_APP_SECRET: randomUUID(), BOT_TENANT_ID: randomUUID() }
const taken = new Set<number>()
const [botPort, emulatorPort] = [await freePort(24_000, taken), await freePort(25_000, taken)]
const [botUrl, emulatorUrl] = [`http://127.0.0.1:${botPort}`, `http://127.0.0.1:${emulatorPort}`]

const store = openStore({ databaseUrl: database.databaseUrl })
const tenantId = identity.BOT_TENANT_ID
const { id, revision } = await store.flows.create(tenantId, { flow: referenceFlow, by: 'bench' })
await store.versions.publish(tenantId, id, { revision, note: '', by: 'bench' })
await store.close()

const common = { ...identity, PUBLIC_URL: 'https://bot.localhost', NODE_ENV: 'production' }
const [emulator, bot] = await Promise.all([
  startChild('emulator/main.ts', emulatorUrl, { ...common, EMULATOR_PORT: String(emulatorPort), BOT_URL: botUrl }),
  startChild('bot/main.ts', botUrl, {
    ...common,
    BOT_PORT: String(botPort),
    EMULATOR_URL: emulatorUrl,
    DATABASE_URL: wire.url,
    LOG_LEVEL: 'fatal',
  }),
])

const control = createControl(emulatorUrl)
const outcomes: Outcome[] = []
const exchanges: Exchange[] = []

/** The emulator keeps the last few thousand only, so they are taken while they come. */
async function collect() {
  exchanges.push(...(await control<Exchange[]>('GET', `/requests?after=${exchanges.at(-1)?.n ?? 0}`)))
}

const rampMs = 10_000
const phases = [
  { name: 'first calls', ms: rampMs, begin: () => {} },
  { name: 'all well', ms: seconds * 1000, begin: () => {} },
  { name: 'database away', ms: awaySeconds * 1000, begin: () => wire.cut() },
  { name: 'database hangs', ms: awaySeconds * 1000, begin: freeze },
]
let over = false
let live = 0
const callers = Array.from({ length: people }, async (_, n) => {
  await wait((n / people) * rampMs)
  for (let round = n; !over; round++) {
    live += 1
    outcomes.push(await call(control, round % 4 === 3))
    live -= 1
  }
})

const spans: { from: number; to: number; seen: Record<string, string | number> }[] = []
for (const { name, ms, begin } of phases) {
  await begin()
  const [from, cpu] = [Date.now(), { bot: bot.cpuSeconds(), emulator: emulator.cpuSeconds() }]
  const transactions = await database.transactions()
  let most = 0
  while (Date.now() < from + ms) {
    await wait(1000)
    await collect()
    most = Math.max(most, live)
  }
  const to = Date.now()
  const share = (used: number) => `${Math.round((used / (to - from)) * 100_000)} %`
  const seen = {
    phase: name,
    'live at most': most,
    'bot CPU': share(bot.cpuSeconds() - cpu.bot),
    'emulator CPU': share(emulator.cpuSeconds() - cpu.emulator),
    'bot MB': bot.rssMb(),
    'emulator MB': emulator.rssMb(),
    transactions: (await database.transactions()) - transactions,
  }
  spans.push({ from, to, seen })
}
over = true
await Promise.all(callers)
wire.mend()
await collect()

const answeredAt = new Map(
  exchanges.flatMap((one) =>
    one.kind === 'request' && one.operation === 'call-answer' ? [[one.callId, Date.parse(one.at)]] : [],
  ),
)
const begun = (one: Extract<Exchange, { kind: 'notification' }>) => Date.parse(one.at) - one.ms
console.table(
  spans.map(({ from, to, seen }) => {
    const news = exchanges
      .filter((one) => one.kind === 'notification')
      .filter((one) => begun(one) >= from && begun(one) < to)
    const replies = news.map(({ ms }) => ms)
    const answers = news
      .filter(({ body }) => JSON.stringify(body).includes('"changeType":"created"'))
      .map((one) => (answeredAt.get(one.callId) ?? Number.POSITIVE_INFINITY) - begun(one))
    return {
      ...seen,
      notifications: news.length,
      'not taken': news.filter(({ status }) => status !== 202).length,
      'reply p50': percentile(replies, 0.5),
      'reply p99': percentile(replies, 0.99),
      'new calls': answers.length,
      'answer p50': percentile(answers, 0.5),
      'answer p99': percentile(answers, 0.99),
    }
  }),
)

const requests = new Map<string, number>()
for (const one of exchanges) {
  if (one.kind === 'request' && one.callId) requests.set(one.callId, (requests.get(one.callId) ?? 0) + 1)
}
const perCall: Record<string, number> = {}
for (const { id, how } of outcomes) {
  const count = `${requests.get(id) ?? 0} requests`
  if (how === 'reference') perCall[count] = (perCall[count] ?? 0) + 1
}
console.log('Graph requests of each reference call (goal P12: 7):', perCall)
const failures = outcomes.filter(({ how }) => how === 'failed')
console.log(`Calls: ${outcomes.length}, of which failed: ${failures.length}`, [
  ...new Set(failures.map(({ why }) => why)),
])

const stored = await historyOf(outcomes.length)
console.log(`In the history after the database came back: ${stored.all} calls, ${stored.ended} of them ended`)

await bot.stop()
await emulator.stop()
await wire.close()
await database.stop()

/** Lets the connections that were cut come back first. */
async function freeze() {
  wire.mend()
  await wait(6_000)
  wire.freeze()
}

async function historyOf(expected: number): Promise<{ all: number; ended: number }> {
  for (let n = 0; ; n++) {
    const found = await database.calls()
    if (found.ended >= expected || n > 300) return found
    await wait(100)
  }
}
