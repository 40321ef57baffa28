import { BlockIssue } from './block.ts'
import { FlowError } from './error.ts'
import type { Expression } from './expressionFacts.ts'
import { readText, type TextPart } from './text.ts'
import type { Value } from './values.ts'

/**
 * What a request is put together of: texts with values in them, where each value is written as its place asks for. Nothing that a caller
 * typed, or a service answered, can become another part of an address, a further header or more JSON.
 */

type Parse = (source: string) => Expression
type Evaluate = (expression: Expression) => Value

/** A part that was read, with what it needs to be worked out. @throws FlowError when a value does not fit in its place */
export type Part<T> = { expressions: readonly Expression[]; make(evaluate: Evaluate): T }

const refuse = (why: string) => new FlowError('expressionFailed', why)

/** A value in a text. Null is nothing; lists and objects have no one way to be written. */
function asText(value: Value): string {
  if (value === null) return ''
  if (typeof value === 'object') throw refuse('a list or an object is no text')
  return String(value)
}

const expressionsIn = (parts: readonly TextPart[]): Expression[] => parts.filter((part) => typeof part !== 'string')

type Address = Part<string> & {
  /** As much of it as no caller has a part in: to what is behind the host at least. */
  beginning(evaluate: Evaluate): string
}

const textOf = (parts: readonly TextPart[], evaluate: Evaluate): string =>
  parts.map((part) => (typeof part === 'string' ? part : asText(evaluate(part)))).join('')

/** Reads what stands in a setting. @throws BlockIssue at `field` for what `read` refuses */
export function issueAt<T>(field: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof FlowError)) throw error
    const code = { host: 'hostFromCaller', json: 'notJson' }[error.detail] ?? 'expression'
    throw new BlockIssue(field, code, error.detail)
  }
}

/** A line for people, of so many characters at most: no value makes two of it. */
export function readLine(source: string, parse: Parse, most: number): Part<string> {
  const parts = readText(source, parse)
  return {
    expressions: expressionsIn(parts),
    make: (evaluate) =>
      textOf(parts, evaluate)
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim()
        .slice(0, most),
  }
}

/**
 * An address. Its beginning, up to the path, is the author's or the environment's own: where a request goes is nothing that a caller can
 * choose. Behind that each value is percent-encoded, so that it stays within its part of the path or the query.
 * `trusted`: names of which the author or the environment decides.
 * @throws FlowError `expressionRefused` with `host` for any other value before the path, and what `readText` throws
 */
export function readUrl(source: string, parse: Parse, trusted: readonly string[] = ['env']): Address {
  const parts = readText(source, parse)
  let head = ''
  const encodes = parts.map((part) => {
    if (typeof part === 'string') {
      head += part
      return false
    }
    // What the environment names begins with a scheme and a host of its own.
    if (head === '') head = 'https://x'
    else if (!isBehindHost(head)) head += 'x'
    else return true
    if (part.reads.some((name) => !trusted.includes(name))) throw new FlowError('expressionRefused', 'host')
    return false
  })
  return {
    expressions: expressionsIn(parts),
    beginning: (evaluate) =>
      parts
        .slice(0, encodes.includes(true) ? encodes.indexOf(true) : parts.length)
        .map((part) => (typeof part === 'string' ? part : asText(evaluate(part))))
        .join(''),
    make(evaluate) {
      const url = parts
        .map((part, n) => {
          if (typeof part === 'string') return part
          const value = asText(evaluate(part))
          return encodes[n] ? encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\ufffd')) : value
        })
        .join('')
      // As a whole part of the path these lead one up, encoded or not (https://url.spec.whatwg.org/#double-dot-path-segment).
      const path = url.replace(/[?#].*$/s, '').split('/')
      if (path.some((part) => /^(\.|%2e){1,2}$/i.test(part))) throw refuse('a part of the path is only dots')
      return url
    },
  }
}

const isBehindHost = (head: string): boolean => /^[a-z][a-z0-9+.-]*:\/\/[^/?#\\]+[/?#]/i.test(head)

/** The value of a header: one line, of characters that a header may have (RFC 9110, 5.5). */
export function readHeader(source: string, parse: Parse): Part<string> {
  const parts = readText(source, parse)
  return {
    expressions: expressionsIn(parts),
    make(evaluate) {
      const text = textOf(parts, evaluate)
      if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) throw refuse('a header cannot hold this')
      return text
    },
  }
}

/** Fields as a browser sends them. */
export function readForm(fields: readonly { name: string; value: string }[], parse: Parse): Part<string> {
  const read = fields.map(({ name, value }) => ({ name, parts: readText(value, parse) }))
  return {
    expressions: read.flatMap(({ parts }) => expressionsIn(parts)),
    make: (evaluate) => new URLSearchParams(read.map(({ name, parts }) => [name, textOf(parts, evaluate)])).toString(),
  }
}

/** Stand for the values of a JSON text while it is read: where JSON expects a value, and within a text of it. */
const [wholeMark, textMark] = ['\u0000w', '\u0000t']
const marks = new RegExp(`${wholeMark}(\\d+)\u0000|${textMark}(\\d+)\u0000`, 'g')

/**
 * A JSON text: `{ "id": ${number}, "name": "Mr ${name}" }`. It is read once, with marks in place of its values, and they are put into
 * what was read: never a text into a text of JSON.
 * @throws FlowError `expressionRefused` with `json` when it is no JSON, and what `readText` throws
 */
export function readJson(source: string, parse: Parse): Part<string> {
  const parts = readText(source, parse)
  const expressions = expressionsIn(parts)
  let text = ''
  let count = 0
  for (const part of parts) {
    if (typeof part === 'string') text += part
    else {
      const escaped = (mark: string) => `${mark}${count}\u0000`.replaceAll('\u0000', '\\u0000')
      text += isInText(text) ? escaped(textMark) : `"${escaped(wholeMark)}"`
      count += 1
    }
  }
  const read = jsonOf(text)
  return {
    expressions,
    make(evaluate) {
      const values = expressions.map(evaluate)
      return JSON.stringify(filled(read, values))
    },
  }
}

function jsonOf(text: string): Value {
  try {
    return JSON.parse(text)
  } catch {
    throw new FlowError('expressionRefused', 'json')
  }
}

/** Whether the end of a JSON text stands within a text of it. */
const isInText = (json: string): boolean => (json.replace(/\\./gs, '').match(/"/g)?.length ?? 0) % 2 === 1

function filled(part: Value, values: readonly Value[]): Value {
  if (typeof part === 'string') {
    const whole = new RegExp(`^${wholeMark}(\\d+)\u0000$`).exec(part)
    if (whole) return values[Number(whole[1])] ?? null
    return part.replace(marks, (_, a, b) => asText(values[Number(a ?? b)] ?? null))
  }
  if (Array.isArray(part)) return part.map((one) => filled(one, values))
  if (typeof part !== 'object' || part === null) return part
  return Object.fromEntries(
    Object.entries(part).map(([name, one]) => [String(filled(name, values)), filled(one, values)]),
  )
}
