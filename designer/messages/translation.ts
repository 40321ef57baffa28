import type { Translation } from '#ground/language.ts'

/**
 * All texts of these pages. The file of a subject adds its own by `declare module`, and nothing here imports it: so a page loads only the
 * words that it says.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the subjects
export interface English {}

/** One more language: one file, with as much of the texts as there is. */
export type AnotherLanguage = Translation<English>
