import { services } from './services.ts'

/** Opens what the routes work with. Wrong settings end the process here, in words, and not at somebody's first request. */
export function openOrExit(): void {
  try {
    services()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exit(1)
  }
}
