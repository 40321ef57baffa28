import type { Waiting } from '#flow/block.ts'
import type { Stay } from '../calls/visits.ts'
import type { Viewed } from '../views.ts'
import type { Entry } from './entry.ts'

/** The wait for the caller, and what comes of it when nothing is pressed. */
export type Wait = Pick<Waiting, 'for' | 'ms'> & {
  /** When it began, in milliseconds since 1970. */
  from: number
  after: Exclude<Waiting['after'], { exit: string }> | { type: 'goes'; to: string | null }
}

/**
 * The wait that a call is in, reckoned from what was heard: nobody tells a phone about the bot's timers. Null while a prompt
 * sounds, and in blocks that do not ask.
 */
export function waitOf(viewed: Viewed, stay: Stay, entries: readonly Entry[]): Wait | null {
  const last = entries.findLast(({ kind }) => kind === 'prompt' || kind === 'promptEnded' || kind === 'tone')
  // What ended before the block was entered belongs to the block before.
  if (!last || last.kind === 'prompt' || last.at < stay.at) return null
  const typing = last.kind === 'tone' || (last.kind === 'promptEnded' && last.cut)
  const waiting = viewed.views.get(stay.block)?.opened?.waiting?.({ again: stay.again, typing })
  if (!waiting) return null
  const { after } = waiting
  return {
    for: waiting.for,
    ms: waiting.ms,
    from: Date.parse(last.at),
    after: after.type === 'goes' ? { type: 'goes', to: targetOf(viewed, stay.block, after.exit) } : after,
  }
}

function targetOf({ flow, views }: Viewed, block: string, exit: string): string | null {
  const links = flow.blocks[block]?.exits ?? {}
  const fallback = views.get(block)?.exits.find(({ name }) => name === exit)?.fallback
  return links[exit] ?? links[fallback ?? exit] ?? null
}
