import type { IdentitySet } from '#communications/wire/types.ts'
import { sameId } from '#ground/ids.ts'
import { type Call, type Conversation, hasEnded, type Participant } from '../world/call.ts'
import { isGroup, legsOf } from '../world/conversation.ts'
import type { Exchange } from '../world/exchange.ts'
import type { Entry } from '../world/transcript.ts'

export type PromptEntry = Extract<Entry, { kind: 'prompt' }>
type EndedEntry = Extract<Entry, { kind: 'ended' }>

/** A bot's leg that somebody hears: since which entry of its transcript, and up to which one it was listened to. */
type HeardLeg = { call: Call; since: number; listened: number }

/** Somebody in a running script: where they are, and what they have heard there. */
export type ScriptPerson = ReturnType<typeof createScriptPerson>

/**
 * `claimed` holds the participants of all people of all running scripts, so that nobody is taken for somebody else of the same number.
 */
export function createScriptPerson({
  name,
  identity,
  exchange,
  claimed,
}: {
  name: string
  identity: IdentitySet
  exchange: Exchange
  claimed: WeakSet<Participant>
}) {
  const { conversations } = exchange
  const heard: HeardLeg[] = []
  let place: { conversation: Conversation; participant: Participant } | null = null

  const isHeard = (call: Call) => heard.some((leg) => leg.call === call)
  function hear(call: Call, since: number) {
    if (!isHeard(call)) heard.push({ call, since, listened: since })
  }
  /** The entry with which this person came in; 0 when the bot came later. */
  const cameInAt = (leg: Call): number =>
    leg.transcript.after(0).find((entry) => entry.kind === 'joined' && entry.participantId === place?.participant.id)
      ?.n ?? 0

  function enter(conversation: Conversation, participant: Participant) {
    claimed.add(participant)
    place = { conversation, participant }
  }

  /** Where this person is now. The bot may call, invite or move anybody at any time. */
  function look(): typeof place {
    if (place && place.conversation.participants.get(place.participant.id) !== place.participant) place = null
    for (const conversation of place ? [] : exchange.conversationList()) {
      const mine = [...conversation.participants.values()].find(
        (one) => !one.call && !claimed.has(one) && isSame(one.identity, identity),
      )
      // Who calls is in the conversation while it rings, and is claimed by then; who is called comes in with the answer.
      if (mine) {
        enter(conversation, mine)
        break
      }
    }
    for (const leg of place ? legsOf(place.conversation) : []) if (!isHeard(leg)) hear(leg, cameInAt(leg))
    return place
  }

  const heardOn = ({ call, since }: HeardLeg, after = since) => call.transcript.after(after)
  const isPrompt = (entry: Entry): entry is PromptEntry => entry.kind === 'prompt'

  return {
    name,
    identity,
    enter,
    hear,
    look,
    /** The calls of bots that this person was on, the latest last. */
    calls: (): Call[] => heard.map(({ call }) => call),
    /** The bot's leg of where this person is, if it is established. */
    bot: (): Call | undefined =>
      look()
        ? heard
            .map(({ call }) => call)
            .findLast((call) => call.conversation === place?.conversation && call.state === 'established')
        : undefined,
    /** All that happened on those calls while this person was there. */
    entries: (): Entry[] => heard.flatMap((leg) => heardOn(leg)),
    prompts: (): PromptEntry[] => heard.flatMap((leg) => heardOn(leg).filter(isPrompt)),

    /** The first entry that was not listened to yet and that matches. What comes before it has been listened to then. */
    listen<T extends Entry>(matches: (entry: Entry) => entry is T): T | null {
      for (const leg of heard) {
        const entry = heardOn(leg, leg.listened).find(matches)
        if (!entry) continue
        leg.listened = entry.n
        return entry
      }
      return null
    },
    /** What was said until now does not count any more: this person does something about it. */
    listened(): void {
      for (const leg of heard) leg.listened = leg.call.transcript.after(leg.listened).at(-1)?.n ?? leg.listened
    },

    /** How the latest call ended; null while it has not. */
    end: (): EndedEntry | null =>
      heard
        .at(-1)
        ?.call.transcript.after(0)
        .find((entry) => entry.kind === 'ended') ?? null,

    /** Hangs up, or leaves the group or the lobby. Nothing happens to who is nowhere. */
    leave(): void {
      if (!look() || !place) return
      const { conversation, participant } = place
      place = null
      if (isGroup(conversation)) {
        conversations.leave(conversation, participant)
        return
      }
      const call = heard.map((leg) => leg.call).find((one) => one.conversation === conversation)
      if (call && !hasEnded(call) && call.state !== 'terminating') exchange.callerHangsUp(call)
    },
  }
}

/** Whether two identities name the same user, guest or number. */
export const isSame = (one: IdentitySet, other: IdentitySet): boolean =>
  (['user', 'guest', 'phone'] as const).some((kind) => {
    const id = one[kind]?.id
    return Boolean(id) && sameId(id ?? '', other[kind]?.id ?? '')
  })
