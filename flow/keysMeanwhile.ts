import { goAnywhere, usesOf } from './anywhere.ts'
import { furtherKeySeconds, silencing, timer } from './asking.ts'
import { type AnywhereKey, type Outcome, stay, type Turn } from './block.ts'
import { answersOf, type Reading, readKeys } from './keyReader.ts'

/** What sounds, and the keys that may become an answer. */
type Sounding = { readonly playing: boolean; readonly entry: string }

/**
 * Keys while something sounds that goes on without them: the block's own do what it says, those that work anywhere lead away, and what
 * means nothing disturbs nobody.
 */
export function keysMeanwhile<Data extends Sounding>(
  own: readonly string[],
  anywhere: readonly AnywhereKey[],
  does: (turn: Turn<Data>, data: Data, key: string, typed: string) => Outcome<Data>,
) {
  const elsewhere = anywhere.filter((one) => !own.includes(one.keys))
  const all = [...own, ...elsewhere.map((one) => one.keys)]
  const answers = answersOf(all)
  return {
    /** Whether any key means something here. */
    any: all.length > 0,
    uses: usesOf(elsewhere),
    isAnswer: answers.is,
    read: (before: string, typed: string) => readKeys(answers, before, typed),
    take(turn: Turn<Data>, data: Data, { is, entry, typed }: Reading): Outcome<Data> {
      if (is === 'wrong') return stay({ typed, data: { ...data, entry: '' } })
      if (is === 'more') {
        if (!answers.is(entry)) return stay({ typed, data: { ...data, entry } })
        const asks = [...silencing(data.playing), timer(furtherKeySeconds)]
        return stay({ asks, again: true, typed, data: { ...data, playing: false, entry } })
      }
      const pressed = elsewhere.find((one) => one.keys === entry)
      if (pressed) return goAnywhere(pressed, { asks: silencing(data.playing), typed })
      return does(turn, data, entry, typed)
    },
  }
}
