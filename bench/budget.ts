import { compile } from '#flow/compile.ts'
import { begin, step } from '#flow/step.ts'
import { attacks } from '#flow/testing/attacks.ts'

// How long the dearest event of a flow that was made to keep the bot busy takes, and how long it takes to make such a flow ready.

const nobody = { id: '', name: '', phone: '' }
const median = (all: number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0
const rounds = 5

console.table(
  Object.fromEntries(
    Object.entries(attacks).map(([name, { flow, caller = '', events }]) => {
      const ready: number[] = []
      const dearest: number[] = []
      for (let round = 0; round < rounds; round++) {
        const from = performance.now()
        const program = compile(flow)
        ready.push(performance.now() - from)
        let state = begin(program, { caller: { ...nobody, name: caller }, called: nobody })
        dearest.push(
          Math.max(
            ...events.map((event) => {
              const began = performance.now()
              state = step(program, state, event, 0).state
              return performance.now() - began
            }),
          ),
        )
      }
      const kB = Math.round(JSON.stringify(flow).length / 1000)
      return [name, { kB, 'compile ms': median(ready).toFixed(1), 'event ms': median(dearest).toFixed(1) }]
    }),
  ),
)
