import { execSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { faultsIn, Parts } from './licences/check.ts'

/**
 * npm run licences: writes build/sbom.json, the list of all packages that run with the product (CycloneDX), for whoever asks what is
 * in it, and fails when one may not be passed on.
 */
const sbom = execSync('npm sbom --sbom-format cyclonedx --omit dev --package-lock-only', {
  maxBuffer: 2 ** 26,
}).toString()
mkdirSync('build', { recursive: true })
writeFileSync('build/sbom.json', sbom)
const parts = Parts.parse(JSON.parse(sbom))
const faults = faultsIn(parts, readFileSync('NOTICE', 'utf8'))
for (const fault of faults) console.error(fault)
console.log(`build/sbom.json: ${parts.components.length} packages`)
process.exitCode = faults.length === 0 ? 0 : 1
