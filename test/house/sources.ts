import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import ts from 'typescript'

/** The sources of this house as TypeScript reads them, for the tests that hold its plan. Paths are from the root, with slashes. */

export const root = join(import.meta.dirname, '..', '..')

/** All that git knows or would take in, so that what is made by tools stays out. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(tsx?|js)$/.test(file) && existsSync(join(root, file)))

export const isTest = (file: string): boolean => /\.test\.tsx?$/.test(file)
export const roomOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : '')

export type Import = {
  /** As it is written. */
  name: string
  /** The file, when it is one of ours. */
  file: string | null
  /** What is taken from it; `*` for all of it. */
  names: string[]
}
export type Source = { file: string; text: string; tree: ts.SourceFile; imports: Import[] }

function importsOf(file: string, tree: ts.SourceFile): Import[] {
  const found: Import[] = []
  const add = (to: ts.Node | undefined, names: string[]) => {
    if (to && ts.isStringLiteralLike(to)) found.push({ name: to.text, file: fileOf(file, to.text), names })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, namesOf(node.importClause))
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, exportedNames(node))
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], ['*'])
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, ['*'])
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

const fileOf = (from: string, name: string): string | null =>
  name.startsWith('#') ? name.slice(1) : name.startsWith('.') ? posix.join(dirname(from), name) : null

function namesOf(clause: ts.ImportClause | undefined): string[] {
  const bindings = clause?.namedBindings
  const named = !bindings
    ? []
    : ts.isNamespaceImport(bindings)
      ? ['*']
      : bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text)
  return clause?.name ? ['default', ...named] : named
}

const exportedNames = ({ exportClause }: ts.ExportDeclaration): string[] =>
  exportClause && ts.isNamedExports(exportClause)
    ? exportClause.elements.map(({ name, propertyName }) => (propertyName ?? name).text)
    : ['*']

export const sources: Source[] = files.map((file) => {
  const text = readFileSync(join(root, file), 'utf8')
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  return { file, text, tree, imports: importsOf(file, tree) }
})

export const sourcesIn = (room: string): Source[] => sources.filter(({ file }) => roomOf(file) === room)

/** What a file exports by declaring it itself. `isType`: it is gone when the program runs. */
export type Declared = { name: string; isType: boolean; statement: ts.Statement }

export function declaredExports({ tree }: Source): Declared[] {
  return tree.statements.flatMap((statement) => {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return []
    const isType = ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement)
    return namesIn(statement, modifiers).map((name) => ({ name, isType, statement }))
  })
}

function namesIn(statement: ts.Statement, modifiers: readonly ts.Modifier[]): string[] {
  if (modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) return ['default']
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name))
  }
  const { name } = statement as ts.DeclarationStatement
  return name && ts.isIdentifier(name) ? [name.text] : []
}

const boundNames = (name: ts.BindingName): string[] =>
  ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(element.name)))

/** The files that lead back to themselves by what they import, within `among`. */
export function circles(among: Source[]): string[] {
  const bySelf = new Map(among.map((source) => [source.file, source]))
  function reach(from: Source, seen: Set<string>): Set<string> {
    for (const { file } of from.imports) {
      const next = file !== null && !seen.has(file) && bySelf.get(file)
      if (next) reach(next, seen.add(next.file))
    }
    return seen
  }
  return among.filter((source) => reach(source, new Set()).has(source.file)).map(({ file }) => file)
}
