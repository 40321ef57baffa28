import { createHash } from 'node:crypto'

/**
 * Counted up when the same text comes to sound different (another format, another trim), so that old audio is not found again. What
 * ends no sentence lost the silence behind it with the second.
 */
const formatVersionOf = (readOut: string) => (endsSentence(readOut) ? 1 : 2)

/** Whether a rest belongs behind a text: without a full stop it may go on in the next prompt. */
export const endsSentence = (readOut: string): boolean => /[.!?]["')\]]*\s*$/.test(readOut)

/** A text to be said. */
export type PromptText = { text: string; language?: string }

/**
 * The cache key of a prompt: the same words in the same voice are spoken once and kept. 64 hexadecimal digits, of which no text can
 * be read. `readOut` is what the voice says for the text, which is kept as it was typed: two that sound alike are not the same.
 */
export function promptKey({
  text,
  voice,
  language,
  readOut = text,
}: PromptText & { voice: string; readOut?: string }): string {
  const parts = [formatVersionOf(readOut), voice, language?.toLowerCase() ?? null, text]
  return createHash('sha256')
    .update(JSON.stringify(readOut === text ? parts : [...parts, readOut]))
    .digest('hex')
}
