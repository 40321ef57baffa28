import { toneOf } from '#communications/wire/toneKeys.ts'
import type { IdentitySet } from '#communications/wire/types.ts'
import { sameId } from '#ground/ids.ts'
import { Refusal } from '../wire/refusal.ts'
import type { Call, Conversation, Key } from './call.ts'
import { becomeGroup, isGroup, legsOf, newParticipant, peopleOf, waitsInLobby } from './conversation.ts'
import { enter, leave } from './conversations.ts'
import { personId } from './identity.ts'
import { isAsked } from './invitations.ts'
import { hearKey } from './keys.ts'
import { end, ends, later } from './lifecycle.ts'
import { ring } from './rings.ts'
import type { World } from './world.ts'

/** What the person at the other end of a call does. */

/** Hangs up, or gives up while it rings. */
export function callerHangsUp(world: World, call: Call): void {
  const { source, targets, state } = call
  const phone = call.direction === 'incoming' ? source.identity?.phone : targets[0]?.identity.phone
  if (isGroup(call.conversation) && state !== 'incoming') {
    const [person, ...others] = peopleOf(call.conversation)
    if (person && others.length === 0) {
      leave(world, call.conversation, person)
      return
    }
    throw new Refusal(409, 'whoHangsUp', 'Several people are in the call.', {
      next: 'POST /emulator/conversations/:id/participants/:id with { "action": "leave" } says who leaves.',
    })
  }
  const result = state === 'incoming' || state === 'redirecting' ? null : phone ? ends.byPhone : ends.byUser
  end(world, call, 'caller', result)
}

/** A bot without one of these is dropped when a participant makes a group of its call (calls-meetings-bots-overview). */
const mayJoinGroups = ['Calls.JoinGroupCall.All', 'Calls.JoinGroupCallAsGuest.All']

/** Somebody in the call adds another person or number, whose telephone rings: from then on it is a group call. */
export function personAdds(world: World, call: Call, identity: IdentitySet): void {
  const { conversation } = call
  if (call.state !== 'established') {
    throw new Refusal(409, 'callNotEstablished', 'Nobody is added before the call is established.', {
      next: 'GET /emulator/calls/:id/wait?state=established first.',
    })
  }
  if (isAsked(conversation, identity)) {
    throw new Refusal(409, 'alreadyThere', 'This one is in the call, or asked into it.', { next: 'Add somebody else.' })
  }
  call.transcript.add({ kind: 'invited', id: personId(identity), outcome: null })
  ring(world, call, { identity, what: 'invite', noAnswerMs: world.settings.invitationTimeoutMs }, (outcome) => {
    call.transcript.add({ kind: 'invited', id: personId(identity), outcome })
    if (outcome !== 'accept') return
    if (!isGroup(conversation)) {
      becomeGroup(conversation)
      dropUnfit(world, conversation)
    }
    enter(world, conversation, newParticipant(identity))
  })
}

function dropUnfit(world: World, conversation: Conversation): void {
  for (const leg of legsOf(conversation)) {
    const held = world.settings.apps.find(({ appId }) => sameId(appId, leg.appId))?.permissions ?? []
    if (!mayJoinGroups.some((one) => held.some((permission) => permission === one))) {
      end(world, leg, 'service', ends.removed)
    }
  }
}

/** Presses keys, `gapMs` apart. Throws a Refusal for what is not on a telephone. */
export function press(world: World, call: Call, text: string, gapMs: number): void {
  const pressed = [...text].map((key): Key => {
    const tone = toneOf(key)
    if (tone) return { key, tone }
    throw new Refusal(400, 'unknownTone', 'A key is not on a telephone.', { next: 'Use 0-9 * # a-d, or ! for flash.' })
  })
  // Who is in the same conversation hears it too; nobody is told who pressed (call-subscribetotone page).
  const pressOne = (key: Key) => {
    for (const leg of legsOf(call.conversation)) if (!waitsInLobby(leg)) hearKey(world, leg, key)
    for (const listener of [...call.conversation.listeners]) listener({ kind: 'tone', key: key.key.toLowerCase() })
  }
  for (const [place, key] of pressed.entries()) {
    if (place === 0) pressOne(key)
    else later(world, call, place * gapMs, () => pressOne(key))
  }
}
