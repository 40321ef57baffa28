import { join } from 'node:path'
import * as z from 'zod'
import { bundle, scratchFolder } from './lib/bundle.ts'
import { option } from './lib/options.ts'
import { runShared, summaryOf } from './lib/sharedBench.ts'

// From news to the command that follows, at a steady number of calls a second, beside bare servers (goal P10).

const [reps, ms, rate] = [option('reps', 5), option('ms', 5000), option('rate', 300)]
const folder = scratchFolder()
const file = await bundle(join(import.meta.dirname, 'botUnderTest.ts'), folder)
const out = join(folder, 'latency.json')
const bare = 'd bare jwt-cache'
const args = [`--only=${bare}`, `--ours=node ${file}`, `--reps=${reps}`, `--ms=${ms}`, `--rate=${rate}`, `--out=${out}`]
runShared('run-http.mjs', args, reps * 2 * (ms + 30_000))

const Row = z.object({ name: z.string(), callsPerSec: z.number(), p50: z.number(), p99: z.number() })
const rows = summaryOf(out, Row.parse)
const p99 = (name: string) => rows.find((row) => row.name === name)?.p99 ?? Number.NaN
console.table(rows)
console.log(`p99 from news to command, times bare (must 2): ${(p99('ours') / p99(bare)).toFixed(2)}`)
