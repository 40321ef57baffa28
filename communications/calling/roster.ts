import { isDeepStrictEqual } from 'node:util'
import { normalId } from '#ground/ids.ts'
import type { Participant } from '../wire/types.ts'

/** Who is in a call, by participant id as `normalId` spells it: the pairs of a map, so that it is plain data. `applyRoster` makes the next one. */
export type Roster = {
  participants: Pairs<Participant>
  /** Number of the last delta, null before the first. */
  sequenceNumber: number | null
  /** Who has left by a delta, and the `rosterSequenceNumber` of that, so that older news do not bring them back. */
  left: Pairs<number>
}

type Pairs<T> = readonly (readonly [id: string, value: T])[]

export type RosterNews = { participants: readonly Participant[]; delta: boolean; sequenceNumber?: number | undefined }

export type RosterChange = { added: Participant[]; updated: Participant[]; removed: Participant[] }

export const emptyRoster: Roster = { participants: [], sequenceNumber: null, left: [] }

/**
 * The roster after a piece of news, and what is different. Pure.
 *
 * A list is the whole roster unless it is a delta (inferred by the contract): who is missing in it has left. A delta holds only what
 * changed, leavers with `removedState`. Older news than what is known are dropped. `gap` says that a delta before this one is
 * missing, so that only the participants that Graph is asked for can be trusted. Where the numbers begin is not documented: a first
 * delta of 0 or 1 has nothing before it.
 */
export function applyRoster(roster: Roster, news: RosterNews): { roster: Roster; change: RosterChange; gap: boolean } {
  const next = news.delta ? afterDelta(roster, news) : afterList(roster, news)
  const gap = next.sequenceNumber !== null && next.sequenceNumber > (roster.sequenceNumber ?? 0) + 1
  return { roster: next, change: changeBetween(roster.participants, next.participants), gap }
}

/**
 * The roster that Graph answered with, under the news that came while the answer was on its way. Pure. `before` is what was known when
 * Graph was asked: an answer that is older than that is dropped.
 */
export function applyFetched(
  roster: Roster,
  asked: { before: Roster; participants: readonly Participant[]; meanwhile: readonly RosterNews[] },
): { roster: Roster; change: RosterChange } {
  const list = { participants: asked.participants, delta: false }
  let next = afterList(asked.before, list)
  if (next === asked.before) return { roster, change: changeBetween(roster.participants, roster.participants) }
  // In their own order, since one that came too late to be applied may be missing in the answer as well.
  const inOrder = asked.meanwhile.toSorted((a, b) => (a.sequenceNumber ?? 0) - (b.sequenceNumber ?? 0))
  for (const news of inOrder) next = news.delta ? afterDelta(next, news) : afterList(next, news)
  return { roster: next, change: changeBetween(roster.participants, next.participants) }
}

function afterDelta(roster: Roster, { participants, sequenceNumber }: RosterNews): Roster {
  const last = roster.sequenceNumber
  if (sequenceNumber !== undefined && last !== null && sequenceNumber <= last) return roster
  const next = new Map(roster.participants)
  const left = new Map(roster.left)
  for (const participant of participants) {
    const key = keyOf(participant)
    const number = participant.rosterSequenceNumber
    // A delta has one number (Graph's page deltaParticipants); a participant in it may lack its own, and is as new as its last change.
    const known = next.get(key)?.rosterSequenceNumber ?? left.get(key)
    if (isOlder(number, known)) continue
    if (participant.removedState) {
      next.delete(key)
      if (typeof number === 'number') left.set(key, number)
    } else {
      next.set(key, { ...next.get(key), ...participant })
    }
  }
  return { participants: [...next], sequenceNumber: sequenceNumber ?? last, left: [...left] }
}

function afterList(roster: Roster, { participants }: RosterNews): Roster {
  const next = new Map(participants.filter((one) => !one.removedState).map((one) => [keyOf(one), one]))
  // The number is of the participant's own last change, so only the same participant can be compared: a lower one is from before.
  const known = new Map(roster.participants)
  const isStale = [...next].some(([key, { rosterSequenceNumber }]) =>
    isOlder(rosterSequenceNumber, known.get(key)?.rosterSequenceNumber),
  )
  return isStale ? roster : { ...roster, participants: [...next], left: [] }
}

const isOlder = (number: number | null | undefined, known: number | null | undefined): boolean =>
  typeof number === 'number' && typeof known === 'number' && number < known

function changeBetween(from: Roster['participants'], to: Roster['participants']): RosterChange {
  const before = new Map(from)
  const after = new Map(to)
  return {
    added: to.flatMap(([key, one]) => (before.has(key) ? [] : [one])),
    updated: to.flatMap(([key, one]) => {
      const known = before.get(key)
      return known && !isDeepStrictEqual(known, one) ? [one] : []
    }),
    removed: from.flatMap(([key, one]) => (after.has(key) ? [] : [one])),
  }
}

/** Several documented rosters have no participant ids: then it is whose they are that tells two apart. */
function keyOf({ id, info }: Participant): string {
  if (id) return normalId(id)
  for (const [kind, identity] of Object.entries(info?.identity ?? {})) {
    if (typeof identity === 'object' && identity?.id) return `${kind}:${normalId(identity.id)}`
  }
  return 'unknown'
}
