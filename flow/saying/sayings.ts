import { FlowError } from '../error.ts'
import type { Declarations, Expression } from '../expressionFacts.ts'
import type { SettingsIssue } from '../settings.ts'
import { readSaying, type Saying } from './saying.ts'

export type { Saying }

type Speaks = { prompts?: readonly string[]; promptNames?: readonly string[] }
type Deps = {
  variables: Declarations
  language?: string | undefined
  parse(source: string, names?: readonly string[]): Expression
}

/** The prompts of a block made ready: those with values by their texts, and what is wrong with which field. */
export function readSayings({ prompts = [], promptNames }: Speaks, settings: object, deps: Deps) {
  const sayings = new Map<string, Saying>()
  const issues: SettingsIssue[] = []
  const parse = (source: string) => deps.parse(source, promptNames)
  for (const text of prompts) {
    if (!text.includes('${') || sayings.has(text)) continue
    try {
      sayings.set(text, readSaying(text, { ...deps, parse }))
    } catch (error) {
      if (!(error instanceof FlowError)) throw error
      issues.push({ field: fieldOf(settings, text), code: 'expression', detail: error.detail })
    }
  }
  const all = [...sayings.values()]
  const variables = (names: readonly string[]) => names.filter((name) => !promptNames?.includes(name))
  return {
    issues,
    sayings,
    constants: prompts.flatMap((text) => sayings.get(text)?.constants ?? [text]),
    reads: variables(all.flatMap(({ reads }) => reads)),
    saysOpenly: variables(all.flatMap(({ readsOpenly }) => readsOpenly)),
    cost: all.reduce((sum, saying) => sum + saying.cost, 0),
  }
}

/** Where a text stands among settings, as a path; empty when it was not found. */
function fieldOf(settings: unknown, text: string): string {
  for (const [name, value] of Object.entries(settings ?? {})) {
    if (value === text) return name
    const inside = typeof value === 'object' ? fieldOf(value, text) : ''
    if (inside !== '') return `${name}.${inside}`
  }
  return ''
}
