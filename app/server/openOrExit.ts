import { services } from './services.ts'

/** Opens what the routes work with. Wrong settings end the process here, in words, and not at somebody's first request. */
export function openOrExit(): void {
  try {
    services()
  } catch (problem) {
    process.stderr.write(`${problem instanceof Error ? problem.message : problem}\n`)
    process.exit(1)
  }
}
