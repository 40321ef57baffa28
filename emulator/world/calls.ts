import { randomUUID } from 'node:crypto'
import type { InvitationParticipantInfo } from '#communications/wire/types.ts'
import { normalId, sameId } from '#ground/ids.ts'
import { newOutbox } from '../wire/delivery.ts'
import { type Call, type Conversation, hasEnded, type Participant, type Placed } from './call.ts'
import { findParticipant, isGroup, peopleOf } from './conversation.ts'
import { approach } from './conversations.ts'
import { personId } from './identity.ts'
import { newKeys } from './keys.ts'
import { expectKeepAlive, forgetCall } from './lifecycle.ts'
import { newOperations } from './operations.ts'
import { forgetSounds, newSound } from './player.ts'
import { newTerms } from './taken.ts'
import { Transcript } from './transcript.ts'
import type { World } from './world.ts'

/** All calls: those that live, and the last ones that ended. */

const maxEndedCalls = 200
const maxAudibleCalls = 20

/** A call begins. `callbackUri` is where its bot hears of it. */
export function newCall(world: World, callbackUri: string, placed: Placed): Call {
  const { clock } = world
  const call: Call = {
    ...placed,
    id: randomUUID(),
    myParticipantId: randomUUID(),
    startedAt: new Date(clock.now()).toISOString(),
    transcript: new Transcript(clock),
    forgotten: new AbortController(),
    audio: null,
    answeredAt: null,
    endedAt: null,
    result: null,
    timers: new Set(),
    keepAlive: () => {},
    terms: newTerms(callbackUri),
    sound: newSound(),
    keys: newKeys(),
    operations: newOperations(),
    audioRoutingGroups: new Map(),
    transfer: null,
    toldOf: new Set(),
    whenTaken: null,
    outbox: newOutbox(),
  }
  world.calls.set(normalId(call.id), call)
  approach(call)
  call.transcript.add({ kind: 'state', state: call.state, audio: null })
  expectKeepAlive(world, call)
  return call
}

/** The call with this id, also an ended one of which the control API still knows. */
export const findCall = ({ calls }: World, id: string): Call | undefined => calls.get(normalId(id))

export const listCalls = ({ calls }: World): Call[] => [...calls.values()]

/** Live calls that talk in it, or are about to. */
export const callsIn = (world: World, conversation: Conversation): Call[] =>
  listCalls(world).filter((call) => call.conversation === conversation && !hasEnded(call))

/** Everything that is talked in now: of live calls, and meetings that people are in without a bot. */
export function listConversations(world: World): Conversation[] {
  const ofCalls = listCalls(world)
    .filter((call) => !hasEnded(call))
    .map(({ conversation }) => conversation)
  return [...new Set([...ofCalls, ...world.held.values()])]
}

/** A call has ended: the first of those that ended before go. */
export function dropOldCalls({ calls, endedCalls }: World, latest: Call): void {
  endedCalls.push(normalId(latest.id))
  if (endedCalls.length > maxEndedCalls) calls.delete(endedCalls.shift() ?? '')
  // What was said is worth megabytes a call: only the last ones can still be listened to.
  const silenced = calls.get(endedCalls.at(-maxAudibleCalls - 1) ?? '')
  if (silenced) forgetSounds(silenced)
}

/** Drops every call without a word to anybody. */
export function forgetCalls({ calls, endedCalls }: World): void {
  for (const call of calls.values()) forgetCall(call)
  calls.clear()
  endedCalls.length = 0
}

/**
 * The leg that `replacesCallId` names, and whom a request takes from it; null when that is not possible, or no longer: it must be a call
 * of the same app and tenant, established, another one than the request's own, and the person must be in it.
 */
export function replacedBy(
  world: World,
  call: Call,
  { replacesCallId, participantId, identity }: InvitationParticipantInfo,
): { leg: Call; person: Participant } | null {
  const leg = replacesCallId ? findCall(world, replacesCallId) : undefined
  if (!leg || leg === call || leg.appId !== call.appId || leg.tenantId !== call.tenantId) return null
  if (leg.state !== 'established') return null
  const people = peopleOf(leg.conversation)
  const wanted = personId(identity)
  const named = participantId
    ? findParticipant(leg.conversation, participantId)
    : people.find((one) => wanted && sameId(personId(one.identity) ?? '', wanted))
  // A call between two has one person only, whatever the request calls that one.
  const person = named ?? (isGroup(leg.conversation) ? undefined : people[0])
  return person && !person.call ? { leg, person } : null
}
