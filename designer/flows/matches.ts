import type { FlowListItem } from '../wire.ts'

/** True if every searched word is in the flow's name, in what it answers or in who changed it. */
export function matches({ name, answers, updatedBy }: FlowListItem, search: string): boolean {
  const text = [name, updatedBy, ...answers].join(' ').toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
