import { budgetLimits } from './budget.ts'
import { FlowError } from './error.ts'
import type { Expression } from './expressionFacts.ts'
import type { ServiceAnswer } from './talk.ts'
import { fitsType, type Value, type ValueType, type Variables } from './values.ts'

/** What a service has answered, as whoever asked it brings it. Header names are in lower case. */
export type RawAnswer = { status: number; headers: Readonly<Record<string, string>>; text: string; ms: number }

/** What a block takes from an answer of 2xx: to each variable an expression over `response`. */
export type AnswerMap = readonly { variable: string; type: ValueType; expression: Expression; usesBody: boolean }[]

/**
 * Takes from an answer what the block wants to keep. The body may be a megabyte and is looked at here, where it is: only what is taken
 * goes on into the call. Stops after the body is read and after each value, so that whoever has callers waiting lets them go first;
 * what is done in between takes 40 ms at most. Pure, and never throws.
 */
export function* takeAnswer(
  map: AnswerMap,
  { status, headers, text, ms }: RawAnswer,
  before: Variables,
): Generator<undefined, ServiceAnswer> {
  if (status < 200 || status > 299 || map.length === 0) return { status, ms, values: {} }
  const bad = (problem: string): ServiceAnswer => ({ failed: 'badBody', problem, ms })
  let body: unknown = null
  if (map.some(({ usesBody }) => usesBody)) {
    // https://www.iana.org/assignments/media-types: `application/json`, and what ends in +json (RFC 6839).
    if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(headers['content-type'] ?? '')) return bad('contentType')
    try {
      body = JSON.parse(text)
    } catch {
      return bad('noJson')
    }
    yield
  }
  const values: Record<string, Value> = {}
  // What a library of expressions is given as its variables may be more than a variable can hold: it reads, and keeps nothing.
  const response = { status, headers, body } as Value
  for (const { variable, type, expression } of map) {
    try {
      const value = expression.evaluate({ ...before, ...values, response }, { left: budgetLimits.answer })
      if (!fitsType(type, value)) return bad('wrongType')
      values[variable] = value
    } catch (error) {
      if (!(error instanceof FlowError)) throw error
      return bad(error.code)
    }
    yield
  }
  return { status, ms, values }
}
