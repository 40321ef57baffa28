import * as z from 'zod'
import { type Answering, answering } from '../answering.ts'
import { BlockIssue, defineBlock, leave, type Turn } from '../block.ts'
import { Payload } from '../payload.ts'

/** The telephone gives up a call that nobody answers after 15 s; the rest is for the answer to get there (blocks.md D.0). */
const ringsMs = 12_000

const settings = z.object({
  answers: z.boolean().default(true).meta({ control: 'switch' }),
  late: z
    .enum(['answer', 'reject'])
    .default('answer')
    .meta({ control: 'choice', shownWhen: { answers: [false] } }),
  payload: Payload.default([]).meta({ control: 'payload', more: true }),
})

/** Where every call begins. Answers by itself, or lets it ring until a block answers, rejects or redirects; never beyond 12 s. */
export const incomingCall = defineBlock({
  type: 'incomingCall',
  category: 'ends',
  icon: 'callIn',
  settings,
  line: 'any',
  defaults: {},
  exits: () => [{ name: 'next' }],
  open({ answers, late, payload }) {
    payload.forEach(({ name }, n) => {
      if (payload.findIndex((one) => one.name === name) < n)
        throw new BlockIssue(`payload.${n}.name`, 'parameterTwice', name)
    })
    if (answers) return { answers: true, step: (turn: Turn<Answering>) => answering(turn) }
    const timer = late === 'answer' ? 'answersLate' : 'rejectsLate'
    const letsRing = leave('next', { asks: [{ type: 'startTimer', timer, ms: ringsMs }] })
    return { step: ({ event }: Turn<Answering>) => (event.type === 'entered' ? letsRing : undefined) }
  },
})
