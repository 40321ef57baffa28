import * as z from 'zod'
import { isPlainObject } from '#ground/storableText.ts'
import { flowLimits } from './flowLimits.ts'

/** The types that a variable can be declared with. `secret` and sensitive digits never reach the history. */
export const valueTypes = ['text', 'number', 'boolean', 'digits', 'phone', 'user', 'list', 'object', 'secret'] as const

export type ValueType = (typeof valueTypes)[number]

export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value }

/** By hand: a union of schemas takes a hundred times as long, and a flow may have a hundred thousand values. */
export const Value = z.custom<Value>(isValue)

/** Level by level, and no more of them than a flow may have: what is nested without end would exhaust whoever reads it. */
function isValue(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > flowLimits.nesting || !level.every(isPart)) return false
    level = level.flatMap((part) => (typeof part === 'object' ? Object.values(part ?? {}) : []))
  }
  return true
}

/** A value, whatever is inside it. */
function isPart(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  return value === null || ['string', 'boolean'].includes(typeof value) || Array.isArray(value) || isPlainObject(value)
}

export type Variables = { readonly [name: string]: Value }

/** Bounds that keep every expression short of a blink: no text, list or object can grow without end. */
export const limits = { text: 1000, list: 100, fields: 50, values: 300, size: 20_000 } as const

/** False for what is too large altogether: more than 300 values in it, or 20,000 values and characters. Maps are CEL's. */
export function isSmall(value: unknown): boolean {
  const inside: unknown[] = [value]
  let size = 0
  let values = 0
  while (inside.length > 0) {
    const next = inside.pop()
    const parts = next instanceof Map ? [...next.values()] : typeof next === 'object' ? Object.values(next ?? {}) : []
    values += 1
    size += typeof next === 'string' ? 1 + next.length : 1
    if (values + inside.length + parts.length > limits.values || size > limits.size) return false
    for (const part of parts) inside.push(part)
  }
  return true
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= limits.text

const fits: Record<ValueType, (value: unknown) => boolean> = {
  text: isText,
  secret: isText,
  digits: (value) => isText(value) && /^[0-9*#]*$/.test(value),
  phone: (value) => isText(value) && /^(\+?[0-9]{3,15})?$/.test(value),
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  user: (value) => isRecord(value) && isText(value.id) && isText(value.name) && isSmall(value),
  list: (value) => Array.isArray(value) && value.length <= limits.list && isSmall(value),
  object: (value) => isRecord(value) && Object.keys(value).length <= limits.fields && isSmall(value),
}

/** True when a value may be kept in a variable of this type. */
export const fitsType = (type: ValueType, value: unknown): boolean => fits[type](value)

/** What a variable holds before anything is assigned to it. */
export const emptyValue: Record<ValueType, Value> = {
  text: '',
  secret: '',
  digits: '',
  phone: '',
  number: 0,
  boolean: false,
  user: { id: '', name: '' },
  list: [],
  object: {},
}
