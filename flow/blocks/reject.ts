import * as z from 'zod'
import { defineBlock, type Turn } from '../block.ts'
import { type Ending, ending } from '../ending.ts'
import { rejectReasons } from '../talk.ts'

/** As with a hang-up; together with the time that a call rings it stays below what callers wait. */
const confirmMs = 15_000

const settings = z.object({
  reason: z.enum(rejectReasons).default('busy').meta({ control: 'choice' }),
})

/** Turns a call away that was not answered. Always last. */
export const reject = defineBlock({
  type: 'reject',
  category: 'ends',
  icon: 'hangUp',
  settings,
  line: 'ringing',
  ends: true,
  outcome: 'rejected',
  defaults: {},
  exits: () => [],
  open({ reason }) {
    const end = ending({ type: 'reject', reason }, { confirmMs, times: 2, detail: { reason } })
    return {
      step: (turn: Turn<Ending>) => (turn.event.type === 'entered' ? end.begin() : end.step(turn)),
    }
  },
})
