import * as z from 'zod'
import { defineBlock, leave, stay } from '../block.ts'

/** Public samples begin to speak when media is active. A call that never says so is spoken to all the same. */
const mediaGraceMs = 3000

/** Takes the call, and goes on when the caller can hear. */
export const incomingCall = defineBlock({
  type: 'incomingCall',
  category: 'ends',
  icon: 'callIn',
  settings: z.object({}),
  defaults: {},
  exits: () => [{ name: 'next' }],
  open: () => ({
    step({ event, flowHearsKeys }) {
      switch (event.type) {
        case 'entered':
          return stay({ asks: [{ type: 'answer' }] })
        case 'callEstablished':
          if (!event.audio) return stay({ asks: [{ type: 'startTimer', timer: 'block', ms: mediaGraceMs }] })
          return flowHearsKeys ? stay({ asks: [{ type: 'subscribeTones' }], again: true }) : leave('next')
        case 'timerElapsed':
          return flowHearsKeys ? stay({ asks: [{ type: 'subscribeTones' }], again: true }) : leave('next')
        case 'tonesSubscribed':
          return leave('next')
      }
    },
  }),
})
