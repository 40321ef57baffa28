import type { IdentitySet } from '#communications/wire/types.ts'
import { type Call, type Conversation, hasEnded, type Participant } from '../world/call.ts'
import { listConversations } from '../world/calls.ts'
import { isGroup, legsOf } from '../world/conversation.ts'
import { leave } from '../world/conversations.ts'
import { isSame } from '../world/identity.ts'
import { callerHangsUp } from '../world/person.ts'
import type { Entry } from '../world/transcript.ts'
import type { World } from '../world/world.ts'

export type PromptEntry = Extract<Entry, { kind: 'prompt' }>
type EndedEntry = Extract<Entry, { kind: 'ended' }>

/** Somebody in a running script: where they are, and what they have heard there. Only this file changes it. */
export type ScriptPerson = {
  readonly world: World
  readonly identity: IdentitySet
  /** The participants of all people of all running scripts, so that nobody is taken for somebody else of the same number. */
  readonly claimed: WeakSet<Participant>
  /** The legs of bots that they heard, the latest last: since which entry of its transcript, and up to which one they listened. */
  readonly heard: { call: Call; since: number; listened: number }[]
  place: { conversation: Conversation; participant: Participant } | null
}

export function hear({ heard }: ScriptPerson, call: Call, since: number): void {
  if (!heard.some((leg) => leg.call === call)) heard.push({ call, since, listened: since })
}

export function enter(person: ScriptPerson, conversation: Conversation, participant: Participant): void {
  person.claimed.add(participant)
  person.place = { conversation, participant }
}

/** Where they are now. The bot may call, invite or move anybody at any time. */
export function placeOf(person: ScriptPerson): ScriptPerson['place'] {
  const { place } = person
  const isThere = place?.conversation.participants.get(place.participant.id) === place?.participant
  if (!place || !isThere) person.place = cameInto(person)
  if (!person.place) return null
  const { conversation, participant } = person.place
  person.claimed.add(participant)
  for (const leg of legsOf(conversation)) {
    // The entry with which they came in; there is none where the bot came later.
    const cameIn = leg.transcript.after(0).find((one) => one.kind === 'joined' && one.participantId === participant.id)
    hear(person, leg, cameIn?.n ?? 0)
  }
  return person.place
}

/** Who calls is in the conversation while it rings, and is claimed by then; who is called comes in with the answer. */
function cameInto({ world, claimed, identity }: ScriptPerson): ScriptPerson['place'] {
  for (const conversation of listConversations(world)) {
    const participant = [...conversation.participants.values()].find(
      (one) => !one.call && !claimed.has(one) && isSame(one.identity, identity),
    )
    if (participant) return { conversation, participant }
  }
  return null
}

/** The calls of bots that they were on, the latest last. */
export const callsOf = ({ heard }: ScriptPerson): Call[] => heard.map(({ call }) => call)

/** The bot's leg of where they are, if it is established. */
export function botOf(person: ScriptPerson): Call | undefined {
  const place = placeOf(person)
  return callsOf(person).findLast((call) => call.conversation === place?.conversation && call.state === 'established')
}

/** All that happened on those calls while they were there. */
export const entriesOf = ({ heard }: ScriptPerson): Entry[] =>
  heard.flatMap(({ call, since }) => call.transcript.after(since))

export const promptsOf = (person: ScriptPerson): PromptEntry[] =>
  entriesOf(person).filter((entry) => entry.kind === 'prompt')

/** The first entry that they did not listen to yet and that matches. What comes before it has been listened to then. */
export function listen<T extends Entry>({ heard }: ScriptPerson, matches: (entry: Entry) => entry is T): T | null {
  for (const leg of heard) {
    const entry = leg.call.transcript.after(leg.listened).find(matches)
    if (!entry) continue
    leg.listened = entry.n
    return entry
  }
  return null
}

/** What was said until now does not count any more: they do something about it. */
export function stopListening({ heard }: ScriptPerson): void {
  for (const leg of heard) leg.listened = leg.call.transcript.after(leg.listened).at(-1)?.n ?? leg.listened
}

/** How the latest call ended; null while it has not. */
export const endOf = ({ heard }: ScriptPerson): EndedEntry | null =>
  heard
    .at(-1)
    ?.call.transcript.after(0)
    .find((entry) => entry.kind === 'ended') ?? null

/** Hangs up, or leaves the group or the lobby. Nothing happens to who is nowhere. */
export function goAway(person: ScriptPerson): void {
  const place = placeOf(person)
  if (!place) return
  person.place = null
  const { conversation, participant } = place
  if (isGroup(conversation)) {
    leave(person.world, conversation, participant)
    return
  }
  const call = callsOf(person).find((one) => one.conversation === conversation)
  if (call && !hasEnded(call) && call.state !== 'terminating') callerHangsUp(person.world, call)
}
