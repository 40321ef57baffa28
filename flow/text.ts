import { FlowError } from './error.ts'
import type { Expression } from './expressionFacts.ts'

/** A part of a text: words as they stand, or something to be worked out. */
export type TextPart = string | Expression

/**
 * Reads a text with expressions in it: `Your ticket ${ticket.id} is open.` A dollar sign before it (`$${`) makes it the plain
 * characters `${`. An expression ends at the brace that its own braces and texts leave over.
 * @throws FlowError `expressionRefused` for an expression that is none, or has no end.
 */
export function readText(source: string, parse: (source: string) => Expression): TextPart[] {
  const parts: TextPart[] = []
  let words = ''
  for (let at = 0; at < source.length; ) {
    if (source.startsWith('$${', at)) {
      words += '${'
      at += 3
    } else if (source.startsWith('${', at)) {
      const end = endOf(source, at + 2)
      if (words !== '') parts.push(words)
      words = ''
      parts.push(parse(source.slice(at + 2, end).trim()))
      at = end + 1
    } else {
      words += source[at]
      at += 1
    }
  }
  return words === '' ? parts : [...parts, words]
}

/** A text with an ellipsis where something is worked out: what is certain of it. One that cannot be read stays as it is. */
export function certainOf(source: string): string {
  try {
    return readText(source, () => unknown)
      .map((part) => (typeof part === 'string' ? part : '…'))
      .join('')
  } catch {
    return source
  }
}

/** True for a text in which something is worked out; one that cannot be read counts as such, so that its fault is found. */
export const hasValues = (source: string): boolean => source.replaceAll('$${', '').includes('${')

const unknown: Expression = { type: 'dyn', reads: [], readsOpenly: [], cost: 0, evaluate: () => null }

/** Where the brace stands that ends an expression. Braces within CEL's texts do not count, and `\"` does not end one. */
function endOf(source: string, from: number): number {
  let open = 0
  let quote = ''
  for (let at = from; at < source.length; at += 1) {
    const character = source[at] ?? ''
    if (quote !== '') {
      if (character === '\\') at += 1
      else if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '{') open += 1
    else if (character === '}') {
      if (open === 0) return at
      open -= 1
    }
  }
  throw new FlowError('expressionRefused', 'no closing }')
}
