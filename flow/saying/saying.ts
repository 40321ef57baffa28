import type { Budget } from '../budget.ts'
import { FlowError } from '../error.ts'
import type { Declarations, Expression } from '../expressionFacts.ts'
import { readText } from '../text.ts'
import type { ValueType, Variables } from '../values.ts'
import type { Reader } from './reader.ts'
import { readerOf } from './readers.ts'

/** Longest words of one value, and of all values of a prompt, in characters: they are spoken while the caller waits. */
const mostOfOne = 500
const mostOfAll = 1_500

/** A value of a prompt, and how it is put into words. */
type Spoken = { expression: Expression; read(value: ReturnType<Expression['evaluate']>): string }
/** What stands between two spaces: words, values, or both, as in `${n}%`. */
type Word = readonly (string | Spoken)[]
/** Words that are spoken in one go: known from the start, or only during a call. */
type Piece = { words: string } | { values: readonly Word[] }

/** A prompt with values in it, taken apart so that all of it but the values is spoken before any call. */
export type Saying = {
  /** What is known from the start. */
  constants: readonly string[]
  reads: readonly string[]
  /** Those of them that the author has not allowed to be said whatever they hold: see `aloud`. */
  readsOpenly: readonly string[]
  cost: number
  /**
   * The prompt as a call says it, piece by piece; together they are the text with its values filled in.
   * @throws FlowError `expressionFailed`, `tooMuch`
   */
  fill(variables: Variables, budget?: Budget): string[]
}

type Deps = {
  parse(source: string): Expression
  variables: Declarations
  language?: string | undefined
}

/** @throws FlowError `expressionRefused` */
export function readSaying(source: string, { parse, variables, language }: Deps): Saying {
  const reader = readerOf(language)
  const spoken: Spoken[] = []
  const parts = readText(source, (inner) => {
    const expression = parse(inner)
    spoken.push({ expression, read: readingOf(inner, variables, reader) })
    return expression
  })
  const pieces = piecesOf(wordsOf(parts, spoken), reader)
  return {
    constants: pieces.flatMap((piece) => ('words' in piece ? [piece.words] : [])),
    reads: spoken.flatMap(({ expression }) => expression.reads),
    readsOpenly: spoken.flatMap(({ expression }) => expression.readsOpenly),
    cost: spoken.reduce((sum, { expression }) => sum + expression.cost, 0),
    fill: (values, budget) => fill(pieces, values, budget),
  }
}

/** By the type that a variable is declared with, where a value is one and nothing else; otherwise by what the value is. */
export function readingOf(source: string, variables: Declarations, reader: Reader): Spoken['read'] {
  const name = /^aloud\((.*)\)$/s.exec(source)?.[1]?.trim() ?? source
  const type: ValueType | undefined = /^(?:caller|called|call\.transferor)\.phone$/.test(name)
    ? 'phone'
    : variables[name]?.type
  if (type === 'digits' || type === 'phone') return reader.digits
  return type === 'secret' ? reader.spelled : reader.plain
}

function wordsOf(parts: readonly (string | Expression)[], spoken: readonly Spoken[]): Word[] {
  const words: (string | Spoken)[][] = []
  const left = spoken.values()
  let open = false
  const add = (atom: string | Spoken) => {
    if (open) words.at(-1)?.push(atom)
    else words.push([atom])
    open = true
  }
  for (const part of parts) {
    if (typeof part !== 'string') {
      const { value } = left.next()
      if (value) add(value)
      continue
    }
    for (const word of part.split(/(\s+)/)) {
      if (word.trim() !== '') add(word)
      else if (word !== '') open = false
    }
  }
  return words
}

const isSpeakable = (text: string): boolean => /[\p{L}\p{N}]/u.test(text)
const isSentenceEnd = (text: string): boolean => /[.!?]["')]*$/.test(text)

/** So few words between two values are spoken with them: three requests to a voice for "1 of 5" would be heard as three. */
const fewWords = { words: 3, characters: 20 }

function piecesOf(words: readonly Word[], { belongsTo }: Reader): Piece[] {
  const texts = words.map((word) => (word.every((atom) => typeof atom === 'string') ? word.join('') : null))
  // With the value go a sign that nobody could say alone, and what is read by it: `Dr.`, `km`.
  const goesWith = texts.map((text, n) => {
    if (text === null) return true
    const [before, after] = [n > 0 && texts[n - 1] === null, texts[n + 1] === null]
    if (!isSpeakable(text) && (before || after)) return true
    return (before && belongsTo.last.test(text)) || (after && belongsTo.next.test(text))
  })
  const runs: { fresh: boolean; from: number; to: number }[] = []
  for (const [n, fresh] of goesWith.entries()) {
    const last = runs.at(-1)
    if (last?.fresh === fresh) last.to = n + 1
    else runs.push({ fresh, from: n, to: n + 1 })
  }
  for (const [n, run] of runs.entries()) {
    const between = texts.slice(run.from, run.to).filter((text) => text !== null)
    const isInside = !run.fresh && n > 0 && n < runs.length - 1
    const isShort = between.length <= fewWords.words && between.join(' ').length <= fewWords.characters
    if (isInside && isShort && !isSentenceEnd(between.at(-1) ?? '')) run.fresh = true
  }
  const pieces: Piece[] = []
  for (const { fresh, from, to } of runs) {
    const last = pieces.at(-1)
    if (!fresh) pieces.push({ words: texts.slice(from, to).join(' ') })
    else if (last && 'values' in last)
      pieces[pieces.length - 1] = { values: [...last.values, ...words.slice(from, to)] }
    else pieces.push({ values: words.slice(from, to) })
  }
  return pieces
}

function fill(pieces: readonly Piece[], variables: Variables, budget: Budget | undefined): string[] {
  let length = 0
  const inWords = ({ expression, read }: Spoken): string => {
    const text = read(expression.evaluate(variables, budget))
    length += text.length
    if (text.length > mostOfOne || length > mostOfAll)
      throw new FlowError('expressionFailed', 'too long to be read out')
    return text
  }
  return pieces
    .map((piece) =>
      'words' in piece
        ? piece.words
        : piece.values
            .map((word) => word.map((atom) => (typeof atom === 'string' ? atom : inWords(atom))).join(''))
            .filter((word) => word !== '')
            .join(' '),
    )
    .filter(isSpeakable)
}
