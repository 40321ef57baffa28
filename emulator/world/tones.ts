import type { Tone } from '#communications/wire/types.ts'

/** Keys as people write them, in the order of their tones. ! is what an old telephone sends when its hook is tapped. */
const keys = [...'0123456789*#abcd!']

/** All tones that Graph knows. */
export const toneNames = [
  ...(['tone0', 'tone1', 'tone2', 'tone3', 'tone4', 'tone5', 'tone6', 'tone7', 'tone8', 'tone9'] as const),
  ...(['star', 'pound', 'a', 'b', 'c', 'd', 'flash'] as const),
] as const satisfies Tone[]

/** The tone of a key, in Graph's word. */
export const toneOf = (key: string): Tone | undefined => toneNames[keys.indexOf(key.toLowerCase())]

/** The key that sends this tone, as people write it. */
export const keyOf = (tone: Tone): string => keys[toneNames.indexOf(tone)] ?? ''
