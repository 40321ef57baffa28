import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'

/**
 * `npm run nightly`: what takes too long for every push. The random runs at full size, and `npm test` on the versions of Node that
 * come after this one (decisions/node-versions.md). All of it runs, whatever fails. Needs the npm registry for the Nodes.
 */
const root = join(import.meta.dirname, '..')
const later = ['22', '24']
const faultSchedules = '10000'
const storms = '20'
const documents = '10000'
const crashSeeds = '50'

/** The package that holds the program itself; `node` would fetch it by an install script, which npm may not run. */
const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`

const quietly = ['--no-save', '--no-audit', '--no-fund', '--loglevel', 'error']

function run(what: string, args: string[], environment: Record<string, string> = {}): boolean {
  console.log(`\n${what}`)
  const { status } = spawnSync('npm', args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
    shell: process.platform === 'win32', // where npm is a batch file
  })
  return status === 0
}

/** Puts that Node into build/. @returns the PATH on which it comes first; null when it could not be fetched */
function pathWithNode(version: string): string | null {
  const place = join('build', `node-${version}`)
  const args = ['install', '--prefix', place, ...quietly, `${nodePackage}@${version}`]
  if (!run(`Fetching Node ${version}`, args)) return null
  return [join(root, place, 'node_modules', nodePackage, 'bin'), process.env.PATH].join(delimiter)
}

const outcomes = [
  { what: 'What is made from schemas', ok: run('Made from schemas', ['run', 'generate']) },
  {
    what: `${faultSchedules} schedules of faults, ${documents} changed documents, ${storms} storms and one of ten minutes`,
    ok: run('Random runs at full size', ['run', 'specs', '--', '--project', 'slow', 'test/property'], {
      FAULT_SCHEDULES: faultSchedules,
      STORMS: storms,
      MUTATED_DOCUMENTS: documents,
    }),
  },
  {
    what: `${crashSeeds} times three crashes`,
    ok: run('A bot that is killed again and again', ['run', 'specs', '--', 'test/crashes.test.ts'], {
      CRASH_SEEDS: crashSeeds,
      CRASH_CALLS: '200',
    }),
  },
  ...later.map((version) => {
    const PATH = pathWithNode(version)
    return { what: `Node ${version}`, ok: PATH !== null && run(`All tests on Node ${version}`, ['test'], { PATH }) }
  }),
]
console.log()
for (const { what, ok } of outcomes) console.log(`${ok ? 'holds ' : 'FAILED'}  ${what}`)
process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1
