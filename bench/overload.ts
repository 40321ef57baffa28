import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { botFlags } from '#scripts/start/bot.ts'
import { bundle, scratchFolder } from './lib/bundle.ts'
import { openCallers } from './lib/callers.ts'
import { percentile } from './lib/figures.ts'
import { option } from './lib/options.ts'
import { listening, onCore, stop } from './lib/servers.ts'
import { sharedWords } from './lib/sharedBench.ts'

// Twice as many calls as the bot can take (goal P11): what becomes of its replies and of the calls under way.

const ms = option('ms', 10_000)
const times = option('times', 2)
const [port, graphPort] = [4420, 4410]
const words = await sharedWords()
const keys = words.makeKeys()
const bot = onCore(0, [...botFlags, await bundle(join(import.meta.dirname, 'botUnderTest.ts'), scratchFolder())], {
  BENCH_PORT: String(port),
  BENCH_GRAPH_URL: `http://127.0.0.1:${graphPort}`,
  BENCH_OPENID_URL: `http://127.0.0.1:${graphPort}/openid`,
  BENCH_APP_ID: words.appId,
  BENCH_TENANT_ID: words.tenantId,
})
await listening(port)
const callers = await openCallers({ words, keys, port, graphPort })
await callers.closedLoop(64, 5_000)
const most = await callers.closedLoop(64, 5_000)
const { replies, answers, commands, turnedAway, done, refused } = await callers.openLoop(most * times, ms)
const round = (value: number) => Math.round(value)
console.table({
  'calls/s that it can take': round(most),
  'calls/s asked for': round(most * times),
  'calls, of which turned away': `${done}, ${turnedAway}`,
  'replies that are not 202': refused,
  'reply p50, p99, p99.9 (must 500) ms': [0.5, 0.99, 0.999]
    .map((share) => round(percentile(replies, share)))
    .join(', '),
  'calls under way, news to command p50, p99 (must 250) ms': [0.5, 0.99]
    .map((share) => round(percentile(commands, share)))
    .join(', '),
  'new calls, to their answer p50, p99 ms': [0.5, 0.99].map((share) => round(percentile(answers, share))).join(', '),
})
await stop(bot)
await callers.close()
rmSync(keys.dir, { recursive: true, force: true })
