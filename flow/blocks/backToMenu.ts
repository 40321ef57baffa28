import * as z from 'zod'
import { defineBlock, leave } from '../block.ts'

/**
 * Leads callers back to the menu that they were in last: to the one before, if they come from a menu directly or by a key that works
 * anywhere, and so step by step to the first.
 */
export const backToMenu = defineBlock({
  type: 'backToMenu',
  category: 'decide',
  icon: 'back',
  settings: z.object({}),
  defaults: {},
  exits: () => [{ name: 'none' }],
  open: () => ({
    step({ event }) {
      if (event.type !== 'entered') return
      return event.menuBefore === undefined ? leave('none') : leave('back', { goes: { to: event.menuBefore } })
    },
  }),
})
