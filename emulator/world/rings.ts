import type { IdentitySet } from '#communications/wire/types.ts'
import type { Call } from './call.ts'
import { personId } from './identity.ts'
import { later, stopWithCall } from './lifecycle.ts'
import type { Ring } from './people.ts'
import type { TransferOutcome } from './transcript.ts'
import type { World } from './world.ts'

/**
 * A telephone rings for a call, until its owner does what the rules for that person say. The result makes it stop; it stops with the
 * call.
 */
export function ring(
  world: World,
  call: Call,
  { identity, what, noAnswerMs }: { identity: IdentitySet; what: Ring['what']; noAnswerMs?: number },
  settle: (outcome: TransferOutcome) => void,
): () => void {
  const { people, settings } = world
  const { rung } = call.conversation
  const person = people.find(personId(identity))
  const onCall = person?.onCall ?? 'accept'
  let over = false
  const settleOnce = (outcome: TransferOutcome) => {
    if (over) return
    stop()
    settle(outcome)
  }
  const stop = () => {
    over = true
    rung.delete(identity)
    hasStopped()
    stopRinging()
    stopWaiting()
  }
  rung.add(identity)
  const hasStopped = stopWithCall(call, stop)
  const stopRinging = onCall === 'ask' ? people.ring({ callId: call.id, identity, what }, settleOnce) : () => {}
  const patience = onCall === 'accept' || onCall === 'decline' ? undefined : noAnswerMs
  const wait = onCall === 'ask' ? patience : (person?.afterMs ?? patience ?? settings.delays.person)
  const stopWaiting =
    wait === undefined ? () => {} : later(world, call, wait, () => settleOnce(onCall === 'ask' ? 'noAnswer' : onCall))
  return stop
}
