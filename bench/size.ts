import { check } from '#flow/check.ts'
import { compile } from '#flow/compile.ts'
import type { Block, Flow } from '#flow/flow.ts'
import { adele, assign, block, collect, draw, hangUp, menu, say, when } from '#flow/testing/draw.ts'
import { median } from './lib/figures.ts'

// How long it takes to make large flows ready to run, and to say what is wrong with them. In processor time, so that neighbours on the
// machine do not count; each round with texts and expressions of its own, so that nothing is known from the round before.

const rounds = 9

/** One block of each ordinary kind, all reachable, each text its own. */
const stretch = (n: string, next: string): Record<string, Block> => ({
  [`say${n}`]: say(`Welcome to department ${n}. Your ticket \${entry} is number \${n} in line.`, { done: `menu${n}` }),
  [`menu${n}`]: menu('12', { '1': `collect${n}`, '2': `branch${n}`, noInput: `bye${n}`, noMatch: `bye${n}` }),
  [`collect${n}`]: collect({ collected: `set${n}`, invalid: `bye${n}`, noInput: `bye${n}` }),
  [`set${n}`]: assign({ n: `n + size(entry) + ${n.length}`, t: `t + "${n}"` }, { next: `branch${n}` }),
  [`branch${n}`]: when(
    { a: `n > 3 && entry.startsWith("${n}")`, b: `t == "${n}" || n < 2` },
    { a: next, b: `person${n}`, else: next },
  ),
  [`person${n}`]: block(
    'transferToPerson',
    { person: adele, announcement: `I put you through to ${n}.` },
    { failed: next },
  ),
  [`wait${n}`]: block('wait', { seconds: 2 }, { next }),
  [`bye${n}`]: hangUp(`Goodbye from ${n}.`),
})

function flowOf(blocks: number, round: number): Flow {
  const each = Object.keys(stretch('0', '')).length
  const stretches = Math.ceil(blocks / each)
  const all = Array.from({ length: stretches }, (_, n) =>
    stretch(`${round}x${n}`, n + 1 < stretches ? `say${round}x${n + 1}` : `bye${round}x0`),
  )
  return draw(Object.assign({}, ...all))
}

function processorMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const jobs = { 'compile 1,000': [1000, compile], 'check 300': [300, check], 'check 1,000': [1000, check] } as const
console.table(
  Object.fromEntries(
    Object.entries(jobs).map(([name, [blocks, work]], job) => {
      const ms = Array.from({ length: rounds }, (_, round) => {
        const flow = flowOf(blocks, job * rounds + round)
        return processorMs(() => void work(flow))
      })
      return [name, { 'first ms': ms[0]?.toFixed(0), 'median ms': median(ms).toFixed(0), must: '< 100' }]
    }),
  ),
)
if (process.argv.includes('--problems')) console.log(new Set(check(flowOf(300, 99)).map(({ code }) => code)))
