import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { bundle, scratchFolder } from './lib/bundle.ts'
import { openCallers } from './lib/callers.ts'
import { median, percentile } from './lib/figures.ts'
import { option } from './lib/options.ts'
import { listening, onCore, stop } from './lib/servers.ts'
import { sharedFile, sharedWords } from './lib/sharedBench.ts'

/**
 * From news to the command that follows, at a steady number of calls a second, beside a bare server (goal P10): in the first seconds of a
 * process, and once each has had the same time to become fast.
 */

const [reps, ms, rate] = [option('reps', 5), option('ms', 5_000), option('rate', 300)]
const [port, graphPort] = [4420, 4410]
const words = await sharedWords()
const keys = words.makeKeys()
const file = await bundle(join(import.meta.dirname, 'botUnderTest.ts'), scratchFolder())

const servers = {
  bare: () =>
    onCore(
      0,
      [
        sharedFile('server.mjs'),
        ...['--engine=none', '--jwt=cache', `--port=${port}`, `--keys=${keys.pem}`, `--graph=${graphPort}`],
      ],
      {},
    ),
  ours: () =>
    onCore(0, [file], {
      BENCH_PORT: String(port),
      BENCH_GRAPH_URL: `http://127.0.0.1:${graphPort}`,
      BENCH_OPENID_URL: `http://127.0.0.1:${graphPort}/openid`,
      BENCH_APP_ID: words.appId,
      BENCH_TENANT_ID: words.tenantId,
    }),
}

type Figures = { fresh: number; p50: number; p99: number; done: number }

async function measure(server: keyof typeof servers): Promise<Figures> {
  const callers = await openCallers({ words, keys, port, graphPort })
  const child = servers[server]()
  await listening(port)
  const fresh = percentile((await callers.openLoop(rate, ms)).commands, 0.99)
  const { commands, done } = await callers.openLoop(rate, ms)
  await stop(child)
  await callers.close()
  return { fresh, p50: percentile(commands, 0.5), p99: percentile(commands, 0.99), done: (done / ms) * 1000 }
}

const rounds: { bare: Figures; ours: Figures }[] = []
for (let rep = 0; rep < reps; rep += 1) rounds.push({ bare: await measure('bare'), ours: await measure('ours') })
rmSync(keys.dir, { recursive: true, force: true })

const round = (value: number) => Number(value.toFixed(2))
const row = (of: (one: (typeof rounds)[number]) => Figures) => ({
  'calls/s': Math.round(median(rounds.map((one) => of(one).done))),
  'p50 ms': round(median(rounds.map((one) => of(one).p50))),
  'p99 ms': round(median(rounds.map((one) => of(one).p99))),
  'p99 ms, first seconds': round(median(rounds.map((one) => of(one).fresh))),
})
const times = (key: 'p99' | 'fresh') => round(median(rounds.map(({ ours, bare }) => ours[key] / bare[key])))
console.table({ bare: row(({ bare }) => bare), ours: row(({ ours }) => ours) })
console.log(
  `p99 from news to command, times bare, by rounds (must 2): ${times('p99')}; first seconds: ${times('fresh')}`,
)
