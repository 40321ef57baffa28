/**
 * Where a text lies between 0 and 1, always at the same place: texts of any kind lie evenly there, and what is known of one says nothing of
 * another. It hides nothing: it is for sharing out, and not for secrets. FNV-1a, then the last step of MurmurHash3, since of texts that
 * differ only at their end FNV alone leaves the upper bits alike.
 */
export function placeOf(text: string): number {
  let hash = 0x811c9dc5
  for (let n = 0; n < text.length; n += 1) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
