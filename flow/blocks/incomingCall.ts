import * as z from 'zod'
import { defineBlock, leave, type Outcome, stay, type Turn } from '../block.ts'

/** Public samples begin to speak when media is active. A call that never says so is spoken to all the same. */
const mediaGraceMs = 3000

const settings = z.object({})

type Data = 'waitsForMedia' | 'asksForKeys'

/** Takes the call, and goes on when the caller can hear. News of a call may come twice: only the first counts. */
export const incomingCall = defineBlock({
  type: 'incomingCall',
  category: 'ends',
  icon: 'callIn',
  settings,
  defaults: {},
  exits: () => [{ name: 'next' }],
  open: () => ({
    step({ event, data, flowHearsKeys }: Turn<Data>) {
      const goOn = (): Outcome<Data> =>
        flowHearsKeys ? stay({ asks: [{ type: 'subscribeTones' }], again: true, data: 'asksForKeys' }) : leave('next')
      switch (event.type) {
        case 'entered':
          return stay({ asks: [{ type: 'answer' }] })
        case 'callEstablished':
          if (event.audio) return data === 'asksForKeys' ? undefined : goOn()
          if (data !== undefined) return
          return stay({ asks: [{ type: 'startTimer', timer: 'block', ms: mediaGraceMs }], data: 'waitsForMedia' })
        case 'timerElapsed':
          return data === 'waitsForMedia' ? goOn() : undefined
        case 'tonesSubscribed':
          return leave('next')
      }
    },
  }),
})
