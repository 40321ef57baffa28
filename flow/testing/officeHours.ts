import * as z from 'zod'
import { defineBlock, leave, stay } from '../block.ts'

/** A block for tests that decides by time. Goes on at once in office hours; before them it waits until they begin, and after them it leaves. */
export const officeHours = defineBlock({
  type: 'officeHours',
  category: 'decide',
  icon: 'branch',
  settings: z.object({ opens: z.number().default(9), closes: z.number().default(17) }),
  needsCaller: false,
  defaults: {},
  exits: () => [{ name: 'open' }, { name: 'closed' }],
  open({ opens, closes }, { timeZone }) {
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: 'numeric', minute: 'numeric' })
    return {
      step({ event, now }) {
        if (event.type === 'timerElapsed') return leave('open')
        if (event.type !== 'entered') return
        const [hour = 0, minute = 0] = clock.format(now).split(':').map(Number)
        if (hour >= closes) return leave('closed')
        if (hour >= opens) return leave('open')
        return stay({ asks: [{ type: 'startTimer', timer: 'block', ms: ((opens - hour) * 60 - minute) * 60_000 }] })
      },
    }
  },
})
