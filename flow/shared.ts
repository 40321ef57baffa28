import type { Calendars } from './calendar.ts'

/** What flows of one organisation share, and what is changed without publishing them: the next call follows it. */
export type Shared = { readonly calendars: Calendars }

export const nothingShared: Shared = { calendars: {} }
