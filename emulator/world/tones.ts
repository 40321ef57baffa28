import type { Tone } from '#communications/wire/types.ts'

const tones = new Map<string, Tone>([
  ['0', 'tone0'],
  ['1', 'tone1'],
  ['2', 'tone2'],
  ['3', 'tone3'],
  ['4', 'tone4'],
  ['5', 'tone5'],
  ['6', 'tone6'],
  ['7', 'tone7'],
  ['8', 'tone8'],
  ['9', 'tone9'],
  ['*', 'star'],
  ['#', 'pound'],
  ['a', 'a'],
  ['b', 'b'],
  ['c', 'c'],
  ['d', 'd'],
  // What an old telephone sends when its hook is tapped.
  ['!', 'flash'],
])

/** The tone of a key as people write it, in Graph's word. */
export const toneOf = (key: string): Tone | undefined => tones.get(key.toLowerCase())

/** All tones that Graph knows. */
export const toneNames = [...tones.values()] as [Tone, ...Tone[]] // there are seventeen

/** The key that sends this tone, as people write it. */
export const keyOf = (tone: Tone): string => [...tones].find(([, name]) => name === tone)?.[0] ?? ''
