/** A name in three parts, of which the middle is the beginning of a word that was looked for; it is empty where there is none. */
export function marked(name: string, wanted: string): [before: string, mark: string, after: string] {
  const [small, sought] = [name.toLowerCase(), wanted.trim().toLowerCase()]
  const starts = [...small.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].map(({ index }) => index)
  const start = starts.find((at) => sought !== '' && small.startsWith(sought, at))
  // A letter may have another length in small, and then its place tells nothing.
  if (start === undefined || small.length !== name.length) return [name, '', '']
  const end = start + sought.length
  return [name.slice(0, start), name.slice(start, end), name.slice(end)]
}
