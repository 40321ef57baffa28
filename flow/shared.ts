import type { Calendars } from './calendar.ts'
import type { FlowFaces } from './subFlows.ts'
import type { Tables } from './table.ts'

/**
 * What flows of one organisation share, and what is changed without publishing them: the next call follows it. Of tables the columns; of
 * flows that others enter the faces, where they are known.
 */
export type Shared = { readonly calendars: Calendars; readonly tables: Tables; readonly flows?: FlowFaces }

export const nothingShared: Shared = { calendars: {}, tables: {} }
