import type { IdentitySet } from '#communications/wire/types.ts'
import type { Settings } from '../settings.ts'
import type { Call } from './call.ts'
import type { Lifecycle } from './lifecycle.ts'
import { type People, personId, type Ring } from './people.ts'
import type { TransferOutcome } from './transcript.ts'

export type Rings = {
  /** A telephone rings for a call, until its owner does what the rules for that person say. The result makes it stop. */
  start(
    call: Call,
    ring: { identity: IdentitySet; what: Ring['what']; noAnswerMs?: number },
    settle: (outcome: TransferOutcome) => void,
  ): () => void
}

export function createRings({
  settings,
  people,
  lifecycle,
}: {
  settings: Settings
  people: People
  lifecycle: Pick<Lifecycle, 'later'>
}): Rings {
  return {
    start(call, { identity, what, noAnswerMs }, settle) {
      const person = people.find(personId(identity))
      const onCall = person?.onCall ?? 'accept'
      let over = false
      const settleOnce = (outcome: TransferOutcome) => {
        if (over) return
        stop()
        settle(outcome)
      }
      // The call keeps it among what stops when the call ends.
      const stop = () => {
        over = true
        call.timers.delete(stop)
        stopRinging()
        stopWaiting()
      }
      call.timers.add(stop)
      const stopRinging = onCall === 'ask' ? people.ring({ callId: call.id, identity, what }, settleOnce) : () => {}
      const patience = onCall === 'accept' || onCall === 'decline' ? undefined : noAnswerMs
      const wait = onCall === 'ask' ? patience : (person?.afterMs ?? patience ?? settings.delays.person)
      const stopWaiting =
        wait === undefined
          ? () => {}
          : lifecycle.later(call, wait, () => settleOnce(onCall === 'ask' ? 'noAnswer' : onCall))
      return stop
    },
  }
}
