import type { Budget } from './budget.ts'
import type { Variable } from './flow.ts'
import type { Value, ValueType, Variables } from './values.ts'

/** What is known of an expression before it is worked out. The language itself is in expression.ts, and only who reads texts loads it. */

export type Declarations = { readonly [name: string]: Variable }

export type Expression = {
  /** The CEL type of the result, for example `bool`, `string`, `double`. */
  type: string
  /** The variables that it reads. */
  reads: readonly string[]
  /** Those of them that it does not only read inside of `aloud(…)`, by which authors allow a secret to be said. */
  readsOpenly: readonly string[]
  /** The values of the environment that it names: `env.crmUrl`. */
  named?: readonly string[]
  /** What it takes at least, in units of the budget, as far as one can tell before. */
  cost: number
  /** @throws FlowError `expressionFailed`, for example after a division by zero; `tooMuch` when the event's budget is spent. */
  evaluate(variables: Variables, budget?: Budget): Value
}

export const celType: Record<ValueType, string> = {
  text: 'string',
  secret: 'string',
  digits: 'string',
  phone: 'string',
  number: 'double',
  boolean: 'bool',
  user: 'map<string, dyn>',
  list: 'list',
  object: 'map<string, dyn>',
}

/** What these take together, at most once each. */
export const costOfAll = (all: readonly { expression: Expression }[]): number =>
  all.reduce((sum, { expression }) => sum + expression.cost, 0)

/** True when what this expression yields may be kept in a variable of the type: whole numbers count as numbers. */
export const canAssign = (type: ValueType, expression: Expression): boolean =>
  expression.type === 'dyn' ||
  (type === 'number' && expression.type === 'int') ||
  expression.type.startsWith(celType[type].replace(/<.*/, ''))
