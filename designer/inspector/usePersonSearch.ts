import { useEffect, useState } from 'react'
import { mostSearched, type Person } from '#ground/people.ts'
import { api } from '../shell/api.ts'
import { useRested } from '../shell/useRested.ts'

/** What is typed is looked up when the hand has rested for so long. */
const restMs = 250

type Found = { text: string; people: readonly Person[]; error: unknown }
export type PersonSearch = ReturnType<typeof usePersonSearch>

/**
 * Looks for people while somebody types. Who was found stands there until the next are, and an error as well: both are of the text that was
 * last asked about.
 */
export function usePersonSearch() {
  /** Null while nobody types. */
  const [typed, setTyped] = useState<string | null>(null)
  const [found, setFound] = useState<Found>({ text: '', people: [], error: null })
  const wanted = (typed ?? '').trim().slice(0, mostSearched)
  const rested = useRested(wanted, restMs)
  useEffect(() => {
    if (rested === '') return undefined
    const leaving = new AbortController()
    api.people(rested, leaving.signal).then(
      (people) => setFound({ text: rested, people, error: null }),
      (error) => !leaving.signal.aborted && setFound({ text: rested, people: [], error }),
    )
    return () => leaving.abort()
  }, [rested])
  return { ...found, typed, setTyped, isOpen: wanted !== '', isSearching: wanted !== found.text }
}
