import * as z from 'zod'
import { BlockIssue, defineBlock, leave, stay, type Turn } from '../block.ts'
import { costOfAll } from '../expressionFacts.ts'
import { issueAt, readLine } from '../requestParts.ts'
import { maxTones } from '../talk.ts'
import { certainOf } from '../text.ts'

const settings = z.object({
  tones: z.string().trim().min(1).max(200).meta({ control: 'valued' }),
  /** Graph's pages name no range. */
  gapMs: z.int().min(50).max(5_000).default(300).meta({ control: 'number', more: true }),
})

/**
 * Presses keys for the other side, as somebody at a telephone would. Whether they went out is told by Graph's reason; keys that the caller
 * presses meanwhile are kept for the block that follows.
 */
export const sendDtmf = defineBlock({
  type: 'sendDtmf',
  category: 'connect',
  icon: 'tones',
  permissions: ['Calls.AccessMedia.All'],
  settings,
  defaults: { tones: '' },
  exits: () => [{ name: 'sent' }, { name: 'failed', called: 'notSent' }],
  summary: ({ tones }) => certainOf(tones),
  open({ tones: source, gapMs }, { parse }) {
    // As if each value were one key.
    if (keysIn(certainOf(source).replaceAll('…', '0')) === null) throw new BlockIssue('tones', 'invalid_format')
    const { expressions, make } = issueAt('tones', () => readLine(source, parse, mostLetters))
    return {
      reads: expressions.flatMap(({ reads }) => reads),
      // Tones are heard by whoever stands near the other side, and known by their sound.
      saysOpenly: expressions.flatMap(({ readsOpenly }) => readsOpenly),
      cost: costOfAll(expressions.map((expression) => ({ expression }))),
      step({ event, variables, budget }: Turn<undefined>) {
        switch (event.type) {
          case 'entered': {
            const tones = keysIn(make((expression) => expression.evaluate(variables, budget)))
            if (tones === null) return leave('failed', { detail: { problem: 'notTones' } })
            return stay({ asks: [{ type: 'sendTones', tones, gapMs }] })
          }
          case 'tonesSent':
            return leave('sent')
          case 'failed':
            return leave('failed', { detail: { problem: event.problem } })
        }
      },
    }
  },
})

/** More than keys and the spaces between them. */
const mostLetters = 2 * maxTones

/** The keys, without the spaces that make them easier to read; null where there are none, too many, or something else. */
function keysIn(text: string): string | null {
  const keys = text.replaceAll(' ', '').toUpperCase()
  return keys.length <= maxTones && /^[0-9A-D*#]+$/.test(keys) ? keys : null
}
