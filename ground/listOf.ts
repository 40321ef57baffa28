import * as z from 'zod'

/** A list of at most so many. A longer one is refused before its parts are read: each could be wrong, and a fault of each be kept. */
export const listOf = <Schema extends z.ZodType>(part: Schema, most: number) =>
  z.array(z.unknown()).max(most).pipe(z.array(part))
