import { Refusal } from '../wire/refusal.ts'
import type { Call, Key } from './call.ts'
import { isGroup, legsOf, peopleOf, waitsInLobby } from './conversation.ts'
import { leave } from './conversations.ts'
import { hearKey } from './keys.ts'
import { end, ends, later } from './lifecycle.ts'
import { toneOf } from './tones.ts'
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
