import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { buildEmulator } from './emulator.ts'
import { readScriptFile, reportOf, runToEnd } from './scripts/scriptCommand.ts'
import { readEnvironment } from './settings.ts'
import { openCertificate } from './wire/certificate.ts'

// With a script (`--script file.yaml` or EMULATOR_SCRIPT) it ends when the script does, with 0 only if all went as written.
try {
  const { script: path = process.env.EMULATOR_SCRIPT } = parseArgs({ options: { script: { type: 'string' } } }).values
  const script = path ? readScriptFile(path) : null
  const { host, port, https, settings } = readEnvironment(process.env, (path) => readFileSync(path, 'utf8'))
  const certificate = https && openCertificate(https, settings.controlHosts)
  const emulator = buildEmulator(settings, undefined, certificate ? { https: certificate } : {})
  const { server } = emulator
  console.log(`emulator: ${await server.listen({ host, port })}`)
  if (certificate) console.log(`emulator: programs trust it that run with NODE_EXTRA_CA_CERTS=${certificate.path}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close())
  if (script) {
    const run = await runToEnd(emulator, script)
    console.log(reportOf(run))
    process.exitCode = run.outcome === 'done' ? 0 : 1
    await server.close()
  }
} catch (error) {
  console.error(error instanceof Error ? `emulator: ${error.message}` : error)
  process.exitCode = 1
}
