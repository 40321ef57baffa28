const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * The beginning of a text: at most `most` UTF-16 units, and no sign cut in two. A flag or a family of emoji goes whole or not at all;
 * only a sign that alone is longer than `most` (a letter under thousands of accents) is cut, between two code points.
 */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  // What comes long after the border has no say, and a text of a million letters is not walked through.
  const near = text.slice(0, most + 2)
  const start = segmenter.segment(near).containing(most)?.index ?? most
  return start > 0 ? near.slice(0, start) : withoutHalf(near.slice(0, most))
}

/** A high surrogate at the end has lost its other half. */
const withoutHalf = (text: string) => text.replace(/[\ud800-\udbff]$/, '')
