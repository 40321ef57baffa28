import { leave, type Outcome, stay, type Turn } from './block.ts'
import { spoken } from './prompt.ts'
import type { Target } from './talk.ts'

/**
 * Graph names no ring time for a transfer and no limit. While it lasts the caller cannot be spoken to (playPrompt is refused with
 * 400/8585) and nothing takes it back, so the block waits for the call to come back or to end; whoever follows the call asks
 * Graph when no word comes. A call that does neither for this long is given up: all that Graph still takes is a hang-up.
 */
const patienceMs = 300_000

type Data = { accepted: boolean }

/** Whom a call is given to, where only the call itself tells: or why to nobody. */
type TargetOf = (turn: Turn<Data>) => Target | { problem: string }

/**
 * How a block gives the call to somebody else (blind transfer), after an announcement where there is one. The platform does not tell
 * why a transfer failed (500/7000 whatever the reason), so declined, busy and not answered are one exit. `exitOf` names that of a
 * request which was refused, by Graph's code for it.
 */
export function handOver(
  target: Target | TargetOf,
  announcement: string,
  exitOf: (problem: string) => string = () => 'failed',
) {
  const transfer = typeof target === 'function' ? (turn: Turn<Data>) => given(target(turn)) : always(transferTo(target))
  return {
    prompts: spoken(announcement),
    ...(typeof target !== 'function' && { handsOverTo: target }),
    step(turn: Turn<Data>): Outcome<Data> | undefined {
      const { event, data } = turn
      switch (event.type) {
        case 'entered': {
          const first = transfer(turn)
          // Nobody is announced whom the call cannot be given to.
          const goesAtOnce = announcement === '' || first.exit !== undefined
          return goesAtOnce ? first : stay({ asks: [{ type: 'play', prompts: [announcement] }] })
        }
        case 'promptFinished':
          return data === undefined ? transfer(turn) : undefined
        case 'transferAccepted':
          return data && stay({ data: { accepted: true } })
        case 'transferFailed':
          return data && leave('failed')
        case 'timerElapsed':
          return leave('error', { detail: { problem: 'transferStuck' } })
        case 'callEnded':
          return event.transferred || data?.accepted ? leave('done') : undefined
        case 'failed':
          if (event.command !== 'transfer') return undefined
          return leave(exitOf(event.problem), { detail: { problem: event.problem } })
      }
    },
  }
}

const transferTo = (target: Target) =>
  stay<Data>({
    asks: [
      { type: 'transfer', target },
      { type: 'startTimer', timer: 'block', ms: patienceMs },
    ],
    again: true,
    data: { accepted: false },
  })

const given = (found: ReturnType<TargetOf>): Outcome<Data> =>
  'problem' in found ? leave('failed', { detail: found }) : transferTo(found)

/** Made once, for all calls. */
const always = (outcome: Outcome<Data>) => () => outcome
