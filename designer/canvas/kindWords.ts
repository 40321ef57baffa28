import type { KnownKind } from '#flow/kinds.ts'
import { flowMessages } from '#flow/messages/index.ts'
import { designerMessages } from '../messages/designer.ts'
import { kindName } from './names.ts'

const { alsoCalled, notThereYet }: { alsoCalled: Words; notThereYet: Words } = designerMessages.palette
type Words = Readonly<Record<string, string>>

/** Kinds that a word finds: those that are called so, then those that are called so elsewhere or whose sentence holds it. */
export function findKinds(kinds: readonly KnownKind[], text: string): readonly KnownKind[] {
  const ranked = kinds.map((kind) => ({ kind, rank: rankOf(kind, text) })).filter(({ rank }) => rank > 0)
  return ranked.sort((a, b) => b.rank - a.rank).map(({ kind }) => kind)
}

/** How well a word names a kind: 3 as its own name, 2 as what others call it, 1 somewhere in its words, 0 not at all. */
export function rankOf(kind: KnownKind, text: string): number {
  const wanted = text.trim().toLowerCase()
  const others = (alsoCalled[kind.type] ?? '').split(' ')
  if (wanted === '') return 1
  if (kindName(kind).toLowerCase().startsWith(wanted)) return 3
  if (others.some((other) => other.startsWith(wanted))) return 2
  return `${kindName(kind)} ${flowMessages.blocks[kind.type]?.describe ?? ''}`.toLowerCase().includes(wanted) ? 1 : 0
}

/** What people look for that there is no block for yet, as they would call it; null for anything else. */
export function missingKind(text: string): string | null {
  const wanted = text.trim().toLowerCase()
  const found = Object.entries(notThereYet).find(([, words]) =>
    words.split(' ').some((word) => wanted.length > 2 && word.startsWith(wanted)),
  )
  return found?.[0] ?? null
}
