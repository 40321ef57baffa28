import { existsSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'

const folder = new URL('../../../shared/graph/', import.meta.url)

/** The recorded contract lies beside the repository, not in it. Without it these tests are left out, except in CI, where they fail. */
export const contractIsHere = existsSync(folder) || Boolean(process.env.CI)
if (!contractIsHere) process.stderr.write('shared/graph is not beside the repository: contract tests are skipped.\n')

export function contract(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
}

/** A check of a request body by the name of its operation; the errors as text, null when it is right. */
export function requestChecker(): (operation: string, body: unknown) => string | null {
  // That they are schemas is known, and code that runs once need not be the best: both take longer than all checks.
  const ajv = new Ajv2020({ strict: false, meta: false, validateSchema: false, code: { optimize: false } })
  for (const file of ['types.v1.json', 'types.v1.strict.json', 'requests.v1.json']) {
    ajv.addSchema(contract(`schemas/${file}`) as object) // our own files
  }
  const base = 'https://schemas.example.invalid/graph-communications/requests.v1.json'
  return (operation, body) => {
    const validate = ajv.getSchema(`${base}#/$defs/${operation}`)
    if (!validate) throw new Error(`The contract has no request schema for ${operation}.`)
    return validate(body) ? null : ajv.errorsText(validate.errors)
  }
}
