import type { Value } from '../values.ts'

/**
 * How values are put into words in one language, for a voice that reads figures as people do: only what such a voice could take for
 * something else is spelt out. Each gives an empty text for what there is nothing to say of, and throws FlowError
 * `expressionFailed` for what cannot be read so.
 */
export type Reader = {
  /** By what it is: numbers, lists, yes and no; a text as it stands. */
  plain(value: Value): string
  /** One by one, as numbers that are dialled or typed. */
  digits(value: Value): string
  /** Letter by letter. */
  spelled(value: Value): string
  /** `currency` as ISO 4217 writes it: `EUR`. */
  money(value: Value, currency: string): string
  /** A day: `2026-11-30`, or eight digits in the order in which they were asked for. */
  date(value: Value, order?: string): string
  /** A time of day: `17:30`, `1730`. */
  time(value: Value): string
  /** A moment to come: in how many days, on which day, at what time (`09:00`). */
  ahead(days: number, day: string, clock: string): string
  /** Words of a prompt that are read out together with the value behind or before them: `Dr.`, `km`. */
  belongsTo: { next: RegExp; last: RegExp }
}
