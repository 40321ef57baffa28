import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { botFlags } from '#scripts/start/bot.ts'
import { bundle, scratchFolder } from './lib/bundle.ts'
import { median } from './lib/figures.ts'
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
    onCore(0, [...botFlags, file], {
      BENCH_PORT: String(port),
      BENCH_GRAPH_URL: `http://127.0.0.1:${graphPort}`,
      BENCH_OPENID_URL: `http://127.0.0.1:${graphPort}/.well-known/openidconfiguration`,
      BENCH_APP_ID: words.appId,
      BENCH_TENANT_ID: words.tenantId,
    }),
}

const Seen = z.object({
  callsPerSec: z.number(),
  http5: z.number(),
  wrong: z.number(),
  cmd: z.object({ p50: z.number(), p99: z.number() }),
})
type Figures = { fresh: z.infer<typeof Seen>; warm: z.infer<typeof Seen> }

/** The callers of the shared bench, who bring a Graph of their own. */
function callers(prefix: string): z.infer<typeof Seen> {
  const { stdout } = spawnSync(
    'taskset',
    [
      ...['-c', '1', process.execPath, sharedFile('load.mjs'), `--target=${port}`, `--graph=${graphPort}`],
      ...[
        `--jwks=${keys.jwks}`,
        `--token=${keys.tok}`,
        `--rate=${rate}`,
        `--ms=${ms}`,
        `--prefix=${prefix}`,
        '--noStats',
      ],
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: ms * 2 + 30_000 },
  )
  return Seen.parse(JSON.parse(stdout.split('\n').find((line) => line.startsWith('{')) ?? 'null'))
}

async function measure(server: keyof typeof servers): Promise<Figures> {
  const child = servers[server]()
  await listening(port)
  const fresh = callers('fresh')
  const warm = callers('warm')
  await stop(child)
  return { fresh, warm }
}

const rounds: { bare: Figures; ours: Figures }[] = []
for (let rep = 0; rep < reps; rep += 1) rounds.push({ bare: await measure('bare'), ours: await measure('ours') })
rmSync(keys.dir, { recursive: true, force: true })

const round = (value: number) => Number(value.toFixed(2))
const row = (server: 'bare' | 'ours') => {
  const of = (value: (one: Figures) => number) => round(median(rounds.map((one) => value(one[server]))))
  return {
    'calls/s': of(({ warm }) => warm.callsPerSec),
    refused: of(({ warm }) => warm.http5 + warm.wrong),
    'p50 ms': of(({ warm }) => warm.cmd.p50),
    'p99 ms': of(({ warm }) => warm.cmd.p99),
    'p99 ms, first seconds': of(({ fresh }) => fresh.cmd.p99),
  }
}
const times = (when: keyof Figures) =>
  round(median(rounds.map(({ ours, bare }) => ours[when].cmd.p99 / bare[when].cmd.p99)))
console.table({ bare: row('bare'), ours: row('ours') })
console.log(
  `p99 from news to command, times bare, by rounds (must 2): ${times('warm')}; first seconds: ${times('fresh')}`,
)
