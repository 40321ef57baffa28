import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Tone, ToneInfo } from '../wire/types.ts'
import { noTones, skipGap, takeTone } from './tones.ts'

const tone = (sequenceId: number): ToneInfo => ({ sequenceId, tone: 'tone1' })

function hear(ids: number[], from = noTones) {
  let tones = from
  const told: number[] = []
  for (const id of ids) {
    const taken = takeTone(tones, tone(id))
    tones = taken.tones
    told.push(...taken.told.map(({ sequenceId }) => sequenceId))
  }
  return { tones, told }
}

it('tones are told at once when nothing is missing before them', () => {
  expect(hear([1, 2, 3]).told).toEqual([1, 2, 3])
  expect(hear([0, 1]).told).toEqual([0, 1])
})

it('a tone waits for the one before it, and is told once', () => {
  expect(hear([1, 3]).told).toEqual([1])
  expect(hear([1, 3, 3, 2, 2, 1]).told).toEqual([1, 2, 3])
})

it('after a gap that is not filled the tones go on, up to the next gap', () => {
  const { tones } = hear([1, 3, 4, 6])
  const skipped = skipGap(tones)
  expect(skipped.told.map(({ sequenceId }) => sequenceId)).toEqual([3, 4])
  expect(skipped.tones.waiting).toEqual([tone(6)])
  expect(hear([2], skipped.tones).told).toEqual([])
})

it('a first tone that may not be the first waits, since another process may have heard those before it', () => {
  const { tones, told } = hear([7])
  expect(told).toEqual([])
  expect(skipGap(tones).told).toEqual([tone(7)])
})

it('tones in any order, any number of times, are told in order, each once, and none is lost', () => {
  const heard = fc.integer({ min: 1, max: 12 }).chain((count) =>
    fc.shuffledSubarray([...Array(count).keys(), ...Array(count).keys()], { minLength: count * 2 }).map((ids) => ({
      count,
      ids: ids.map((id) => id + 1),
    })),
  )
  fc.assert(
    fc.property(heard, ({ count, ids }) => {
      expect(hear(ids).told).toEqual([...Array(count).keys()].map((id) => id + 1))
    }),
  )
})

/** Delivers `5@2 1@1` and tells what was heard after each delivery; a `.` is the end of the wait. */
function deliver(deliveries: string) {
  let tones = noTones
  return deliveries.split(' ').map((delivery) => {
    const [key = '', sequence = ''] = delivery.split('@')
    const one = { sequenceId: Number(sequence), tone: `tone${key}` as Tone } // a digit
    const taken = delivery === '.' ? skipGap(tones) : takeTone(tones, one)
    tones = taken.tones
    const heard = taken.told.map(({ tone: told }) => told.slice(4)).join('')
    return `${heard}${tones.waiting.length > 0 ? '…' : ''}`
  })
}

it.each([
  ['keys in order are heard at once', '5@1 1@2 2@3', ['5', '1', '2']],
  ['sequences may begin at 0', '5@0 1@1', ['5', '1']],
  ['a key that comes twice is heard once', '5@1 5@1 1@2 5@1', ['5', '', '1', '']],
  ['the same key pressed twice is heard twice', '5@1 5@2', ['5', '5']],
  ['a key ahead of its turn is held for the one before it', '5@1 2@3 1@2', ['5', '…', '12']],
  ['several keys in reverse are heard in order', '5@1 3@4 2@3 1@2', ['5', '…', '…', '123']],
  ['a held key that comes twice is held once', '5@1 2@3 2@3 1@2', ['5', '…', '…', '12']],
  ['a gap that is not filled is passed over when the wait ends', '5@1 2@3 3@4 . 4@5', ['5', '…', '…', '23', '4']],
  ['a key that comes after its gap was passed over is dropped', '5@1 2@3 . 1@2', ['5', '…', '2', '']],
  ['only the keys after the second gap stay held', '5@1 2@3 4@5 1@2 .', ['5', '…', '…', '12…', '4']],
  ['one wait is for one gap (K6)', '1@1 3@3 5@5 . .', ['1', '…', '…', '3…', '5']],
  ['a first key with a higher number waits a moment', '7@12 . 8@13', ['…', '7', '8']],
  ['the first keys of a call may come in reverse', '2@2 1@1', ['…', '12']],
  ['nothing is heard when nothing is held', '.', ['']],
])('%s', (_, deliveries, heard) => expect(deliver(deliveries)).toEqual(heard))
