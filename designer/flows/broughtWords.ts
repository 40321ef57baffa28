import type { Named } from '#flow/bundlePlan.ts'
import { flowsMessages } from '../messages/flows.ts'
import type { Imported } from '../wire.ts'

const { shared, made, madeBeside, renamed, publishFirst, matched, missing } = flowsMessages.importing

const wordsOf = (named: readonly Named[]) => named.map(({ kind, name }) => shared[kind](name))

/** What has become of the hours, tables and flows that a file's flow speaks of, a sentence for each case. */
export const broughtWords = (brought: Pick<Imported, 'made' | 'matched' | 'missing'>): string[] => [
  ...(brought.made.length === 0 ? [] : [made(wordsOf(brought.made))]),
  ...brought.made.flatMap(({ kind, name, was }) =>
    was === undefined ? [] : [kind === 'flow' ? renamed(name, was) : madeBeside(name, was)],
  ),
  ...(brought.made.some(({ kind }) => kind === 'flow') ? [publishFirst] : []),
  ...(brought.matched.length === 0 ? [] : [matched(wordsOf(brought.matched))]),
  ...(brought.missing.length === 0 ? [] : [missing(wordsOf(brought.missing))]),
]
