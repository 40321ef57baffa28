import { type Tone, tones } from './enums.ts'

/** Keys as people write them, in the order of Graph's `tones`. ! is what an old telephone sends when its hook is tapped. */
const keySigns = [...'0123456789*#ABCD!']

/** The tone of a key, in Graph's word; undefined for what is no key. */
export const toneOf = (key: string): Tone | undefined => tones[keySigns.indexOf(key.toUpperCase())]

const names: readonly string[] = tones
/** The key that sends this tone, as people write it; nothing for a tone that is not known. */
export const keyOf = (tone: string): string => keySigns[names.indexOf(tone)] ?? ''
