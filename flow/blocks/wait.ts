import * as z from 'zod'
import { goAnywhere, pressedAnywhere, takenAtOnce, usesOf } from '../anywhere.ts'
import { defineBlock, leave, stay } from '../block.ts'

const settings = z.object({
  seconds: z.int().min(1).max(3_600).meta({ control: 'seconds' }),
})

/** Waits in silence. Keys that are pressed meanwhile are kept for the block that follows, but for those that work anywhere. */
export const wait = defineBlock({
  type: 'wait',
  category: 'decide',
  icon: 'clock',
  settings,
  line: 'any',
  defaults: { seconds: 2 },
  exits: () => [{ name: 'done' }],
  summary: ({ seconds }) => `${seconds} s`,
  open: ({ seconds }, { anywhere = [] }) => ({
    keys: usesOf(takenAtOnce(anywhere)),
    silence: { ms: seconds * 1000, field: 'seconds' },
    step({ event, typed }) {
      switch (event.type) {
        case 'entered': {
          const asks = [{ type: 'startTimer', timer: 'block', ms: seconds * 1000 }] as const
          return stay({ asks, again: true, ...(anywhere.length > 0 && { listen: typed === '' }) })
        }
        case 'keysTyped': {
          const pressed = pressedAnywhere(anywhere, typed)
          if (pressed === null) return stay({ listen: false })
          return pressed === 'begun' ? undefined : goAnywhere(pressed, { typed: typed.slice(pressed.keys.length) })
        }
        case 'timerElapsed':
          return leave('done')
      }
    },
  }),
})
