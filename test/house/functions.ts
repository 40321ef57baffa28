import ts from 'typescript'
import type { Source } from './sources.ts'

/** How long functions are, in lines that have to be held in mind together. */
export type Length = {
  name: string
  lines: number
  /** With all that does not count. */
  whole: number
}

/**
 * Each function with its lines, those of the functions inside it included. What is read from top to bottom does not count: JSX, the
 * body of `describe`, and tables: literals in which nothing is decided (no function in them has a body of statements).
 */
export function functionsOf({ file, tree }: Source): Length[] {
  const found: Length[] = []
  const lineOf = (at: number) => tree.getLineAndCharacterOfPosition(at).line
  const spanOf = (node: ts.Node) => lineOf(node.end) - lineOf(node.getStart()) + 1

  /** The lines below `node` that do not count. */
  function apart(node: ts.Node): number {
    if (isJsx(node) || (isLiteral(node) && isTable(node))) return spanOf(node) - 1
    let sum = 0
    ts.forEachChild(node, (child) => {
      sum += apart(child)
    })
    return sum
  }

  function visit(node: ts.Node): void {
    if (ts.isFunctionLike(node) && 'body' in node && node.body && !isHeading(node)) {
      const whole = spanOf(node)
      found.push({ name: `${file} ${nameOf(node)}`, lines: whole - apart(node.body), whole })
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

const isJsx = (node: ts.Node) => ts.isJsxElement(node) || ts.isJsxFragment(node) || ts.isJsxSelfClosingElement(node)
const isLiteral = (node: ts.Node) => ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)

function isTable(node: ts.Node): boolean {
  if (ts.isBlock(node)) return false
  return ts.forEachChild(node, (child) => (isTable(child) ? undefined : true)) === undefined
}

const isHeading = (node: ts.Node): boolean => {
  const called = ts.isCallExpression(node.parent) ? node.parent.expression.getText() : ''
  return /^describe\b/.test(called)
}

function nameOf(node: ts.SignatureDeclaration): string {
  const { name, parent } = node
  if (name) return name.getText()
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.name.getText()
  if (ts.isCallExpression(parent)) {
    const [first] = parent.arguments
    const said = first && first !== (node as ts.Node) && ts.isStringLiteralLike(first) ? ` "${first.text}"` : ''
    return `${parent.expression.getText().split('\n')[0]?.slice(0, 40)}${said}`
  }
  return 'function'
}
