import type { LiveCall } from '#store/processes.ts'

/** A call of a process that is no more. Its caller may still be on the line, in silence: ids and times, and no name, number or digit. */
export type Stray = LiveCall

/** How a call of a dead process had come out, as that process wrote it down and perhaps nowhere else. */
export type Ended = { at: number; outcome: string; endCode: number | null; endSubcode: number | null }
