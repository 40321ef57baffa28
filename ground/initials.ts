/** The first letters of the first and the last name. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words
  return ends.map((word = '') => firstLetterOf(word).toUpperCase()).join('')
}

/** By code points: half an emoji is no letter. */
const firstLetterOf = ([first = '']: string) => first
