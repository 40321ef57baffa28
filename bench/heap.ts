import { join } from 'node:path'
import * as z from 'zod'
import { bundle, scratchFolder } from './lib/bundle.ts'
import { option } from './lib/options.ts'
import { runShared, summaryOf } from './lib/sharedBench.ts'

// Heap of a live call in the whole bot (goal P8): calls are brought to the menu over HTTP and left there, in ours, in a bare server
// and in a bot on XState.

const [reps, parked] = [option('reps', 3), option('parked', 4_000)]
const folder = scratchFolder()
const file = await bundle(join(import.meta.dirname, 'botUnderTest.ts'), folder)
const out = join(folder, 'heap.json')
const others = ['d bare jwt-cache', 'a xstate snapshot jose']
const ours = `--ours=node --expose-gc ${file}`
const args = [`--only=${others.join('|')}`, ours, `--park=${parked}`, `--reps=${reps}`, '--ms=1500', `--out=${out}`]
runShared('run-http.mjs', args, reps * (others.length + 1) * 120_000)

const Row = z.object({ name: z.string(), parkedHeap: z.number(), parkedRss: z.number(), errors: z.number() })
const rows = summaryOf(out, Row.parse)
console.table(rows)
const heapOf = (name: string) => rows.find((row) => row.name === name)?.parkedHeap ?? Number.NaN
console.log(
  `Heap of a live call (must 2048 bytes): ${heapOf('ours')}; times XState: ${(heapOf('ours') / heapOf('a xstate snapshot jose')).toFixed(2)}`,
)
