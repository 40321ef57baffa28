import * as z from 'zod'
import { readCalled } from '#ground/called.ts'
import { BlockIssue, defineBlock } from '../block.ts'
import { handOver } from '../handOver.ts'
import { OptionalPrompt } from '../prompt.ts'

const settings = z.object({
  number: z.string().trim().min(1).max(60).meta({ control: 'text' }),
  announcement: OptionalPrompt.default('').meta({ control: 'multiline' }),
})

/** Nobody knows where the caller is, and a bot must not stand in between (D.2, 26). As they are dialled in most of the world. */
const emergency = ['000', '110', '111', '112', '115', '117', '118', '119', '911', '995', '999']

/** A number with an area code and nothing but an emergency number behind it reaches one in some countries; a subscriber's is longer. */
const isEmergency = (digits: string): boolean => digits.length <= 9 && emergency.some((one) => digits.endsWith(one))

/**
 * Numbers that cost whoever calls them much: ITU's shared-cost, premium, satellite and universal ranges (E.164 annex), and 900 of
 * North America. What a country charges for inside its own range is for the tenant's policy.
 */
const dear = /^(?:1900|1976|800|808|870|878|881|882|883|888|979)/

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
    const id = readCalled(number)
    const digits = (id ?? number.normalize('NFKC')).replace(/\D/g, '')
    if (isEmergency(digits) || dear.test(digits)) throw new BlockIssue('number', 'specialNumber', number)
    if (!id?.startsWith('+')) throw new BlockIssue('number', 'notInternational', number)
    return handOver({ kind: 'number', id, name: id }, announcement)
  },
})
