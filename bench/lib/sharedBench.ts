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

/** A file of the shared bench, and where the other engines are. */
export const sharedFile = (name: string): string => join(sharedBench, name)
export const peersFolder = peers

/** The words of the shared bench: what Graph says of the n-th step of a call, and who signs it. */
export async function sharedWords() {
  const [flow, keys] = await Promise.all([import(sharedFile('lib/flow.mjs')), import(sharedFile('lib/keys.mjs'))])
  // Plain JavaScript beside this repository: these are its own signatures.
  const { notification, APP_ID, TENANT_ID } = flow as {
    notification(step: number, call: number, id: string): string
    APP_ID: string
    TENANT_ID: string
  }
  const { makeKeys } = keys as { makeKeys(): { dir: string; pem: string; tok: string; jwks: string } }
  return { notification, appId: APP_ID, tenantId: TENANT_ID, makeKeys }
}

/** What a run wrote with `--out`: one row for each variant, medians over its repetitions. */
export function summaryOf<Row>(file: string, check: (row: unknown) => Row): Row[] {
  const { summary } = JSON.parse(readFileSync(file, 'utf8')) as { summary: unknown[] }
  return summary.map(check)
}
