import * as z from 'zod'
import { defineBlock, leave, stay, type Turn } from '../block.ts'
import { OptionalPrompt, spoken } from '../prompt.ts'

/**
 * Graph names no ring time for a transfer and no limit. While it lasts the caller cannot be spoken to (playPrompt is refused with
 * 400/8585) and nothing takes it back, so the block waits for the call to come back or to end; whoever follows the call asks
 * Graph when no word comes. A call that does neither for this long is given up: all that Graph still takes is a hang-up.
 */
const patienceMs = 300_000

const settings = z.object({
  person: z.object({ id: z.guid(), name: z.string().trim().max(100) }).meta({ control: 'person' }),
  announcement: OptionalPrompt.default('').meta({ control: 'multiline' }),
})

/**
 * Gives the call to a person (blind transfer). The platform does not tell why a transfer failed (500/7000 whatever
 * the reason), so declined, busy and not answered are one exit.
 */
export const transferToPerson = defineBlock({
  type: 'transferToPerson',
  category: 'connect',
  icon: 'person',
  permissions: ['Calls.Initiate.All'],
  settings,
  handsOver: true,
  defaults: { person: { id: '', name: '' } },
  exits: () => [{ name: 'failed' }],
  summary: ({ person }) => person.name,
  open({ person, announcement }) {
    const transfer = stay<{ accepted: boolean }>({
      asks: [
        { type: 'transfer', target: person },
        { type: 'startTimer', timer: 'block', ms: patienceMs },
      ],
      again: true,
      data: { accepted: false },
    })
    return {
      prompts: spoken(announcement),
      handsOverTo: person,
      step({ event, data }: Turn<{ accepted: boolean }>) {
        switch (event.type) {
          case 'entered':
            return announcement === '' ? transfer : stay({ asks: [{ type: 'play', prompts: [announcement] }] })
          case 'promptFinished':
            return data === undefined ? transfer : undefined
          case 'transferAccepted':
            return data && stay({ data: { accepted: true } })
          case 'transferFailed':
            return data && leave('failed')
          case 'timerElapsed':
            return leave('error', { detail: { problem: 'transferStuck' } })
          case 'callEnded':
            return event.transferred || data?.accepted ? leave('done') : undefined
          case 'failed':
            return event.command === 'transfer' ? leave('failed', { detail: { problem: event.problem } }) : undefined
        }
      },
    }
  },
})
