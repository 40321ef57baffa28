import { goAnywhere, usesOf } from './anywhere.ts'
import { furtherKeySeconds, silencing, timer } from './asking.ts'
import { type AnywhereKey, type Outcome, stay, type Turn } from './block.ts'
import { answersOf, type Reading, readKeys } from './keyReader.ts'

/**
 * The keys that may become an answer, and when the last of them came. `timing`: they have been one already, so that what sounded was
 * interrupted for the time of a further key.
 */
type Begun = { readonly entry: string; readonly keyAt: number; readonly timing: boolean }
/** What sounds, and what was begun at it. */
export type Sounding = Begun & { readonly playing: boolean }

export const notBegun: Begun = { entry: '', keyAt: 0, timing: false }

type Ways<Data> = {
  /** What a key of the block's own leads to; `typed` remains. */
  does(turn: Turn<Data>, data: Data, key: string, typed: string): Outcome<Data>
  /** Says again what was interrupted. */
  resume(turn: Turn<Data>, data: Data): Outcome<Data>
}

/**
 * Keys while something sounds that goes on without them: the block's own do what it says, those that work anywhere lead away, and what
 * means nothing disturbs nobody: where it interrupted what sounds, that is said again.
 */
export function keysMeanwhile<Data extends Sounding>(
  own: readonly string[],
  anywhere: readonly AnywhereKey[],
  { does, resume }: Ways<Data>,
) {
  const elsewhere = anywhere.filter((one) => !own.includes(one.keys))
  const all = [...own, ...elsewhere.map((one) => one.keys)]
  const answers = answersOf(all)

  function take(turn: Turn<Data>, data: Data, { is, entry, typed }: Reading): Outcome<Data> {
    if (is === 'wrong') {
      const cleared = { ...data, ...notBegun }
      return data.timing ? { ...resume(turn, cleared), typed } : stay({ typed, data: cleared })
    }
    if (is === 'more') {
      const begun = { ...data, entry, keyAt: turn.now }
      if (!data.timing && !answers.is(entry)) return stay({ typed, data: begun })
      const asks = [...silencing(data.playing), timer(furtherKeySeconds)]
      return stay({ asks, again: true, typed, data: { ...begun, playing: false, timing: true } })
    }
    const pressed = elsewhere.find((one) => one.keys === entry)
    if (pressed) return goAnywhere(pressed, { asks: silencing(data.playing), typed })
    return does(turn, data, entry, typed)
  }

  return {
    /** Whether any key means something here. */
    any: all.length > 0,
    uses: usesOf(elsewhere),
    /** Keys that are there before anything sounds; undefined where they are no answer yet. */
    ahead(turn: Turn<Data>, data: Data, typed: string): Outcome<Data> | undefined {
      const reading = readKeys(answers, '', typed)
      return reading.is === 'answer' ? take(turn, data, reading) : undefined
    },
    typed(turn: Turn<Data>, data: Data): Outcome<Data> {
      // Who has begun something long ago begins anew; where a timer runs, that says when.
      const isLate = !data.timing && turn.now - data.keyAt > furtherKeySeconds * 1000
      return take(turn, data, readKeys(answers, isLate ? '' : data.entry, turn.typed))
    },
    /** The time for a further key is over; undefined where none was waited for. */
    timeUp(turn: Turn<Data>, data: Data): Outcome<Data> | undefined {
      const { entry, timing } = data
      return timing
        ? take(turn, data, { is: answers.is(entry) ? 'answer' : 'wrong', entry, typed: turn.typed })
        : undefined
    },
  }
}
