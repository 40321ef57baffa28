import type { Bundle } from '#flow/bundle.ts'
import { flowsMessages } from '../messages/flows.ts'
import { api } from '../shell/api.ts'
import type { Imported } from '../wire.ts'
import { broughtWords } from './broughtWords.ts'

const words = flowsMessages.importing

/** Makes a new flow of what a file holds. What is otherwise than it says is said too. */
export async function importFlow(bundle: Bundle): Promise<{ id: string; said: string[] }> {
  const imported = await api.importFlow(bundle)
  return { id: imported.id, said: importedWords(imported, bundle.flow.name) }
}

const importedWords = ({ name, blocks, unknown, unresolved, ...brought }: Imported, was: string): string[] => [
  words.done(name, blocks),
  ...(name === was ? [] : [words.renamed(name, was)]),
  ...broughtWords(brought),
  ...(unknown.length === 0 ? [] : [words.unknown(unknown)]),
  ...(unresolved.length === 0 ? [] : [words.unresolved(unresolved)]),
]
