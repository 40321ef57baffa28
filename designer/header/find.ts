import type { Value } from '#flow/values.ts'
import { blockName, kindName } from '../canvas/names.ts'
import type { Drawing } from '../drawing.ts'

/** Blocks in which the words occur: in their name, type, note or any text, number or variable of their settings. */
export function findBlocks({ flow, views, order }: Drawing, words: string): string[] {
  const wanted = words.trim().toLowerCase()
  if (wanted === '') return []
  return order.filter((id) => {
    const block = flow.blocks[id]
    if (!block) return false
    const texts = [blockName(block), kindName(views.get(id)?.kind), block.note ?? '', ...textsOf(block.settings)]
    return texts.some((text) => text.toLowerCase().includes(wanted))
  })
}

function textsOf(value: Value): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  if (Array.isArray(value)) return value.flatMap(textsOf)
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}
