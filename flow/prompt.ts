import * as z from 'zod'

/** Longest text of one prompt, in characters: about two minutes of speech. */
const maxPromptCharacters = 1500

/** The languages of the voices that every installation has (speech/). */
export const builtInVoices: readonly string[] = ['en-US']

/** The built-in voice speaks English: of a text without a Latin letter or a digit callers would hear nothing. */
const isSpeakable = (text: string): boolean => text === '' || /[\p{Script=Latin}\p{Nd}]/u.test(text)

/** A text that callers hear. Later also a recording; see decisions/flow-document.md. */
export const Prompt = z.string().trim().min(1).max(maxPromptCharacters).refine(isSpeakable, 'unspeakable')

/** A text that may be left out. */
export const OptionalPrompt = z.string().trim().max(maxPromptCharacters).refine(isSpeakable, 'unspeakable')

/** The texts that are there, in order. */
export const spoken = (...texts: (string | undefined)[]): string[] =>
  texts.filter((text) => text !== undefined && text !== '') as string[]

/** A prompt as one line for the canvas, its values in other brackets than code has. */
export const quoted = (text: string): string =>
  text === '' ? '' : `“${text.replace(/(?<!\$)\$\{\s*([^}]*?)\s*\}/g, '‹$1›')}”`
