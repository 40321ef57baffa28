import * as z from 'zod'
import { type Answering, answering } from '../answering.ts'
import { defineBlock, leave, type Turn } from '../block.ts'

/** Takes a call that rings, in a flow that does not answer by itself. `missed`: the caller gave up before, or the answer was refused. */
export const answer = defineBlock({
  type: 'answer',
  category: 'ends',
  icon: 'phone',
  settings: z.object({}),
  line: 'ringing',
  defaults: {},
  exits: () => [{ name: 'next' }, { name: 'missed', optional: true, gone: true }],
  open: () => ({
    answers: true,
    step(turn: Turn<Answering>) {
      const { event, line } = turn
      const problem = event.type === 'failed' && event.command === 'answer' ? event.problem : null
      if (problem !== null || (event.type === 'entered' && line === 'lost')) {
        return leave('missed', { gone: true, detail: { problem: problem ?? 'notAnswered' } })
      }
      const isMissed = event.type === 'callEnded' && (line === 'ringing' || line === 'answering' || line === 'lost')
      return isMissed ? leave('missed', { gone: true }) : answering(turn)
    },
  }),
})
