/**
 * A language beside English: any part of the English texts, and nothing else. A text with blanks stays a function of the same blanks;
 * a list is given whole.
 */
export type Translation<Texts> = Texts extends string
  ? string
  : Texts extends (...blanks: infer Blanks) => unknown
    ? (...blanks: Blanks) => string
    : Texts extends readonly unknown[]
      ? Texts
      : { readonly [Key in keyof Texts]?: Translation<Texts[Key]> }

/**
 * The language that texts are wanted in: on a page the page's own; on a server the setting LANGUAGE, which may name several in order of
 * liking, as in `fr_CA:fr:en`; else English.
 */
export const wantedLanguage = (): string =>
  (typeof document === 'undefined' ? globalThis.process?.env.LANGUAGE : document.documentElement.lang) || 'en'

/** The first wanted language that there is, with or without its country, such as `fr` for `fr-CA`; else `en`. */
export const chooseLanguage = (known: readonly string[], wanted = wantedLanguage()): string =>
  wanted
    .split(':')
    .flatMap((tag) => [tag.replace('_', '-'), tag.split(/[-_.]/)[0] ?? ''])
    .find((tag) => tag === 'en' || known.includes(tag)) ?? 'en'

/** All texts in one language; what it does not have is said in English. */
export const completed = <Texts>(english: Texts, translation: Translation<NoInfer<Texts>> | undefined): Texts =>
  // What `Translation` allows has the form of the English texts, so what comes of both has it too.
  overlaid(english, translation) as Texts

/** The texts in the wanted language, of English and the `others` by their tags, such as `fr`. */
export const chooseMessages = <Texts>(
  english: Texts,
  others: Readonly<Record<string, Translation<NoInfer<Texts>>>>,
  wanted?: string,
): Texts => completed(english, others[chooseLanguage(Object.keys(others), wanted)])

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function overlaid(english: unknown, part: unknown): unknown {
  if (part === undefined) return english
  if (!isRecord(english) || !isRecord(part)) return part
  return Object.fromEntries(Object.keys({ ...english, ...part }).map((key) => [key, overlaid(english[key], part[key])]))
}
