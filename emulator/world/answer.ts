import { type Call, mayReachPhones } from './call.ts'
import { connect } from './dial.ts'
import { personId } from './identity.ts'
import { announce, end, ends, enterState, later, stopEverything } from './lifecycle.ts'
import { ring } from './rings.ts'
import { type Answer, agree, type Redirect } from './taken.ts'
import type { TransferOutcome } from './transcript.ts'
import type { World } from './world.ts'

/** What a bot does with a call that came in, and how it ends one. */

export function answer(world: World, call: Call, body: Answer): void {
  const { delays } = world.settings
  enterState(call, 'establishing')
  agree(call, body)
  later(world, call, delays.establishing, () => announce(world, call))
  later(world, call, delays.establishing + delays.established, () => connect(world, call))
}

/** The documented example of what follows carries no result. */
export function reject(world: World, call: Call, body: Pick<Answer, 'callbackUri'>): void {
  agree(call, body)
  end(world, call, 'bot', null)
}

export function hangUp(world: World, call: Call): void {
  if (call.state === 'incoming') {
    end(world, call, 'bot', null)
    return
  }
  enterState(call, 'terminating')
  stopEverything(call)
  announce(world, call)
  later(world, call, world.settings.delays.terminated, () => end(world, call, 'bot', ends.byBot))
}

const noInstance = 'A phone number can be reached only from a call that came through an application instance.'

/**
 * The telephones of all targets ring at once; the first that takes the call has it. The bot's leg ends either way, and says nothing
 * of how it went (call-redirect page).
 */
export function redirect(world: World, call: Call, { targets, timeout, callbackUri }: Redirect): void {
  const { transcript } = call
  enterState(call, 'redirecting')
  if (callbackUri) agree(call, { callbackUri })
  transcript.add({ kind: 'state', state: 'redirecting', audio: null })
  for (const { identity } of targets) transcript.add({ kind: 'redirected', id: personId(identity), outcome: null })
  let stops: (() => void)[] = []
  const over = (id: string | null, outcome: TransferOutcome) => {
    for (const stop of stops) stop()
    transcript.add({ kind: 'redirected', id, outcome })
    end(world, call, 'service', null)
  }
  if (targets.some(({ identity }) => identity.phone) && !mayReachPhones(call)) {
    transcript.add({ kind: 'failed', what: 'redirect', message: noInstance })
    later(world, call, world.settings.delays.transferring, () => over(null, 'decline'))
    return
  }
  // Defaults of the page, subject to change as it says.
  const seconds = timeout ?? (targets.length > 1 ? 60 : 55)
  let open = targets.length
  stops = targets.map(({ identity }) =>
    ring(world, call, { identity, what: 'redirect', noAnswerMs: seconds * 1000 }, (outcome) => {
      open -= 1
      if (outcome === 'accept' || open === 0) over(personId(identity), outcome)
    }),
  )
}
