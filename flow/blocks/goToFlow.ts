import * as z from 'zod'
import { defineBlock } from '../block.ts'
import { faceFor } from '../calledFlow.ts'
import { FlowChoice, linkOf } from '../subFlows.ts'

const settings = z.object({ flow: FlowChoice.meta({ control: 'flow' }) })

/** Goes on in another flow, as if that one had answered the call. Nothing comes back from there, whoever waited for this flow. */
export const goToFlow = defineBlock({
  type: 'goToFlow',
  category: 'connect',
  icon: 'flowTo',
  settings,
  ends: true,
  defaults: { flow: { id: '', name: '', version: null } },
  exits: () => [],
  summary: ({ flow }) => flow.name,
  open({ flow }, { shared }) {
    const link = linkOf(flow)
    faceFor(flow, shared.flows, 'goes')
    return {
      enters: link,
      step: ({ event }) => (event.type === 'entered' ? { crosses: { type: 'goes', link, parameters: {} } } : undefined),
    }
  },
})
