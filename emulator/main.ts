import { buildEmulator } from './emulator.ts'
import { readEnvironment } from './settings.ts'

try {
  const { host, port, settings } = readEnvironment(process.env)
  const { server } = buildEmulator(settings)
  console.log(`emulator: ${await server.listen({ host, port })}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close())
} catch (error) {
  console.error(error instanceof Error ? `emulator: ${error.message}` : error)
  process.exitCode = 1
}
