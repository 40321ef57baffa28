import * as z from 'zod'
import { goAnywhere, pressedAnywhere, takenAtOnce, usesOf } from '../anywhere.ts'
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

/** Which part sounds; `ahead`: keys that were pressed before are still there for whoever asks next. */
type Data = { part: number; ahead: boolean }
const begun: Data = { part: 0, ahead: false }

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
  open({ prompts, bargeIn, keys, typeAhead }, { anywhere = [] }) {
    const isOwn = (key: string) => bargeIn === 'keys' && keys.includes(key)
    const elsewhere = bargeIn === 'off' ? [] : takenAtOnce(anywhere.filter((one) => !isOwn(one.keys.charAt(0))))
    const parts: string[][] = []
    for (let n = 0; n < prompts.length; n += maxPromptsPerPlay) parts.push(prompts.slice(n, n + maxPromptsPerPlay))
    const playPart = (part: number) => [{ type: 'play', prompts: parts[part] ?? [] } as const]
    const interrupted = (typed: string) => (bargeIn === 'anyKey' ? typed !== '' : [...typed].some(isOwn))
    const keysOf: Record<typeof bargeIn, readonly KeyUse[]> = {
      off: [],
      anyKey: keypad.filter((key) => elsewhere.every((one) => one.keys !== key)).map((key) => ({ key })),
      keys: [...keys].map((key) => ({ key, does: 'interrupt' })),
    }
    return {
      prompts,
      keys: [...keysOf[bargeIn], ...usesOf(elsewhere)],
      step({ event, data = begun, typed }: Turn<Data>) {
        switch (event.type) {
          case 'entered': {
            const ahead = typeAhead ? typed : ''
            // Keys typed ahead interrupt before the first word: callers who know the way are not held up.
            if (interrupted(ahead)) return leave('interrupted', { detail: { typedAhead: true } })
            return stay({
              asks: playPart(0),
              data: { part: 0, ahead: ahead !== '' },
              listen: bargeIn !== 'off',
              typed: ahead,
            })
          }
          case 'promptFinished': {
            const part = data.part + 1
            if (part < parts.length) return stay({ again: true, asks: playPart(part), data: { ...data, part } })
            return leave('done', typeAhead ? {} : { typed: '' })
          }
          case 'keysTyped': {
            const pressed = data.ahead ? null : pressedAnywhere(elsewhere, typed)
            if (pressed !== null && pressed !== 'begun') {
              return goAnywhere(pressed, { asks: [{ type: 'cancelMedia' }], typed: typed.slice(pressed.keys.length) })
            }
            if (!interrupted(typed)) return stay({ data })
            return leave('interrupted', { asks: [{ type: 'cancelMedia' }] })
          }
        }
      },
    }
  },
})
