import type { Problem } from '#flow/check.ts'

/**
 * A problem as it is shown: what is still open in a block that was just added is no error yet but something to do, until the block is left
 * for the first time.
 */
export type Finding = Omit<Problem, 'severity'> & { severity: Problem['severity'] | 'todo' }

export type Counts = { errors: number; warnings: number; todo: number }

/** The problems of a flow whose blocks `fresh` nobody has left yet. */
export const findingsOf = (problems: readonly Problem[], fresh: ReadonlySet<string>): readonly Finding[] =>
  problems.map((problem) =>
    problem.block !== null && fresh.has(problem.block) ? { ...problem, severity: 'todo' as const } : problem,
  )

export function countBySeverity(findings: readonly Pick<Finding, 'severity'>[]): Counts {
  const count = (wanted: Finding['severity']) => findings.filter(({ severity }) => severity === wanted).length
  return { errors: count('error'), warnings: count('warning'), todo: count('todo') }
}
