import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ToneInfo } from '../wire/types.ts'
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
