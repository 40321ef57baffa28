import * as z from 'zod'
import { defineBlock } from '../block.ts'
import { handOver } from '../handOver.ts'
import { reachable } from '../numbers.ts'
import { OptionalPrompt } from '../prompt.ts'

const settings = z.object({
  number: z.string().trim().min(1).max(60).meta({ control: 'text' }),
  announcement: OptionalPrompt.default('').meta({ control: 'multiline' }),
})

/**
 * Gives the call to a telephone number. Graph does so only for a call that came to a resource account (application instance), or from
 * a number; any other comes back as failed.
 */
export const transferToNumber = defineBlock({
  type: 'transferToNumber',
  category: 'connect',
  icon: 'phone',
  permissions: ['Calls.Initiate.All'],
  settings,
  handsOver: true,
  defaults: { number: '' },
  exits: () => [{ name: 'failed' }],
  summary: ({ number }) => number,
  open({ number, announcement }) {
    const id = reachable(number, 'number')
    return handOver({ kind: 'number', id, name: id }, announcement)
  },
})
