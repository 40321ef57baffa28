import { expect, it } from 'vitest'
import { writeWav } from '#speech/wav.ts'
import { spokenIn } from './spoken.ts'

const rate = 16_000
const quiet = (seconds: number, loudest = 0) => Array.from({ length: seconds * rate }, (_, n) => (n % 2 ? loudest : 0))
const voice = (seconds: number) => quiet(seconds, 3_000)
const recording = (...parts: number[][]) => writeWav(Int16Array.from(parts.flat()))

it.each([
  ['from the first sound to the last', recording(quiet(1), voice(2), quiet(1), voice(1), quiet(5)), 4_000],
  ['of a voice alone', recording(voice(0.5)), 500],
  ['of a click', recording(quiet(1), [9_000], quiet(1)), 20],
  ['of silence', recording(quiet(3)), 0],
  ['of an empty line, which hisses', recording(quiet(3, 60)), 0],
  ['of an empty file', recording(), 0],
])('tells how long something is heard: %s', (_, wav, ms) => expect(spokenIn(wav)).toBe(ms))

it('takes the whole of a form that it does not know', () => {
  const wav = recording(quiet(2))
  wav[20] = 7 // mu-law
  expect(spokenIn(wav)).toBe(2_000)
})

it('refuses what is no recording', () => expect(() => spokenIn(new Uint8Array(100))).toThrow())
