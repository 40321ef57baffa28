import * as z from 'zod'
import { readCalled } from '#ground/called.ts'
import { BlockIssue, defineBlock } from '../block.ts'
import { handOver } from '../handOver.ts'
import { OptionalPrompt } from '../prompt.ts'

const settings = z.object({
  number: z.string().trim().min(1).max(60).meta({ control: 'text' }),
  announcement: OptionalPrompt.default('').meta({ control: 'multiline' }),
})

/** Emergency calls are no business of a bot: nobody knows where the caller is (D.2, 26). Numbers of the world's larger services. */
const emergency = new Set(['000', '100', '101', '102', '103', '108', '110', '111', '112', '115', '117', '118', '119'])
for (const number of ['120', '122', '911', '995', '997', '998', '999']) emergency.add(number)

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
    if (emergency.has(number.replace(/[^\d]/g, ''))) throw new BlockIssue('number', 'emergencyNumber', number)
    const id = readCalled(number)
    if (!id?.startsWith('+')) throw new BlockIssue('number', 'notInternational', number)
    return handOver({ kind: 'number', id, name: number }, announcement)
  },
})
