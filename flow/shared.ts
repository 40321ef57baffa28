import type { Calendars } from './calendar.ts'
import type { Tables } from './table.ts'

/** What flows of one organisation share, and what is changed without publishing them: the next call follows it. Of tables the columns. */
export type Shared = { readonly calendars: Calendars; readonly tables: Tables }

export const nothingShared: Shared = { calendars: {}, tables: {} }
