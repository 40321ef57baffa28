import * as z from 'zod'
import { defineBlock, leave, stay, type Turn } from '../block.ts'
import { type Ending, ending } from '../ending.ts'
import { OptionalPrompt, quoted, spoken } from '../prompt.ts'

/** A hang-up that is not confirmed is asked for once more, then the call is given up as over. */
const confirmMs = 15_000

const settings = z.object({
  prompt: OptionalPrompt.default('').meta({ control: 'multiline' }),
  reason: z.string().trim().max(60).default('').meta({ control: 'text', more: true }),
})

/** Says goodbye, if there is something to say, and ends the call. Always last. */
export const hangUp = defineBlock({
  type: 'hangUp',
  category: 'ends',
  icon: 'hangUp',
  settings,
  needsCaller: false,
  ends: true,
  defaults: {},
  exits: () => [],
  summary: ({ prompt }) => quoted(prompt),
  open({ prompt, reason }) {
    const end = ending({ type: 'hangUp' }, { confirmMs, times: 2, ...(reason !== '' && { detail: { reason } }) })
    return {
      prompts: spoken(prompt),
      step(turn: Turn<Ending>) {
        const { event, data } = turn
        switch (event.type) {
          case 'entered':
            return prompt === '' ? end.begin() : stay({ asks: [{ type: 'play', prompts: [prompt] }] })
          case 'promptFinished':
            return data === undefined ? end.begin() : undefined
          case 'failed':
            // A goodbye that cannot be spoken must not keep the caller on the line; a hang-up is tried again by its timer.
            return data === undefined ? end.begin() : stay()
          case 'callEnded':
            return data === undefined ? leave('hangup') : end.step(turn)
          default:
            return end.step(turn)
        }
      },
    }
  },
})
