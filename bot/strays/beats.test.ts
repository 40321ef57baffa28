import { expect, it } from 'vitest'
import { type Beats, observe, silenceMs, silentIn } from './beats.ts'

const look = (before: Beats, beat: number | null, sinceMs = 5_000) => observe(before, [{ id: 'one', beat }], sinceMs)
const none: Beats = new Map()
const looks = silenceMs / 5_000

it('takes for dead who has not said for long that it lives', () => {
  let beats = look(none, 7)
  for (let n = 1; n < looks; n++) beats = look(beats, 7)
  expect(silentIn(beats)).toEqual([])
  expect(silentIn(look(beats, 7))).toEqual(['one'])
})

it('counts from the last beat, and forgives a silence that is shorter than a break of the network', () => {
  let beats = look(none, 7)
  for (let n = 0; n < 5; n++) {
    for (let silent = 1; silent < looks; silent++) beats = look(beats, 7 + n)
    beats = look(beats, 8 + n)
    expect(silentIn(beats)).toEqual([])
  }
})

it('does not hold against others that it could not look itself', () => {
  let beats = look(none, 7)
  for (let n = 0; n < 100; n++) beats = look(beats, 7, 0)
  expect(silentIn(beats)).toEqual([])
})

it('waits for who never said anything as long as for anybody, and for calls from before there were processes', () => {
  let beats = observe(none, [{ id: null, beat: null }, { id: 'one', beat: null }], 0) // biome-ignore format: two rows
  expect(silentIn(beats)).toEqual([])
  for (let n = 0; n < looks; n++) beats = observe(beats, [{ id: null, beat: null }, { id: 'one', beat: null }], 5_000) // biome-ignore format: two rows
  expect(silentIn(beats)).toEqual([null, 'one'])
  expect(silentIn(observe(beats, [{ id: 'one', beat: 1 }], 5_000))).toEqual([])
})
