import { isMap, isNode, isScalar, Lexer, LineCounter, parseDocument, stringify, visit } from 'yaml'
import { type PlaceOf, parseScript, type Script, ScriptError, type ScriptProblem } from './script.ts'

/** Scripts as text. JSON is YAML too. */

/** A text without its sounds is no larger, and has no more words and marks. Both are far beyond what people write. */
const mostLetters = 256 * 1024
const mostTokens = 100_000

/** Sounds are words of base64, in lines at least so long; breaking and indenting these takes up to a quarter more. */
const soundLine = 60
const withBreaks = 1.25

/** Reads a script from YAML. Throws a ScriptError, and nothing else, with line and column of every problem. */
export function parseScriptYaml(text: string): Script {
  try {
    return read(text)
  } catch (error) {
    if (error instanceof ScriptError) throw error
    // What is nested a thousand times deep is more than the readers' stack holds.
    throw new ScriptError([problem('cannot be read: it is nested too deep, or broken', null)])
  }
}

/** Writes a script so that `parseScriptYaml` reads the same. */
export const formatScriptYaml = (script: Script): string =>
  stringify(script, { lineWidth: 0, aliasDuplicateObjects: false })

function read(text: string): Script {
  refuseTooLarge(text)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }

  const problems: ScriptProblem[] = []
  visit(document, {
    // The reader compares every key with every other; a map of thousands would take it minutes.
    Map: (_key, { items }) => {
      const seen = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        if (seen.has(key.value)) problems.push(problem('Map keys must be unique', at(key.range?.[0] ?? 0)))
        seen.add(key.value)
      }
    },
    Alias: (_key, { range }) => {
      problems.push(problem('write "*" in quotes; a reference to something else cannot be used', at(range?.[0] ?? 0)))
    },
    Pair: (_key, { key }) => {
      if (isNode(key) && !isScalar(key)) problems.push(problem('a name must be a word', at(key.range?.[0] ?? 0)))
    },
  })
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    if (code !== 'BAD_ALIAS') problems.push(problem(message, at(pos[0])))
  }
  if (problems.length > 0) throw new ScriptError(problems)

  const placeOf: PlaceOf = (path, unknownKey) => {
    // The last of the path may not be there: then what it is missing from is meant.
    for (let length = path.length; length >= 0; length -= 1) {
      const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
      if (!isNode(node) || !node.range) continue
      const pair = isMap(node) && node.items.find(({ key }) => isScalar(key) && key.value === unknownKey)
      return at((pair && isNode(pair.key) && pair.key.range?.[0]) || node.range[0])
    }
    return null
  }
  return parseScript(document.toJS(), placeOf)
}

function problem(message: string, place: { line: number; column: number } | null): ScriptProblem {
  return { path: '', message, line: place?.line ?? null, column: place?.column ?? null }
}

/** Throws a ScriptError for what is much too large to be a script: reading it would keep all calls waiting. */
function refuseTooLarge(text: string): void {
  const large = new ScriptError([problem('is too large to be a script; only its sounds may be large', null)])
  if (text.length > mostLetters) {
    const lines = text.split(/[^A-Za-z0-9+/=]+/).filter(({ length }) => length >= soundLine)
    const sounds = lines.reduce((sum, { length }) => sum + length, 0)
    if (text.length - sounds * withBreaks > mostLetters) throw large
  }
  let tokens = 0
  for (const _token of new Lexer().lex(text)) {
    tokens += 1
    if (tokens > mostTokens) throw large
  }
}
