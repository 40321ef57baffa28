import * as z from 'zod'
import { readCalled } from '#ground/called.ts'
import { BlockIssue, defineBlock, leave } from '../block.ts'
import { Condition } from '../condition.ts'
import { placeOf } from '../share.ts'
import type { Variables } from '../values.ts'

/** One of the ways: the name of its exit stays the same when its own or its share changes, as that of a condition does. */
const Arm = z.object({ id: Condition.shape.id, label: Condition.shape.label, weight: z.int().min(0).max(100) })

const settings = z.object({ arms: z.array(Arm).min(2).max(10).meta({ control: 'arms' }) })

/**
 * Shares callers out by percent. The same caller goes the same way each time, and nobody leaves the first way when its share grows. Who
 * hides the number is somebody else with every call.
 */
export const percentageSplit = defineBlock({
  type: 'percentageSplit',
  category: 'decide',
  icon: 'split',
  settings,
  needsCaller: false,
  defaults: {
    arms: [
      { id: 'a', label: 'A', weight: 50 },
      { id: 'b', label: 'B', weight: 50 },
    ],
  },
  exits: ({ arms }) => arms.map(({ id, label }) => ({ name: id, label })),
  summary: ({ arms }) => arms.map(({ label, weight }) => `${label} ${weight} %`).join(', '),
  open({ arms }) {
    const ids = arms.map(({ id }) => id)
    const twice = ids.findIndex((id, n) => ids.indexOf(id) !== n || id === 'error')
    if (twice >= 0) throw new BlockIssue(`arms.${twice}`, 'idTwice')
    const together = arms.reduce((sum, { weight }) => sum + weight, 0)
    if (together !== 100) throw new BlockIssue('arms', 'notHundred', String(together))
    return {
      step({ event, block, variables }) {
        if (event.type !== 'entered') return
        let left = placeOf(`${block} ${whoCalls(variables)}`) * 100
        const mine = arms.find(({ weight }) => {
          left -= weight
          return left < 0
        })
        return leave(mine?.id ?? 'error') // there is one: together they are 100
      },
    }
  },
})

/** What stays the same of a caller from call to call; without that, the call. */
function whoCalls({ caller, call }: Variables): string {
  const { id, phone } = caller as { id: string; phone: string } // `begin` has put it there
  // A number of one's own country is no international one, but has digits; "anonymous" has none.
  const known = [id, phone].find((one) => /\d/.test(one))
  if (known !== undefined) return readCalled(known) ?? known
  // A flow of before may have a variable called `call`.
  return typeof call === 'object' && call !== null && 'id' in call ? String(call.id) : ''
}
