import * as z from 'zod'
import { defineBlock } from '../block.ts'
import { handOver } from '../handOver.ts'
import { OptionalPrompt } from '../prompt.ts'

const settings = z.object({
  person: z.object({ id: z.guid(), name: z.string().trim().max(100) }).meta({ control: 'person' }),
  announcement: OptionalPrompt.default('').meta({ control: 'multiline' }),
})

/** Gives the call to a person. */
export const transferToPerson = defineBlock({
  type: 'transferToPerson',
  category: 'connect',
  icon: 'person',
  permissions: ['Calls.Initiate.All'],
  settings,
  handsOver: true,
  defaults: { person: { id: '', name: '' } },
  exits: () => [{ name: 'failed' }],
  summary: ({ person }) => person.name || person.id,
  open: ({ person, announcement }) => handOver({ kind: 'person', ...person }, announcement),
})
