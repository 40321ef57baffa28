import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..', '..')

/** Where the shared bench is: the other engines, the load generator, and the words in which they are compared. */
const sharedBench = resolve(process.env.SHARED_BENCH ?? join(root, '..', 'shared', 'bench'))
const peers = process.env.BENCH_PEERS ?? join(tmpdir(), 'bench-peers')

/**
 * Runs one of its scripts to its end and shows what it prints.
 * @throws Error saying what is missing, or that the script failed
 */
export function runShared(script: string, args: string[], limitMs: number, environment: Record<string, string> = {}) {
  if (!existsSync(join(sharedBench, script))) {
    throw new Error(`There is no ${script} in ${sharedBench}. Set SHARED_BENCH to the folder of the shared bench.`)
  }
  if (!existsSync(join(peers, 'node_modules', 'xstate'))) {
    throw new Error('The engines to compare with are not installed. See "Peers" in bench/README.md.')
  }
  const { status, signal } = spawnSync(process.execPath, [join(sharedBench, script), ...args], {
    stdio: 'inherit',
    timeout: limitMs,
    env: { ...process.env, BENCH_PEERS: peers, ...environment },
  })
  if (status !== 0) throw new Error(`${script} ended with ${status ?? signal}.`)
}

/** What a run wrote with `--out`: one row for each variant, medians over its repetitions. */
export function summaryOf<Row>(file: string, check: (row: unknown) => Row): Row[] {
  const { summary } = JSON.parse(readFileSync(file, 'utf8')) as { summary: unknown[] }
  return summary.map(check)
}
