import type { Beat } from '#store/processes.ts'

/** What is known of another process: how often it said that it lives, and for how long we have seen it say nothing more. */
type Watched = { beat: number | null; silentMs: number }
export type Beats = ReadonlyMap<string | null, Watched>

/**
 * Longest silence of one that lives: what a network may take away from it and comes back. A bot whose journal is here is known to be
 * dead at once, and does not wait for this.
 */
export const silenceMs = 45_000

/**
 * What is known after another look. `sinceMs` is the time since the last one by a clock that only goes on, or 0 when the look before
 * failed: while the database does not answer us it may not hear others either.
 */
export const observe = (before: Beats, seen: readonly Beat[], sinceMs: number): Beats =>
  new Map(
    seen.map(({ id, beat }) => {
      const known = before.get(id)
      return [id, { beat, silentMs: known?.beat === beat ? known.silentMs + sinceMs : 0 }]
    }),
  )

/** Those that said nothing for too long. */
export const silentIn = (beats: Beats): (string | null)[] =>
  [...beats].flatMap(([process, { silentMs }]) => (silentMs >= silenceMs ? [process] : []))
