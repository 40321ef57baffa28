import * as z from 'zod'
import { readCalled } from '#ground/called.ts'
import { BlockIssue, defineBlock, type Turn } from '../block.ts'
import { type Ending, ending } from '../ending.ts'
import { reachable } from '../numbers.ts'
import type { Target } from '../talk.ts'

/** Graph's own times where none is named, and its bounds. https://learn.microsoft.com/graph/api/call-redirect */
const ringSeconds = { one: 55, several: 60, least: 15, most: 90 } as const
const mostTargets = 25
/** How long after the last ring the end of the call may be told. Not documented. */
const marginMs = 15_000

/** `id` is the object id of an account, or a number as people write it. */
const RedirectTarget = z.object({
  kind: z.enum(['person', 'number', 'queue']),
  id: z.string().trim().min(1).max(100),
  name: z.string().trim().max(100),
})

const settings = z.object({
  targets: z.array(RedirectTarget).min(1).max(mostTargets).meta({ control: 'targets' }),
  seconds: z
    .int()
    .min(ringSeconds.least)
    .max(ringSeconds.most)
    .nullable()
    .default(null)
    .meta({ control: 'number', more: true }),
})

/**
 * Sends a call on that was not answered: all targets ring at once, and the first that takes it has it. The bot's leg ends with it, and
 * nobody tells who took the call.
 */
export const redirect = defineBlock({
  type: 'redirect',
  category: 'connect',
  icon: 'transfer',
  permissions: ['Calls.Initiate.All'],
  settings,
  line: 'ringing',
  ends: true,
  outcome: 'redirected',
  defaults: { targets: [{ kind: 'person', id: '', name: '' }] },
  exits: () => [],
  summary: ({ targets }) => targets.map(({ name, id }) => name || id).join(', '),
  open({ targets, seconds }) {
    const whom = targets.map(targetOf)
    whom.forEach(({ id }, n) => {
      if (whom.findIndex((one) => one.id === id) < n) throw new BlockIssue(`targets.${n}.id`, 'targetTwice', id)
    })
    const rings = seconds ?? (whom.length > 1 ? ringSeconds.several : ringSeconds.one)
    // Never twice: all of them would ring again.
    const end = ending({ type: 'redirect', targets: whom, seconds }, { confirmMs: rings * 1000 + marginMs, times: 1 })
    return {
      redirectsTo: whom,
      step: (turn: Turn<Ending>) => (turn.event.type === 'entered' ? end.begin() : end.step(turn)),
    }
  },
})

function targetOf({ kind, id, name }: z.output<typeof RedirectTarget>, n: number): Target {
  const field = `targets.${n}.id`
  if (kind === 'number') {
    const number = reachable(id, field)
    return { kind, id: number, name: name || number }
  }
  const account = readCalled(id)
  if (account === null || account.startsWith('+')) throw new BlockIssue(field, 'notObjectId', id)
  return { kind, id: account, name }
}
