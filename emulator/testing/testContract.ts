import { existsSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'

/** The contract that lies beside the repository, for this room's tests. Where it is absent, tests that need it are skipped. */
const folder = new URL('../../../shared/graph/', import.meta.url)

export const contractIsThere = existsSync(folder)

export const readContract = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8'))

/** A validator for a schema of the contract, e.g. `requests.v1.json#/$defs/call-answer`. */
export function contractValidator(schema: string) {
  const [file = ''] = schema.split('#')
  const known = ajv.getSchema(schemaBase + schema)
  if (known) return known
  ajv.addSchema(readContract(`schemas/${file}`))
  const validate = ajv.getSchema(schemaBase + schema)
  if (!validate) throw new Error(`the contract has no schema ${schema}`)
  return validate
}

/** In rosters of the page on the large gallery, though the metadata declares none of them. */
const undeclared = ['meetingRole', 'endpointId', 'ApplicationType']

/**
 * Why a notification is none that the service sends; null for a right one. The contract's schema knows whole rosters only. A roster of
 * changes is held against the type of the metadata, which the deltaParticipants page has, and its participants as those of a whole one.
 */
export function wrongInEmitted(body: unknown): string | null {
  const validate = contractValidator('notifications.emit.v1.json')
  const whole = JSON.parse(JSON.stringify(body, (key, value) => (undeclared.includes(key) ? undefined : value))) as {
    value?: { resourceData?: { '@odata.type'?: string; participants?: unknown } }[]
  }
  for (const one of whole.value ?? []) {
    if (one.resourceData?.['@odata.type'] !== '#microsoft.graph.deltaParticipants') continue
    const isDelta = contractValidator('types.v1.strict.json#/$defs/microsoft.graph.deltaParticipants')
    if (!isDelta(one.resourceData)) return JSON.stringify([isDelta.errors, body])
    one.resourceData = one.resourceData.participants as object
  }
  return validate(whole) ? null : JSON.stringify([validate.errors, body])
}

const schemaBase = 'https://schemas.example.invalid/graph-communications/'
const ajv = new Ajv2020({ strict: false, allErrors: true })
if (contractIsThere) {
  for (const file of ['types.v1.json', 'types.v1.strict.json']) ajv.addSchema(readContract(`schemas/${file}`))
}
