import type { ToneInfo } from '../wire/types.ts'

/** Key presses of one call, brought into the order of their `sequenceId`. Plain data. */
export type Tones = {
  /** The last one that was told, null before the first. */
  last: number | null
  /** Heard too early: something before them is missing. In order. */
  waiting: readonly ToneInfo[]
}

export const noTones: Tones = { last: null, waiting: [] }

export type Taken = { tones: Tones; told: ToneInfo[] }

/** Takes a tone that was heard, and tells those whose turn it is. One that was told already, or that comes too late, is dropped. */
export function takeTone(tones: Tones, tone: ToneInfo): Taken {
  const { last, waiting } = tones
  const known = (last !== null && tone.sequenceId <= last) || waiting.some(is(tone.sequenceId))
  if (known) return { tones, told: [] }
  return inTurn({ last, waiting: [...waiting, tone].sort((a, b) => a.sequenceId - b.sequenceId) })
}

/** Gives up the missing tone before the first that waits, and tells those up to the next gap. */
export function skipGap({ last, waiting }: Tones): Taken {
  const [first] = waiting
  return inTurn({ last: first ? first.sequenceId - 1 : last, waiting })
}

function inTurn({ last, waiting }: Tones): Taken {
  const told: ToneInfo[] = []
  for (const tone of waiting) {
    // Where the numbers begin is not documented: the examples begin at 1, and a first tone of 0 has nothing before it either.
    const isNext = last === null ? tone.sequenceId <= 1 : tone.sequenceId === last + 1
    if (!isNext) break
    told.push(tone)
    last = tone.sequenceId
  }
  return { tones: { last, waiting: waiting.slice(told.length) }, told }
}

const is =
  (sequenceId: number) =>
  (tone: ToneInfo): boolean =>
    tone.sequenceId === sequenceId
