import type { ASTNode } from '@marcbachmann/cel-js'
import { searchCost, weightOf } from './budget.ts'
import { FlowError } from './error.ts'
import { limits } from './values.ts'

/** What the work of an expression costs, counted node by node while it runs. */

/** Units of the budget (budget.ts). `zone`: a time told in a zone, 0.1 to 0.6 ms. */
const costs = { node: 5, zone: 8_000, lastIndexOf: 20_000 } as const

/** What the engine would try or search for long may not be long: `duration` takes cubic time, `lastIndexOf` square. */
const longestArgument: Readonly<Record<string, number>> = { duration: 40, lastIndexOf: 100 }

/** What looks for its first argument in the text before the dot. */
const searching = new Set(['contains', 'indexOf', 'split'])

/** A list on the way to a result may be longer than one that is kept, but not by much. */
const mostElements = 5_000

/** All nodes of a syntax tree, each before those below it. One loop: a generator in a generator takes as long as a chain is long, for each. */
export function nodesOf(tree: unknown): ASTNode[] {
  const nodes: ASTNode[] = []
  const left: unknown[] = [tree]
  while (left.length > 0) {
    const part = left.pop()
    if (Array.isArray(part)) left.push(...part.toReversed())
    else if (typeof part === 'object' && part !== null && 'op' in part) {
      const node = part as ASTNode // the library's only objects with an `op`
      nodes.push(node)
      left.push(node.args)
    }
  }
  return nodes
}

export const calledBy = ({ op, args }: ASTNode): string => (op === 'call' || op === 'rcall' ? String(args[0]) : '')

/** What a function is given in brackets. */
const argumentsOf = ({ op, args }: ASTNode): readonly unknown[] => {
  const given: unknown = op === 'call' ? args[1] : op === 'rcall' ? args[2] : []
  return Array.isArray(given) ? given : []
}

/** What a node costs whatever it yields. */
export function costOf(node: ASTNode): number {
  const name = calledBy(node)
  // A time of day, a day or a year in a zone that is named: `t.getHours("Europe/Berlin")`.
  if (/^get[A-Z]/.test(name) && argumentsOf(node).length > 0) return costs.zone
  return name === 'lastIndexOf' ? costs.lastIndexOf : costs.node
}

type Evaluate = (evaluator: { run: unknown }, node: unknown, context: unknown) => unknown
/** A node as the library sees it: what a macro stands for takes its place (8.0, lib/parser.js). */
type Inside = ASTNode & {
  evaluate: Evaluate
  /** What a call does with the values of what stands before its dot and in its brackets. */
  handle?: (values: readonly unknown[], evaluator: unknown, node: unknown) => unknown
  meta: { alternate?: { evaluate: Evaluate }; macro?: { evaluate: Evaluate }; evaluate: Evaluate }
}

function evaluationOf({ meta: { alternate, macro, evaluate } }: Inside): Evaluate {
  const instead = alternate ?? macro
  return instead ? (evaluator, _node, context) => instead.evaluate(evaluator, instead, context) : evaluate
}

/** Of `order.lines[0].id` what stands before each dot: nothing is done with it but to look for its part, however large it is. */
const passedThrough = ({ op, args }: ASTNode): unknown[] =>
  (op === '.' || op === '[]') && Array.isArray(args) ? args.slice(0, 1).filter(isPlace) : []

/** Has a search count what it costs at worst, once both texts are worked out and before it is done. */
function meterSearch(node: Inside, count: (units: number) => void): void {
  const { handle } = node
  if (handle === undefined || !searching.has(calledBy(node))) return
  node.handle = (values, evaluator, self) => {
    const [within, part] = values
    if (typeof within === 'string' && typeof part === 'string') count(searchCost(within.length, part.length))
    return handle(values, evaluator, self)
  }
}

const isPlace = (node: unknown): boolean =>
  typeof node === 'object' && node !== null && 'op' in node && ['id', '.', '[]'].includes(String(node.op))

/**
 * Has every node of a tree that was checked count what it does and what it yields. The library evaluates a node by its method of
 * this name and offers no other place to listen at; expression.test.ts finds out if that changes.
 */
export function meter(tree: ASTNode, count: (units: number) => void): void {
  const nodes = nodesOf(tree)
  const longest = new Map(
    nodes.flatMap((node) => argumentsOf(node).map((argument) => [argument, longestArgument[calledBy(node)]] as const)),
  )
  const passing = new Set<unknown>(nodes.flatMap(passedThrough))
  for (const node of nodes) {
    const metered = node as Inside // its types leave that out
    meterSearch(metered, count)
    const evaluate = evaluationOf(metered)
    const cost = costOf(node)
    const mostCharacters = longest.get(node) ?? limits.size
    metered.evaluate = (evaluator, self, context) => {
      count(cost)
      const value = evaluate.call(node, evaluator, self, context)
      if (passing.has(node)) return value
      if (typeof value === 'string') {
        if (value.length > mostCharacters) throw new FlowError('expressionFailed', 'too large')
        count(weightOf(value))
      } else if (typeof value === 'object' && value !== null) {
        if (Array.isArray(value) && value.length > mostElements) throw new FlowError('expressionFailed', 'too large')
        count(weightOf(value))
      }
      return value
    }
  }
}
