import * as z from 'zod'

/** Control characters but tabs and line ends, and halves of surrogate pairs: PostgreSQL keeps no NUL, and nobody means the others. */
const unwritable = /(?![\n\r\t])[\p{Cc}\p{Cs}]/u

export const isWritable = (text: string): boolean => !unwritable.test(text)

/** What people write in a field. */
export const Text = z.string().refine(isWritable)

/** Of a draft, as the database counts: what is larger was never given out. */
export const Revision = z.int32()

/** What an address calls a version: its number, or the id of one that has none. */
export const versionName = (text: string): number | string => (/^\d{1,9}$/.test(text) ? Number(text) : text)
