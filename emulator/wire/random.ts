/**
 * A fraction from 0 to below 1 that is the same for the same parts, on every machine: chance that can be had again. FNV-1a over
 * the parts, mixed by the last steps of MurmurHash3; good enough to decide by, not for secrets.
 */
export function fractionOf(...parts: (string | number)[]): number {
  const text = parts.join('\n')
  let hash = 0x811c9dc5
  for (let place = 0; place < text.length; place += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
