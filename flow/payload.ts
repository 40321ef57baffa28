import * as z from 'zod'
import { type Flow, VariableName } from './flow.ts'
import { emptyValue, fitsType, isSmall, type Value, type Variables } from './values.ts'

/** What whoever starts a call by the API gives with it: `trigger.data` of expressions. See decisions/executions.md. */

/** What JSON has types for, and expressions read. */
export const payloadTypes = ['text', 'number', 'boolean', 'list', 'object'] as const

export const mostPayloadFields = 20

const PayloadField = z.object({ name: VariableName, type: z.enum(payloadTypes), required: z.boolean() })
export type PayloadField = z.output<typeof PayloadField>

/** As the flow declares it, at the block where calls come in. */
export const Payload = z.array(PayloadField).max(mostPayloadFields)

/** The payload that a flow declares; none where calls do not begin, or while it is half filled in. */
export function payloadOf({ blocks, start }: Pick<Flow, 'blocks' | 'start'>): readonly PayloadField[] {
  const block = blocks[start]
  return block?.type === 'incomingCall' ? (Payload.safeParse(block.settings.payload ?? []).data ?? []) : []
}

/** The payload of a call that brings none, such as one from a telephone: each field holds nothing of its type. */
export const emptyPayload = (fields: readonly PayloadField[]): Variables =>
  Object.fromEntries(fields.map(({ name, type }) => [name, emptyValue[type]]))

/** What was given, held against what is declared; else what is wrong with it, each with its place. */
export function readPayload(
  fields: readonly PayloadField[],
  given: Readonly<Record<string, Value>>,
): { data: Variables } | { faults: string[] } {
  const missing = fields.filter(({ name, required }) => required && !Object.hasOwn(given, name))
  const faults = missing.map(({ name }) => `data.${name}: missing`)
  for (const [name, value] of Object.entries(given)) {
    const field = fields.find((one) => one.name === name)
    if (!field) faults.push(`data.${name.slice(0, 64)}: not declared by the flow`)
    else if (!fitsType(field.type, value)) faults.push(`data.${name}: no ${field.type} of an allowed length`)
  }
  if (!isSmall(given)) faults.push('data: too large')
  return faults.length > 0
    ? { faults: faults.slice(0, mostPayloadFields) }
    : { data: { ...emptyPayload(fields), ...given } }
}
