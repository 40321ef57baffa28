import * as z from 'zod'
import { defineBlock, leave, stay, type Turn } from '../block.ts'
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
    const end = (asked: number) =>
      stay({
        asks: [{ type: 'hangUp' }, { type: 'startTimer', timer: 'block', ms: confirmMs }],
        again: true,
        data: { asked },
        ...(reason === '' ? {} : { detail: { reason } }),
      })
    return {
      prompts: spoken(prompt),
      step({ event, data }: Turn<{ asked: number }>) {
        switch (event.type) {
          case 'entered':
            return prompt === '' ? end(1) : stay({ asks: [{ type: 'play', prompts: [prompt] }] })
          case 'promptFinished':
            return data === undefined ? end(1) : undefined
          case 'failed':
            // A goodbye that cannot be spoken must not keep the caller on the line; a hang-up is tried again by its timer.
            return data === undefined ? end(1) : stay()
          case 'timerElapsed':
            if (data === undefined) return
            return data.asked < 2 ? end(2) : leave('lost')
          case 'callEnded':
            return leave(data === undefined ? 'hangup' : 'done')
        }
      },
    }
  },
})
