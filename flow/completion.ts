import type { Declarations } from './expressionFacts.ts'
import type { ValueType } from './values.ts'

/** Something that may be typed: a name, what a name has, or a function, which brings its parentheses. */
export type Completion =
  | { kind: 'variable'; text: string; type: ValueType }
  | { kind: 'name' | 'member'; text: string }
  | { kind: 'function'; text: string; name: FunctionName }

/** `from`: where in the source the beginning stands that each of the options takes the place of. */
export type Completions = { from: number; options: readonly Completion[] }

const ofTexts = [
  'contains',
  'startsWith',
  'endsWith',
  'size',
  'trim',
  'substring',
  'split',
  'lowerAscii',
  'upperAscii',
] as const
const ofLists = ['size', 'filter', 'map', 'exists', 'all', 'join'] as const
const alone = ['size', 'digits', 'spell', 'money', 'date', 'time', 'aloud', 'string', 'int', 'double', 'has'] as const
export type FunctionName = (typeof ofTexts)[number] | (typeof ofLists)[number] | (typeof alone)[number]

const person = ['name', 'phone', 'id']
const membersOf: Readonly<Record<string, readonly string[]>> = {
  caller: person,
  called: person,
  call: ['transferor', 'id'],
  'call.transferor': person,
  response: ['body', 'status', 'headers'],
}
const functionsOf: Partial<Record<ValueType, readonly FunctionName[]>> = {
  text: ofTexts,
  digits: ofTexts,
  phone: ofTexts,
  secret: ofTexts,
  list: ofLists,
}

type Names = {
  variables: Declarations
  /** Further names that may be spoken of in this place. */
  more?: readonly string[]
  /** What a program brings that starts the call, by name. */
  payload?: readonly string[]
  /** The source is a text, in which only what stands in `${…}` is an expression. */
  inText?: boolean
}

/** What may be typed where the cursor stands; null where there is nothing to say. */
export function completionsAt(
  source: string,
  at: number,
  { variables, more = [], payload = [], inText = false }: Names,
): Completions | null {
  const expression = inText ? openValue(source.slice(0, at)) : source.slice(0, at)
  if (expression === null || isQuoted(expression)) return null
  // A number, or what a call has given back, has no names that are known.
  const path = /(?<![\w).\]])(?:[A-Za-z_]\w*\.)*(?:[A-Za-z_]\w*)?$/.exec(expression)?.[0]
  if (path === undefined) return null
  const dot = path.lastIndexOf('.')
  const typed = path.slice(dot + 1)
  const all =
    dot < 0
      ? rootsOf(variables, payload.length > 0 ? [...more, 'trigger'] : more)
      : partsOf(path.slice(0, dot), variables, payload)
  const options = all.filter(({ text }) => text.toLowerCase().startsWith(typed.toLowerCase()) && text !== typed)
  return options.length === 0 ? null : { from: at - typed.length, options }
}

/** The source with an option taken, and where the cursor goes: between the parentheses of a function. */
export function complete(source: string, at: number, from: number, { kind, text }: Completion) {
  const after = source.slice(at)
  const inserted = kind === 'function' && after.startsWith('(') ? text.slice(0, -2) : text
  const cursor = from + inserted.length - (inserted.endsWith('()') ? 1 : 0)
  return { source: source.slice(0, from) + inserted + after, cursor }
}

const functions = (names: readonly FunctionName[]): Completion[] =>
  names.map((name) => ({ kind: 'function', text: `${name}()`, name }))

function rootsOf(variables: Declarations, more: readonly string[]): Completion[] {
  const own = Object.entries(variables).filter(([name]) => !more.includes(name))
  const others = [...more, 'caller', 'called', 'call', 'env'].filter((name) => !own.some(([taken]) => taken === name))
  return [
    ...own.map(([text, { type }]) => ({ kind: 'variable' as const, text, type })),
    ...others.map((text) => ({ kind: 'name' as const, text })),
    ...functions(alone),
  ]
}

function partsOf(path: string, variables: Declarations, payload: readonly string[]): Completion[] {
  const type = Object.hasOwn(variables, path) ? variables[path]?.type : undefined
  if (type !== undefined) return type === 'user' ? members(['name', 'id']) : functions(functionsOf[type] ?? [])
  if (path === 'trigger' && payload.length > 0) return members(['data'])
  if (path === 'trigger.data') return members(payload)
  const own = Object.hasOwn(membersOf, path) ? membersOf[path] : undefined
  if (own) return members(own)
  return person.some((part) => path.endsWith(`.${part}`)) ? functions(ofTexts) : []
}

const members = (names: readonly string[]): Completion[] => names.map((text) => ({ kind: 'member', text }))

/** What was typed of the value that a text ends in; null when it ends in words. `$${` stands for the characters themselves. */
function openValue(text: string): string | null {
  const start = text.lastIndexOf('${')
  if (start < 0 || text[start - 1] === '$') return null
  const value = text.slice(start + 2)
  return value.includes('}') ? null : value
}

function isQuoted(expression: string): boolean {
  let open = ''
  for (let n = 0; n < expression.length; n++) {
    const character = expression[n] ?? ''
    if (character === '\\') n++
    else if (open !== '') open = character === open ? '' : open
    else if (character === '"' || character === "'") open = character
  }
  return open !== ''
}
