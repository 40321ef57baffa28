import { FlowError } from '../error.ts'
import type { Declarations, Expression } from '../expressionFacts.ts'
import { fieldOf, type SettingsIssue } from '../settings.ts'
import { readSaying, type Saying } from './saying.ts'

export type { Saying }

type Speaks = { prompts?: readonly string[]; promptNames?: readonly string[] }
type Deps = {
  variables: Declarations
  language?: string | undefined
  parse(source: string, names?: readonly string[]): Expression
}

/** The prompts of a block made ready: those with values by their texts, and what is wrong with which field. */
export function readSayings({ prompts = [], promptNames = [] }: Speaks, settings: object, deps: Deps) {
  const sayings = new Map<string, Saying>()
  const issues: SettingsIssue[] = []
  const withValues = new Set(prompts.filter((text) => text.includes('${')))
  if (withValues.size === 0) return { issues, sayings, constants: prompts, reads: [], saysOpenly: [], cost: 0 }

  const parse = (source: string) => deps.parse(source, promptNames)
  const isOwn = (name: string) => !promptNames.includes(name)
  const variables = Object.fromEntries(Object.entries(deps.variables).filter(([name]) => isOwn(name)))
  for (const text of withValues) {
    try {
      sayings.set(text, readSaying(text, { ...deps, variables, parse }))
    } catch (error) {
      if (!(error instanceof FlowError)) throw error
      issues.push({ field: fieldOf(settings, (other) => other === text), code: 'expression', detail: error.detail })
    }
  }
  const all = [...sayings.values()]
  return {
    issues,
    sayings,
    constants: prompts.flatMap((text) => sayings.get(text)?.constants ?? [text]),
    reads: all.flatMap(({ reads }) => reads).filter(isOwn),
    saysOpenly: all.flatMap(({ readsOpenly }) => readsOpenly).filter(isOwn),
    cost: all.reduce((sum, saying) => sum + saying.cost, 0),
  }
}
