import * as z from 'zod'
import { defineBlock, type KeyUse, leave, stay, type Turn } from '../block.ts'
import { Keys, keypad } from '../keypad.ts'
import { Prompt, quoted } from '../prompt.ts'
import { maxPromptsPerPlay } from '../talk.ts'

const settings = z.object({
  prompts: z.array(Prompt).min(1).max(100).meta({ control: 'prompts' }),
  bargeIn: z.enum(['off', 'anyKey', 'keys']).default('off').meta({ control: 'choice' }),
  keys: Keys.max(12)
    .default('')
    .meta({ control: 'keys', shownWhen: { bargeIn: ['keys'] } }),
  typeAhead: z.boolean().default(true).meta({ control: 'switch', more: true }),
})

/** Speaks one prompt or several, one after another. A key that interrupts is kept for the block that follows. */
export const play = defineBlock({
  type: 'play',
  category: 'speak',
  icon: 'say',
  settings,
  defaults: { prompts: [''] },
  exits: ({ bargeIn }) =>
    bargeIn === 'off'
      ? [{ name: 'done' }]
      : [{ name: 'done' }, { name: 'interrupted', optional: true, fallback: 'done' }],
  hearsKeys: ({ bargeIn }) => bargeIn !== 'off',
  summary: ({ prompts }) => quoted(prompts[0] ?? ''),
  open({ prompts, bargeIn, keys, typeAhead }) {
    const parts: string[][] = []
    for (let n = 0; n < prompts.length; n += maxPromptsPerPlay) parts.push(prompts.slice(n, n + maxPromptsPerPlay))
    const playPart = (part: number) => [{ type: 'play', prompts: parts[part] ?? [] } as const]
    const interrupted = (typed: string) =>
      bargeIn === 'anyKey' ? typed !== '' : bargeIn === 'keys' && [...typed].some((key) => keys.includes(key))
    const keysOf: Record<typeof bargeIn, readonly KeyUse[]> = {
      off: [],
      anyKey: keypad.map((key) => ({ key })),
      keys: [...keys].map((key) => ({ key, does: 'interrupt' })),
    }
    return {
      prompts,
      keys: keysOf[bargeIn],
      step({ event, data = { part: 0 }, typed }: Turn<{ part: number }>) {
        switch (event.type) {
          case 'entered': {
            const ahead = typeAhead ? typed : ''
            // Keys typed ahead interrupt before the first word: callers who know the way are not held up.
            if (interrupted(ahead)) return leave('interrupted', { detail: { typedAhead: true } })
            return stay({ asks: playPart(0), data, listen: bargeIn !== 'off', typed: ahead })
          }
          case 'promptFinished': {
            const part = data.part + 1
            if (part < parts.length) return stay({ again: true, asks: playPart(part), data: { part } })
            return leave('done', typeAhead ? {} : { typed: '' })
          }
          case 'keysTyped':
            if (!interrupted(typed)) return stay({ data })
            return leave('interrupted', { asks: [{ type: 'cancelMedia' }] })
        }
      },
    }
  },
})
