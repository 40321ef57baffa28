import { join } from 'node:path'
import * as z from 'zod'
import { bundle, scratchFolder } from './lib/bundle.ts'
import { option } from './lib/options.ts'
import { runShared, summaryOf } from './lib/sharedBench.ts'

// Our interpreter beside XState and the sketch: steps a second with 1,000 calls under way, memory with 10,000.

const reps = option('reps', 5)
const ms = option('ms', 800)
const folder = scratchFolder()
const ours = `@${await bundle(join(import.meta.dirname, 'interpreterAdapter.ts'), folder)}`

runShared('check-engines.mjs', [ours], 30_000)

const out = join(folder, 'interpreter.json')
const engines = [ours, 'xstate/snapshot', 'reducer/snapshot']
const args = [`--engines=${engines}`, '--live=1000,10000', `--reps=${reps}`, `--ms=${ms}`, `--out=${out}`]
runShared('run-inproc.mjs', args, reps * engines.length * 2 * (ms + 20_000))

const Row = z.object({
  stepsPerSec: z.number(),
  cpuUsPerStep: z.number(),
  heapPerLive: z.number(),
  snapshotBytes: z.number(),
})
const [mine, mine10k, xstate, xstate10k, sketch] = summaryOf(out, Row.parse)
if (!mine || !mine10k || !xstate || !xstate10k || !sketch) throw new Error('An engine gave no figures; see above.')
const ratio = (a: number, b: number) => Number((a / b).toFixed(2))
console.table([
  { goal: 'P1 steps/s, times XState + snapshot', must: '>= 9', seen: ratio(mine.stepsPerSec, xstate.stepsPerSec) },
  // The same without what neighbours on the machine take.
  { goal: 'P1 CPU a step, times less than XState', must: '>= 9', seen: ratio(xstate.cpuUsPerStep, mine.cpuUsPerStep) },
  { goal: '   steps/s, times the sketch', must: '', seen: ratio(mine.stepsPerSec, sketch.stepsPerSec) },
  {
    goal: 'P8 heap a live call, times XState',
    must: '<= 0.5',
    seen: ratio(mine10k.heapPerLive, xstate10k.heapPerLive),
  },
  { goal: 'P8 heap a live call, bytes', must: '<= 2048', seen: mine10k.heapPerLive },
  { goal: '   JSON a live call, bytes', must: '<= 1024', seen: mine.snapshotBytes },
])
