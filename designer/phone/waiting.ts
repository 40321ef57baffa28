import * as z from 'zod'
import { kindOf } from '#flow/blocks/index.ts'
import type { Block, Flow } from '#flow/flow.ts'
import { failedTry, type RetryLimits } from '#flow/retries.ts'
import type { Stay } from '../calls/visits.ts'
import type { Entry } from './entry.ts'
import { settingsOf } from './settings.ts'

/** The wait for the caller, and what comes of it when nothing is pressed. */
export type Wait = {
  for: 'key' | 'digits'
  /** When it began, in milliseconds since 1970. */
  from: number
  ms: number
  after: { type: 'again' | 'lastTime' | 'counts' } | { type: 'goes'; to: string | null }
}

const Seconds = z.number().optional().catch(undefined)
const Tries = z.number().catch(0)

/** The settings about waiting, under the names that the blocks which ask give them. */
const Asking = z.object({
  waitSeconds: Seconds,
  firstDigitSeconds: Seconds,
  interDigitSeconds: Seconds,
  noInputRetries: Tries,
  noMatchRetries: Tries.optional(),
  invalidRetries: Tries.optional(),
  maxRetries: z.number().nullable().catch(null),
})

/**
 * The wait that a call is in, reckoned from what was heard: nobody tells a phone about the bot's timers. Null while a prompt
 * sounds, and in blocks that do not ask.
 */
export function waitOf(flow: Flow, stay: Stay, entries: readonly Entry[]): Wait | null {
  const block = flow.blocks[stay.block]
  if (!block || !kindOf(block.type)?.asks) return null
  const asking = Asking.safeParse(settingsOf(block)).data
  const last = entries.findLast(({ kind }) => kind === 'prompt' || kind === 'promptEnded' || kind === 'tone')
  // What ended before the block was entered belongs to the block before.
  if (!asking || !last || last.kind === 'prompt' || last.at < stay.at) return null

  const from = Date.parse(last.at)
  const typing = last.kind === 'tone' || (last.kind === 'promptEnded' && last.cut)
  if (typing) {
    if (asking.interDigitSeconds === undefined) return null
    return { for: 'digits', from, ms: asking.interDigitSeconds * 1000, after: { type: 'counts' } }
  }
  const seconds = asking.waitSeconds ?? asking.firstDigitSeconds
  if (seconds === undefined) return null
  return {
    for: asking.firstDigitSeconds === undefined ? 'key' : 'digits',
    from,
    ms: seconds * 1000,
    after: whatAfter(block, stay, {
      noInput: asking.noInputRetries,
      wrongInput: asking.noMatchRetries ?? asking.invalidRetries ?? 0,
      total: asking.maxRetries,
    }),
  }
}

function whatAfter({ exits }: Block, { again }: Stay, limits: RetryLimits): Wait['after'] {
  const silent = again.filter((why) => why === 'noInput').length
  const verdict = failedTry({ noInput: silent, wrongInput: again.length - silent }, 'noInput', limits)
  if ('again' in verdict) return { type: 'again' in failedTry(verdict.again, 'noInput', limits) ? 'again' : 'lastTime' }
  const to = verdict.exit === 'own' ? exits.noInput : (exits.maxRetries ?? exits.noInput)
  return { type: 'goes', to: to ?? null }
}
