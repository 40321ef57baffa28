import { isDeepStrictEqual } from 'node:util'
import { normalId } from './ids.ts'
import type { Participant } from './words.ts'

/** Who is in a call, by participant id as `normalId` spells it. Plain data; `applyRoster` makes the next one. */
export type Roster = {
  participants: ReadonlyMap<string, Participant>
  /** Number of the last delta, null before the first. */
  sequenceNumber: number | null
}

export type RosterNews = { participants: readonly Participant[]; delta: boolean; sequenceNumber?: number | undefined }

export type RosterChange = { added: Participant[]; updated: Participant[]; removed: Participant[] }

export const emptyRoster: Roster = { participants: new Map(), sequenceNumber: null }

/**
 * The roster after a piece of news, and what is different. Pure.
 *
 * A list is the whole roster unless it is a delta (inferred by the contract): who is missing in it has left. A delta holds only what
 * changed, leavers with `removedState`. Older news than what is known are dropped. `gap` says that a delta before this one is
 * missing, so that only the participants that Graph is asked for can be trusted.
 */
export function applyRoster(roster: Roster, news: RosterNews): { roster: Roster; change: RosterChange; gap: boolean } {
  const nothing = { roster, change: { added: [], updated: [], removed: [] }, gap: false }
  return news.delta ? (applyDelta(roster, news) ?? nothing) : (applyList(roster, news) ?? nothing)
}

function applyDelta(roster: Roster, { participants, sequenceNumber }: RosterNews) {
  const last = roster.sequenceNumber
  const isStale = sequenceNumber !== undefined && last !== null && sequenceNumber <= last
  if (isStale) return null
  const next = new Map(roster.participants)
  for (const participant of participants) {
    const key = keyOf(participant)
    if (participant.removedState) next.delete(key)
    else next.set(key, { ...next.get(key), ...participant })
  }
  const gap = sequenceNumber !== undefined && last !== null && sequenceNumber > last + 1
  return {
    roster: { participants: next, sequenceNumber: sequenceNumber ?? last },
    change: changeBetween(roster.participants, next),
    gap,
  }
}

function applyList(roster: Roster, { participants }: RosterNews) {
  const next = new Map(participants.filter((one) => !one.removedState).map((one) => [keyOf(one), one]))
  // The number is of the participant's own last change, so only the same participant can be compared: a lower one is from before.
  const isStale = [...next].some(([key, { rosterSequenceNumber: now }]) => {
    const known = roster.participants.get(key)?.rosterSequenceNumber
    return typeof now === 'number' && typeof known === 'number' && now < known
  })
  if (isStale) return null
  return {
    roster: { participants: next, sequenceNumber: roster.sequenceNumber },
    change: changeBetween(roster.participants, next),
    gap: false,
  }
}

function changeBetween(before: Roster['participants'], after: Roster['participants']): RosterChange {
  return {
    added: [...after].flatMap(([key, one]) => (before.has(key) ? [] : [one])),
    updated: [...after].flatMap(([key, one]) => {
      const known = before.get(key)
      return known && !isDeepStrictEqual(known, one) ? [one] : []
    }),
    removed: [...before].flatMap(([key, one]) => (after.has(key) ? [] : [one])),
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
