import { existsSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'

const folder = new URL('../../shared/graph/', import.meta.url)

/** The recorded contract lies beside the repository, not in it. Without it contract tests are left out, except in CI. */
export const contractIsHere = existsSync(folder) || Boolean(process.env.CI)
if (!contractIsHere) process.stderr.write('shared/graph is not beside the repository: contract tests are skipped.\n')

export const contract = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'))

/** Says what is wrong with a body by a schema of the contract, as `requests.v1.json#/$defs/call-answer`; null when nothing is. */
export function contractChecker(): (schema: string, body: unknown) => string | null {
  const ajv = new Ajv2020({ strict: false })
  for (const file of ['types.v1.json', 'types.v1.strict.json', 'requests.v1.json', 'notifications.emit.v1.json']) {
    ajv.addSchema(contract(`schemas/${file}`) as object) // our own files, and ajv refuses what is no schema
  }
  return (schema, body) => {
    const validate = ajv.getSchema(`https://schemas.example.invalid/graph-communications/${schema}`)
    if (!validate) throw new Error(`The contract has no schema ${schema}.`)
    return validate(body) ? null : ajv.errorsText(validate.errors)
  }
}
