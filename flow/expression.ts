import { type ASTNode, Environment } from '@marcbachmann/cel-js'
import { openBudget, spend } from './budget.ts'
import { FlowError } from './error.ts'
import { celType, type Declarations, type Expression } from './expressionFacts.ts'
import { VariableName } from './flow.ts'
import { calledBy, costOf, meter, nodesOf } from './meter.ts'
import { readerOf } from './saying/readers.ts'
import { isSmall, limits, type Value } from './values.ts'

/**
 * Expressions are CEL (https://cel.dev), which has no loops, no assignment and no reach outside its variables.
 * What could take long in one go is taken away before anything runs, so that no worker and no timer is needed: regular
 * expressions (`matches`), local names (`cel.bind`, with which a value can double and double again), JSON, a comprehension inside a
 * comprehension, long expressions, long arguments where the engine tries for long, and values without bounds (values.ts). What
 * adds up is counted node by node: all that one event evaluates shares a budget (budget.ts). See decisions/expressions.md.
 */
export const expressionLimits = { characters: 1000, nodes: 200, nodesForEach: 30, depth: 25 } as const

/** Units of the budget for what is done once for each evaluation. */
const evaluationCost = 30

/** What differs by environment, by name; a variable of a flow that is called so comes before it. */
const environmentName = 'env'
/** What a service has answered, in the expressions that take something of it. */
const answerName = 'response' as const
const answer = { schema: { status: 'double', headers: 'map<string, string>', body: 'dyn' } }

const people = { schema: { id: 'string', name: 'string', phone: 'string' } }
const aboutTrigger = { schema: { data: 'map<string, dyn>' } }
const aboutCall = { schema: { id: 'string', transferor: { id: 'string', name: 'string', phone: 'string' } } }

const numbers = new Environment({
  limits: {
    maxAstNodes: expressionLimits.nodes,
    maxDepth: expressionLimits.depth,
    maxListElements: limits.list,
    maxMapEntries: limits.fields,
    maxCallArguments: 8,
  },
})
// CEL keeps whole numbers and decimals apart and refuses `count + 1` for a decimal count. People do not.
const mixed: [operator: string, apply: (a: number, b: number) => number | boolean][] = [
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
  ['/', (a, b) => a / notZero(b)],
  ['%', (a, b) => a % notZero(b)],
]
for (const [operator, apply] of mixed) {
  for (const [left, right] of [
    ['double', 'int'],
    ['int', 'double'],
  ]) {
    numbers.registerOperator(`${left} ${operator} ${right}: double`, (a: number | bigint, b: number | bigint) =>
      apply(Number(a), Number(b)),
    )
  }
}
numbers.registerOperator('double % double: double', (a: number, b: number) => a % notZero(b))
numbers.registerOperator('double == int', (a: number, b: bigint) => a === Number(b))
// What callers type need not be a number. `double(text)` would fail then; a comparison should just not hold.
numbers.registerFunction('asNumber(string): double', (text: string) => (text.trim() === '' ? Number.NaN : Number(text)))

// Values as people read them, for prompts (saying/).
const reader = readerOf()
numbers.registerFunction('digits(dyn): string', (value: unknown) => reader.digits(plain(value)))
numbers.registerFunction('spell(dyn): string', (value: unknown) => reader.spelled(plain(value)))
numbers.registerFunction('money(dyn, string): string', (value: unknown, code: string) =>
  reader.money(plain(value), code),
)
numbers.registerFunction('date(dyn): string', (value: unknown) => reader.date(plain(value)))
numbers.registerFunction('date(dyn, string): string', (value: unknown, order: string) =>
  reader.date(plain(value), order),
)
numbers.registerFunction('time(dyn): string', (value: unknown) => reader.time(plain(value)))
/** Changes nothing: by it authors say that a secret may be said in this place. */
const allows = 'aloud'
numbers.registerFunction(`${allows}(dyn): dyn`, (value: unknown) => value)

function notZero(divisor: number): number {
  if (divisor === 0) throw new FlowError('expressionFailed', 'divided by zero')
  return divisor
}

// `split` makes a list of every character of a text, so it counts as going round too.
const comprehensions = new Set(['map', 'filter', 'all', 'exists', 'exists_one', 'split'])

const isComprehension = (node: ASTNode): boolean => comprehensions.has(calledBy(node))

const refused = new Set(['matches', 'bind', 'json'])

/** Refuses what the limits above forbid. */
function refuseCostly(tree: ASTNode): void {
  for (const node of nodesOf(tree)) {
    const name = calledBy(node)
    if (refused.has(name)) throw new FlowError('expressionRefused', name)
    if (!isComprehension(node)) continue
    const [, subject, forEach] = node.args as unknown[]
    // What a comprehension goes over is worked out once, before it: `names.filter(…).map(…)` is no nesting.
    const inside = nodesOf(node.op === 'rcall' ? forEach : subject)
    if (inside.some(isComprehension)) throw new FlowError('expressionRefused', 'nested')
    // Done for each element: what adds lists to lists there, or goes over many lists in a row, could grow by millions.
    const longest = Math.max(inside.length, nodesOf(subject).length)
    if (longest > expressionLimits.nodesForEach) throw new FlowError('expressionRefused', 'too long')
  }
}

type Expressions = {
  /**
   * `names` are further ones that it may speak of, of any type; `response` is what a service has answered.
   * @throws FlowError `expressionRefused` with the reason, when it is not CEL, not of matching types, or too costly.
   */
  parse(source: string, names?: readonly string[]): Expression
}

/** What a flow's expressions may speak of, made once for each set of declarations. */
export function expressions(declarations: Declarations): Expressions {
  const known = new Map<string, Environment>()
  return {
    parse(source, names = []) {
      const key = names.join()
      const environment = known.get(key) ?? environmentOf(declarations, names)
      known.set(key, environment)
      const isOwn = names.includes(environmentName) || Object.hasOwn(declarations, environmentName)
      return parseIn(environment, source, isOwn)
    },
  }
}

function environmentOf(declarations: Declarations, more: readonly string[]): Environment {
  const environment = numbers.clone().registerVariable('caller', people).registerVariable('called', people)
  if (!Object.hasOwn(declarations, environmentName))
    environment.registerVariable(environmentName, 'map<string, string>')
  // A flow of before may have declared a variable of that name, which is its own.
  if (!Object.hasOwn(declarations, 'call')) environment.registerVariable('call', aboutCall)
  if (!Object.hasOwn(declarations, 'trigger')) environment.registerVariable('trigger', aboutTrigger)
  for (const [name, { type }] of Object.entries(declarations)) {
    if (!more.includes(name) && VariableName.safeParse(name).success) environment.registerVariable(name, celType[type])
  }
  for (const name of more) {
    if (name === answerName) environment.registerVariable(name, answer)
    else environment.registerVariable(name, 'dyn')
  }
  return environment
}

/** `ownEnv`: what is called so is a variable, and no value of the environment. */
function parseIn(environment: Environment, source: string, ownEnv: boolean): Expression {
  if (source.length > expressionLimits.characters) throw new FlowError('expressionRefused', 'too long')
  const run = attempt(() => environment.parse(source))
  const { valid, type = 'dyn', error } = attempt(() => run.check())
  if (!valid) throw new FlowError('expressionRefused', firstLine(error))
  refuseCostly(run.ast)
  const nodes = nodesOf(run.ast)
  let budget = openBudget()
  meter(run.ast, (units) => spend(budget, units))
  const allowed = new Set(nodes.filter((node) => calledBy(node) === allows).flatMap(({ args }) => nodesOf(args)))
  return {
    type,
    reads: readIn(nodes),
    readsOpenly: readIn(nodes.filter((node) => !allowed.has(node))),
    named: ownEnv ? [] : namedIn(nodes),
    cost: nodes.reduce((sum, node) => sum + costOf(node), evaluationCost),
    evaluate(variables, shared = openBudget()) {
      budget = shared
      try {
        spend(budget, evaluationCost)
        const value = run(variables)
        // `||`, `all` and `exists` go on after a part that failed, also when it failed because nothing was left.
        spend(budget, 0)
        if (!isSmall(value)) throw new FlowError('expressionFailed', 'too large')
        return plain(value)
      } catch (error) {
        if (error instanceof FlowError) throw error
        spend(budget, 0)
        throw new FlowError('expressionFailed', firstLine(error))
      }
    },
  }
}

const readIn = (nodes: readonly ASTNode[]): string[] => [
  ...new Set(nodes.flatMap(({ op, args }) => (op === 'id' ? [args] : []))),
]

/** The values of the environment that must be there: `env.crmUrl`, `env["crmUrl"]`, unless it is asked for first (`has(env.crmUrl)`). */
function namedIn(nodes: readonly ASTNode[]): string[] {
  const isEnvironment = (node: ASTNode | undefined) => node?.op === 'id' && node.args === environmentName
  // Within `list.map(env, …)` it is each of the list.
  const isLocal = nodes.some((node) => isComprehension(node) && isEnvironment(nodesOf((node.args as unknown[])[2])[0]))
  if (isLocal) return []
  const nameOf = ({ op, args }: ASTNode): string | undefined => {
    if (op !== '.' && op !== '[]') return undefined
    const [of, name] = args as unknown[]
    const [index] = nodesOf(name)
    const word = op === '.' ? name : index?.op === 'value' ? index.args : undefined
    return isEnvironment(nodesOf(of)[0]) && typeof word === 'string' ? word : undefined
  }
  const names = (of: readonly ASTNode[]) => new Set(of.flatMap((node) => nameOf(node) ?? []))
  const asked = names(nodes.filter((node) => calledBy(node) === 'has').flatMap(({ args }) => nodesOf(args)))
  return [...names(nodes)].filter((name) => !asked.has(name))
}

function attempt<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new FlowError('expressionRefused', firstLine(error))
  }
}

const firstLine = (problem: unknown): string =>
  (problem instanceof Error ? problem.message : String(problem)).split('\n')[0] ?? ''

/** CEL's values to ours: its whole numbers are BigInt, its maps may be Map. */
function plain(value: unknown): Value {
  if (typeof value === 'bigint') return Number(value)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new FlowError('expressionFailed', 'not a number')
    return value
  }
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [String(key), plain(inner)]))
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
  }
  throw new FlowError('expressionFailed', 'a value that a variable cannot hold')
}
