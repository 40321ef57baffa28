import { compile, compiling } from '#flow/compile.ts'
import { begin, step } from '#flow/step.ts'
import { attacks } from '#flow/testing/attacks.ts'
import { median } from './lib/figures.ts'

// How long the dearest event of a flow that was made to keep the bot busy takes, and how long it takes to make such a flow ready: in all,
// and the longest of the parts between which callers have their turn. In processor time, so that neighbours on the machine do not count.

const nobody = { id: '', name: '', phone: '' }
const rounds = 5

function processorMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

console.table(
  Object.fromEntries(
    Object.entries(attacks).map(([name, { flow, caller = '', events }]) => {
      const ready: number[] = []
      const longest: number[] = []
      const dearest: number[] = []
      for (let round = 0; round < rounds; round++) {
        const parts: number[] = []
        const work = compiling(flow)
        for (let done: boolean | undefined = false; !done; ) {
          parts.push(
            processorMs(() => {
              done = work.next().done
            }),
          )
        }
        ready.push(parts.reduce((sum, part) => sum + part))
        longest.push(Math.max(...parts))
        const program = compile(flow)
        let state = begin(program, { caller: { ...nobody, name: caller }, called: nobody })
        dearest.push(
          Math.max(
            ...events.map((event) =>
              processorMs(() => {
                state = step(program, state, event, 0).state
              }),
            ),
          ),
        )
      }
      const kB = Math.round(JSON.stringify(flow).length / 1000)
      const ms = { 'compile ms': ready, 'longest part ms': longest, 'event ms': dearest }
      return [
        name,
        { kB, ...Object.fromEntries(Object.entries(ms).map(([what, all]) => [what, median(all).toFixed(1)])) },
      ]
    }),
  ),
)
