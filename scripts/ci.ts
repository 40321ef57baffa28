import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { verdictOf } from './ci/verdict.ts'

/** The end of `.ci/run`: counts what its runs have reported. The argument is 1 where a command failed, else 0. */
const reportOf = (name: string) => {
  const file = join(import.meta.dirname, '..', 'build', 'reports', `${name}.json`)
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}
const { passed, failed, complaints } = verdictOf(
  { specs: reportOf('specs'), browser: reportOf('browser') },
  process.argv[2] !== '0',
)
for (const complaint of complaints) console.error(complaint)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
