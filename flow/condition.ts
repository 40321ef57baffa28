import * as z from 'zod'
import type { Declarations } from './expressionFacts.ts'
import { isFreeName, VariableName } from './flow.ts'
import type { ValueType } from './values.ts'

/** How a variable is compared. People pick these from a list; each becomes one CEL expression. */
export const operators = [
  'equals',
  'notEquals',
  'contains',
  'startsWith',
  'anyOf',
  'lessThan',
  'moreThan',
  'between',
  'isBlank',
  'isTrue',
] as const

export type Operator = (typeof operators)[number]

/** Which comparisons have a meaning for a type of variable. */
export const comparisons: Readonly<Record<ValueType, readonly Operator[]>> = {
  text: ['equals', 'notEquals', 'contains', 'startsWith', 'anyOf', 'isBlank'],
  secret: ['equals', 'notEquals', 'anyOf', 'isBlank'],
  digits: ['equals', 'notEquals', 'startsWith', 'anyOf', 'lessThan', 'moreThan', 'between', 'isBlank'],
  phone: ['equals', 'notEquals', 'startsWith', 'anyOf', 'isBlank'],
  number: ['equals', 'notEquals', 'lessThan', 'moreThan', 'between', 'anyOf'],
  boolean: ['isTrue'],
  user: ['isBlank'],
  list: ['contains', 'isBlank'],
  object: ['isBlank'],
}

/** Comparisons that need nothing to compare with. */
export const withoutValue: readonly Operator[] = ['isBlank', 'isTrue']

/** A name as `count`, or a part of the people of a call as `caller.phone`; `call.transferor` forwarded it. */
const Subject = z.union([VariableName, z.string().regex(/^(caller|called|call\.transferor)\.(id|name|phone)$/)])

const Comparison = z.object({
  kind: z.literal('compare'),
  variable: z.string(),
  operator: z.enum(operators),
  /** One value; several separated by commas for `anyOf`; two for `between`. */
  value: z.string(),
})
const Formula = z.object({ kind: z.literal('expression'), expression: z.string() })

/** A condition that somebody is filling in: of the right form, and no more. */
export const ConditionDraft = z.object({
  id: z.string(),
  label: z.string(),
  when: z.discriminatedUnion('kind', [Comparison, Formula]),
})

export const Condition = z.object({
  /** The name of its exit; stays the same when the label or the order changes. */
  id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/)
    .refine(isFreeName, 'invalid_format'),
  label: z.string().trim().max(60),
  when: z.discriminatedUnion('kind', [
    Comparison.extend({ variable: Subject, value: z.string().max(500) }),
    Formula.extend({ expression: z.string().min(1) }),
  ]),
})

export type Condition = z.infer<typeof Condition>

const text = (value: string) => JSON.stringify(value)
const list = (value: string) => value.split(',').map((part) => part.trim())

/**
 * The condition as CEL. What it is compared with is read by the declared type: "1" typed on the keypad equals 1,
 * and texts are compared without regard to case and outer spaces.
 */
export function conditionSource({ when }: Condition, declarations: Declarations): string {
  if (when.kind === 'expression') return when.expression
  const { variable, operator, value } = when
  const type = declarations[variable]?.type ?? 'text'
  const numeric = type === 'number'
  const subject = numeric || type === 'boolean' ? variable : `${variable}.trim().lowerAscii()`
  const operand = (part: string) => (numeric ? decimal(part) : text(part.trim().toLowerCase()))
  // Digits have no size of their own, but people ask whether an age that was typed is over 17. No digits: neither over nor under.
  const number = numeric ? variable : `asNumber(${variable})`
  switch (operator) {
    case 'isTrue':
      return variable
    case 'isBlank':
      return type === 'list' || type === 'object'
        ? `size(${variable}) == 0`
        : numeric
          ? `${variable} == 0.0`
          : `${subject} == ""`
    case 'equals':
      return `${subject} == ${operand(value)}`
    case 'notEquals':
      return `${subject} != ${operand(value)}`
    case 'contains':
      return type === 'list' ? `${text(value)} in ${variable}` : `${subject}.contains(${operand(value)})`
    case 'startsWith':
      return `${subject}.startsWith(${operand(value)})`
    case 'anyOf':
      return `${subject} in [${list(value).map(operand).join(', ')}]`
    case 'lessThan':
      return `${number} < ${decimal(value)}`
    case 'moreThan':
      return `${number} > ${decimal(value)}`
    case 'between': {
      const [low = '', high = ''] = list(value)
      return `${number} >= ${decimal(low)} && ${number} <= ${decimal(high)}`
    }
  }
}

/** A number as CEL writes decimals. What is no number stays as it is, and the type check then says so. */
function decimal(value: string): string {
  const trimmed = value.trim()
  if (!/^-?\d+(\.\d+)?$/.test(trimmed)) return text(trimmed)
  return trimmed.includes('.') ? trimmed : `${trimmed}.0`
}
