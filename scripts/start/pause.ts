/** What has run for so long has recovered: its next end is a first one again. */
export const steadyMs = 60_000

/** Between the end of a part and its next start, in milliseconds: half a second, twice as long each time, half a minute at most. */
export const pauseBefore = (endings: number): number => Math.min(30_000, 500 * 2 ** (endings - 1))
