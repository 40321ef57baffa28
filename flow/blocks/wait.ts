import * as z from 'zod'
import { defineBlock, leave, stay } from '../block.ts'

const settings = z.object({
  seconds: z.int().min(1).max(3_600).meta({ control: 'seconds' }),
})

/** Waits in silence. Keys that are pressed meanwhile are kept for the block that follows. */
export const wait = defineBlock({
  type: 'wait',
  category: 'decide',
  icon: 'clock',
  settings,
  line: 'any',
  defaults: { seconds: 2 },
  exits: () => [{ name: 'done' }],
  summary: ({ seconds }) => `${seconds} s`,
  open: ({ seconds }) => ({
    step({ event }) {
      if (event.type === 'timerElapsed') return leave('done')
      if (event.type !== 'entered') return
      return stay({ asks: [{ type: 'startTimer', timer: 'block', ms: seconds * 1000 }], again: true })
    },
  }),
})
