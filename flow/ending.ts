import { leave, stay, type Turn } from './block.ts'
import type { Ask } from './talk.ts'

/** How often the telephone was asked to end the call. */
export type Ending = { asked: number }

type Terms = { confirmMs: number; times: number; detail?: { reason: string } }

/**
 * Ends the call by what is asked for. It is over when that is told; if it is not told in time, it is asked for again, `times` in all,
 * and then the call is given up as lost. `begin` asks for the first time.
 */
export function ending(ask: Ask, { confirmMs, times, detail }: Terms) {
  const end = (asked: number) =>
    stay({
      asks: [ask, { type: 'startTimer', timer: 'block', ms: confirmMs }],
      again: true,
      data: { asked },
      ...(detail && { detail }),
    })
  return {
    begin: () => end(1),
    step({ event, data }: Turn<Ending>) {
      if (data === undefined) return
      if (event.type === 'timerElapsed') return data.asked < times ? end(data.asked + 1) : leave('lost')
      if (event.type === 'callEnded') return leave('done')
    },
  }
}
