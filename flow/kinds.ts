import type * as z from 'zod'
import type { BlockKind } from './block.ts'
import * as blocks from './blocks/index.ts'
import type { Flow } from './flow.ts'

/** A kind of block as everybody else knows it: all that can be told of it, and nothing to run it by. Only step.ts runs blocks. */
export type KnownKind = Omit<BlockKind, 'open'>

/** Every kind of block, in the order of the palette. */
export const kinds: readonly KnownKind[] = blocks.kinds

/** The kind of this name, or undefined for one that this version does not know. */
export const kindOf: (type: string) => KnownKind | undefined = blocks.kindOf

/** Whether calls come to this block by themselves: no link may lead there. */
export const isEntry = ({ start, blocks }: Flow, id: string): boolean =>
  id === start || kindOf(blocks[id]?.type ?? '')?.entry === true

/** The settings of a kind in which a block names others, by their ids. */
export const namesBlocks = (type: string): string[] =>
  Object.entries(kindOf(type)?.settings.shape ?? {}).flatMap(([name, field]: [string, z.ZodType]) =>
    field.meta()?.control === 'blocks' ? [name] : [],
  )
