import { flowsMessages } from '../messages/flows.ts'
import type { Restored } from '../wire.ts'

const words = flowsMessages.removed

/** That a flow is back, and what is not as it was: sentences of their own. `was`: its name when it was deleted. */
export function restoredWords(was: string, { name, taken }: Restored): string[] {
  return [
    words.done(was),
    ...(name === was ? [] : [words.renamed(name)]),
    ...taken.map(({ called, by }) => (called === 'default' ? words.takenDefault(by) : words.taken(called, by))),
  ]
}
