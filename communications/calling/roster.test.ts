import { describe, expect, it } from 'vitest'
import type { Participant } from '../wire/types.ts'
import { applyFetched, applyRoster, emptyRoster, type Roster } from './roster.ts'

const anna = { id: '1c8d6b8e-0d58-4a47-a9ee-6f5a3a0ae8a1', isMuted: false, rosterSequenceNumber: 1 }
const bert = { id: 'b1d3cb14-5e5b-4d8c-8d4f-1f2d8f1c1f2e', isMuted: false, rosterSequenceNumber: 2 }
const list = (...participants: Participant[]) => ({ participants, delta: false })
const delta = (sequenceNumber: number, ...participants: Participant[]) => ({
  participants,
  delta: true,
  sequenceNumber,
})
const ids = ({ participants }: Roster) => participants.map(([id]) => id)
const people = ({ participants }: Roster) => participants.map(([, one]) => one)

const both = applyRoster(emptyRoster, list(anna, bert)).roster

describe('a list', () => {
  it('is the whole roster: who is not in it has left', () => {
    const { roster, change } = applyRoster(both, list({ ...anna, isMuted: true, rosterSequenceNumber: 3 }))
    expect(ids(roster)).toEqual([anna.id])
    expect(change.removed).toEqual([bert])
    expect(change.updated).toMatchObject([{ id: anna.id, isMuted: true }])
  })

  it('that says nothing new changes nothing', () => {
    expect(applyRoster(both, list(anna, bert)).change).toEqual({ added: [], updated: [], removed: [] })
  })

  it('from before is dropped, but not one that only lacks the newest participant', () => {
    const muted = applyRoster(both, list({ ...anna, isMuted: true, rosterSequenceNumber: 3 }, bert)).roster
    expect(applyRoster(muted, list(anna, bert)).roster).toBe(muted)
    expect(ids(applyRoster(muted, list({ ...anna, isMuted: true, rosterSequenceNumber: 3 })).roster)).toEqual([anna.id])
  })

  it('knows participants by any spelling of their id, and by who they are when there is none', () => {
    const capitals = { ...anna, id: anna.id.toUpperCase().replaceAll('-', '') }
    expect(applyRoster(both, list(capitals, bert)).change.added).toEqual([])
    const caller = (id: string) => ({ info: { identity: { phone: { id } } } })
    expect(ids(applyRoster(emptyRoster, list(caller('+14255550123'), caller('+14255550124'))).roster)).toHaveLength(2)
  })
})

describe('a delta', () => {
  it('adds, changes and removes only whom it names', () => {
    const first = applyRoster(emptyRoster, delta(1, anna, bert))
    expect(first.change.added).toEqual([anna, bert])
    const next = applyRoster(first.roster, delta(2, { id: bert.id, removedState: { reason: 'Removed' } }))
    expect(ids(next.roster)).toEqual([anna.id])
    expect(next.change).toEqual({ added: [], updated: [], removed: [bert] })
    expect(next.gap).toBe(false)
  })

  it('that is repeated or late is dropped, and one before it that is missing shows', () => {
    const { roster } = applyRoster(both, delta(5, { ...anna, isMuted: true }))
    expect(applyRoster(roster, delta(5, anna)).roster).toBe(roster)
    expect(applyRoster(roster, delta(4, anna)).roster).toBe(roster)
    expect(applyRoster(roster, delta(7, anna)).gap).toBe(true)
  })

  it('is missing something before it also when it is the first, unless its number can be the first one', () => {
    for (const first of [0, 1]) expect(applyRoster(emptyRoster, delta(first, anna)).gap).toBe(false)
    expect(applyRoster(emptyRoster, delta(2, anna)).gap).toBe(true)
    expect(applyRoster(emptyRoster, list(anna)).gap).toBe(false)
  })

  it('that is late brings nobody back, also after who came back has left again without a number', () => {
    const changes = (...participants: Participant[]) => ({ participants, delta: true })
    const news = [
      changes({ id: bert.id, rosterSequenceNumber: 6, removedState: {} }),
      changes({ ...bert, rosterSequenceNumber: 7 }),
      changes({ id: bert.id, removedState: {} }),
      changes({ ...bert, rosterSequenceNumber: 5 }),
    ]
    expect(ids(news.reduce((roster, one) => applyRoster(roster, one).roster, both))).toEqual([anna.id])
  })

  it('without a number goes by those of the participants: late news change nobody, and bring nobody back', () => {
    const changes = (...participants: Participant[]) => ({ participants, delta: true })
    const muted = applyRoster(both, changes({ ...anna, isMuted: true, rosterSequenceNumber: 4 })).roster
    expect(applyRoster(muted, changes({ ...anna, rosterSequenceNumber: 3 })).change.updated).toEqual([])
    const gone = applyRoster(muted, changes({ id: bert.id, rosterSequenceNumber: 6, removedState: {} })).roster
    expect(ids(applyRoster(gone, changes({ ...bert, rosterSequenceNumber: 5 })).roster)).toEqual([anna.id])
    expect(ids(applyRoster(gone, changes({ ...bert, rosterSequenceNumber: 7 })).roster)).toEqual([anna.id, bert.id])
  })
})

describe('what Graph is asked for', () => {
  const carl = { id: '4f7b1f0e-9f0c-4c8e-9f5e-2b7a3f1d6c11', isMuted: false, rosterSequenceNumber: 4 }
  const heard = (before: Roster, ...news: ReturnType<typeof delta>[]) =>
    news.reduce((roster, one) => applyRoster(roster, one).roster, before)

  it('is the whole roster, under the deltas that came while it was on its way', () => {
    const meanwhile = [delta(7, { ...anna, isMuted: true, rosterSequenceNumber: 5 }), delta(8, carl)]
    const now = heard(both, ...meanwhile)
    const { roster, change } = applyFetched(now, { before: both, participants: [anna], meanwhile })
    expect(people(roster)).toMatchObject([{ id: anna.id, isMuted: true }, { id: carl.id }])
    expect(change).toEqual({ added: [], updated: [], removed: [bert] })
    expect(roster.sequenceNumber).toBe(8)
  })

  it('goes under those deltas in their own order', () => {
    const numbered = heard(both, delta(6, anna))
    const meanwhile = [
      delta(8, { ...anna, isMuted: true }),
      delta(7, { ...anna, isMuted: false }, carl),
      delta(5, carl),
    ]
    const now = heard(numbered, ...meanwhile)
    const { roster } = applyFetched(now, { before: numbered, participants: [anna], meanwhile })
    expect(people(roster)).toMatchObject([{ id: anna.id, isMuted: true }, { id: carl.id }])
    expect(roster.sequenceNumber).toBe(8)
    expect(applyFetched(now, { before: now, participants: [carl], meanwhile: [] }).roster.sequenceNumber).toBe(8)
  })

  it('brings nobody back who has left while it was on its way', () => {
    const meanwhile = [delta(7, { id: bert.id, removedState: {}, rosterSequenceNumber: 6 })]
    const { roster } = applyFetched(heard(both, ...meanwhile), { before: both, participants: [anna, bert], meanwhile })
    expect(ids(roster)).toEqual([anna.id])
  })

  it('is dropped when it is older than what was known when Graph was asked', () => {
    const muted = applyRoster(both, list({ ...anna, isMuted: true, rosterSequenceNumber: 3 }, bert)).roster
    const { roster, change } = applyFetched(muted, { before: muted, participants: [anna], meanwhile: [] })
    expect(roster).toBe(muted)
    expect(change).toEqual({ added: [], updated: [], removed: [] })
  })
})
