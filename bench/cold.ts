import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { botFlags } from '#scripts/start/bot.ts'
import { bundle, scratchFolder } from './lib/bundle.ts'
import { openCallers } from './lib/callers.ts'
import { median, percentile } from './lib/figures.ts'
import { option } from './lib/options.ts'
import { listening, onCore, stop } from './lib/servers.ts'
import { sharedFile, sharedWords } from './lib/sharedBench.ts'

// A cold process: from its start to its first 202 beside the bare server (goal P19), and how it answers its first 100 calls.

const reps = option('reps', 5)
const [port, graphPort] = [4440, 4430]
const words = await sharedWords()
const keys = words.makeKeys()
const file = await bundle(join(import.meta.dirname, 'botUnderTest.ts'), scratchFolder())
const url = `http://127.0.0.1:${port}`
const ours = () =>
  onCore(0, [...botFlags, file], {
    BENCH_PORT: String(port),
    BENCH_GRAPH_URL: `http://127.0.0.1:${graphPort}`,
    BENCH_OPENID_URL: `http://127.0.0.1:${graphPort}/openid`,
    BENCH_APP_ID: words.appId,
    BENCH_TENANT_ID: words.tenantId,
    BENCH_LISTENS_FIRST: 'true',
  })
const bare = () =>
  onCore(
    0,
    [sharedFile('server.mjs'), '--engine=none', `--port=${port}`, `--graph=${graphPort}`, `--keys=${keys.pem}`],
    {},
  )

async function firstReply(start: typeof ours): Promise<number> {
  const begun = performance.now()
  const server = start()
  await listening(port)
  const headers = {
    authorization: `Bearer ${readFileSync(keys.tok, 'utf8').trim()}`,
    'content-type': 'application/json',
    connection: 'close',
  }
  const { status } = await fetch(`${url}/api/calls`, {
    method: 'POST',
    headers,
    body: words.notification(1, 0, 'first'),
  })
  const ms = performance.now() - begun
  if (status !== 202) throw new Error(`The first reply was ${status}.`)
  await stop(server)
  return ms
}

async function firstHundred(): Promise<{ answer: number; command: number; readyMs: number }> {
  const begun = performance.now()
  const bot = ours()
  await listening(port)
  for (;;) {
    const { ok } = await fetch(`${url}/api/health`, { headers: { connection: 'close' } })
    if (ok) break
    await wait(20)
  }
  const readyMs = performance.now() - begun
  const { answers, commands } = await callers.openLoop(50, 2_000)
  await stop(bot)
  return { answer: percentile(answers, 0.99), command: percentile(commands, 0.99), readyMs }
}

const callers = await openCallers({ words, keys, port, graphPort })
const [first, bareFirst, hundred] = [[] as number[], [] as number[], [] as Awaited<ReturnType<typeof firstHundred>>[]]
for (let n = 0; n < reps; n += 1) {
  bareFirst.push(await firstReply(bare))
  first.push(await firstReply(ours))
  hundred.push(await firstHundred())
}
console.table({
  'start to first 202, ours and bare, ms': `${median(first).toFixed(0)}, ${median(bareFirst).toFixed(0)}`,
  'ours, times bare (must 2.2)': median(first.map((ms, n) => ms / (bareFirst[n] ?? Number.NaN))).toFixed(2),
  'start to ready, ms': median(hundred.map(({ readyMs }) => readyMs)).toFixed(0),
  'first 100 calls, answer p99 (must 300), ms': median(hundred.map(({ answer }) => answer)).toFixed(0),
  'first 100 calls, command p99, ms': median(hundred.map(({ command }) => command)).toFixed(0),
})
await callers.close()
rmSync(keys.dir, { recursive: true, force: true })
