import type { Flow } from '#flow/flow.ts'
import { flowsMessages } from '../messages/flows.ts'
import { api } from '../shell/api.ts'
import type { Imported } from '../wire.ts'

const words = flowsMessages.importing

/** Makes a new flow of what a file holds. What is otherwise than it says is said too. */
export async function importFlow(flow: Flow): Promise<{ id: string; said: string[] }> {
  const imported = await api.importFlow(flow)
  return { id: imported.id, said: importedWords(imported, flow.name) }
}

const importedWords = ({ name, blocks, unknown, unresolved }: Imported, was: string): string[] => [
  words.done(name, blocks),
  ...(name === was ? [] : [words.renamed(name, was)]),
  ...(unknown.length === 0 ? [] : [words.unknown(unknown)]),
  ...(unresolved.length === 0 ? [] : [words.unresolved(unresolved)]),
]
