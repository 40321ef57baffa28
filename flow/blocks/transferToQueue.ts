import * as z from 'zod'
import { defineBlock } from '../block.ts'
import { handOver } from '../handOver.ts'
import { OptionalPrompt } from '../prompt.ts'

const settings = z.object({
  queue: z.object({ id: z.guid(), name: z.string().trim().max(100) }).meta({ control: 'resourceAccount' }),
  announcement: OptionalPrompt.default('').meta({ control: 'multiline' }),
})

/** The service's word for a queue that the app may not give calls to (reports of 2020: comms-samples #260, #295). */
const tenantMismatch = '403/7505'

/** Gives the call to a call queue, an auto attendant or another voice app of Teams, by its resource account. */
export const transferToQueue = defineBlock({
  type: 'transferToQueue',
  category: 'connect',
  icon: 'transfer',
  permissions: ['Calls.Initiate.All'],
  settings,
  handsOver: true,
  defaults: { queue: { id: '', name: '' } },
  exits: () => [{ name: 'failed' }, { name: 'notPermitted', optional: true, fallback: 'failed' }],
  summary: ({ queue }) => queue.name,
  open: ({ queue, announcement }) =>
    handOver({ kind: 'queue', ...queue }, announcement, (problem) =>
      problem === tenantMismatch ? 'notPermitted' : 'failed',
    ),
})
