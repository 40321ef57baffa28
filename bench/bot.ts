import { join } from 'node:path'
import * as z from 'zod'
import { botFlags } from '#scripts/start/bot.ts'
import { bundle, scratchFolder } from './lib/bundle.ts'
import { option } from './lib/options.ts'
import { runShared, summaryOf } from './lib/sharedBench.ts'

// Our whole bot over HTTP beside bare servers that only verify, look up and send (goals P3 and P4), and beside bots on XState, on two
// sorts of dialogs of the Bot Framework, and on Node-RED (goal P7).

const reps = option('reps', 3)
const ms = option('ms', 2000)
const folder = scratchFolder()
const file = await bundle(join(import.meta.dirname, 'botUnderTest.ts'), folder)
const out = join(folder, 'bot.json')
const others = [
  'd bare jose',
  'd bare jwt-cache',
  'a xstate snapshot jose',
  'b waterfall jose',
  'b adaptive jose',
  'c node-red jose',
]
runShared(
  'run-http.mjs',
  [
    `--only=${others.join('|')}`,
    `--ours=${['node', ...botFlags, file].join(' ')}`,
    `--reps=${reps}`,
    `--ms=${ms}`,
    `--out=${out}`,
  ],
  reps * (others.length + 1) * (ms + 30_000),
)

const Row = z.object({ name: z.string(), callsPerSec: z.number(), cpuMsPerCall: z.number(), errors: z.number() })
const rows = new Map(summaryOf(out, Row.parse).map((row) => [row.name, row]))
const ours = rows.get('ours')
if (!ours) throw new Error('Our bot gave no figures; see above.')
console.table(
  others.flatMap((name) => {
    const other = rows.get(name)
    if (!other) return []
    const [throughput, cpu] = [ours.callsPerSec / other.callsPerSec, other.cpuMsPerCall / ours.cpuMsPerCall]
    return { 'ours against': name, 'calls/s, times': throughput.toFixed(2), 'CPU a call, times less': cpu.toFixed(2) }
  }),
)
if (ours.errors > 0) throw new Error(`Our bot made ${ours.errors} errors: the figures do not count.`)
