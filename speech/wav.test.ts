import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SpeechError } from './error.ts'
import { assertTeamsPrompt, readWav, samplesOf, writeWav } from './wav.ts'

const second = writeWav(new Int16Array(16_000).fill(1_000))

/** A good file with some bytes overwritten. */
const changed = (at: number, ...bytes: number[]) => {
  const copy = second.slice()
  copy.set(bytes, at)
  return copy
}

describe('a WAV file', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.int16Array(), fc.integer({ min: 1, max: 192_000 }), (samples, sampleRate) => {
        const bytes = writeWav(samples, sampleRate)
        const wav = readWav(bytes)
        expect(wav).toMatchObject({ format: 1, channels: 1, sampleRate, bits: 16, dataOffset: 44 })
        expect(samplesOf(bytes, wav)).toEqual(samples)
      }),
    )
  })

  it('lasts as long as its samples', () => {
    expect(readWav(second).durationMs).toBe(1_000)
  })

  it('may carry other chunks before its samples, also of odd length', () => {
    const note = new Uint8Array([...new TextEncoder().encode('LIST'), 3, 0, 0, 0, 1, 2, 3, 0])
    const bytes = new Uint8Array([...second.slice(0, 12), ...note, ...second.slice(12)])
    expect(assertTeamsPrompt(bytes)).toMatchObject({ dataOffset: 56, durationMs: 1_000 })
  })

  it('is read where it lies inside a larger buffer', () => {
    const larger = new Uint8Array(second.length + 7)
    larger.set(second, 7)
    expect(readWav(larger.subarray(7))).toEqual(readWav(second))
  })

  it('with an extensible header is of the format that the header names', () => {
    const header = new Uint8Array(60)
    header.set(second.slice(0, 36))
    const view = new DataView(header.buffer)
    view.setUint32(16, 40, true)
    view.setUint16(20, 0xfffe, true)
    view.setUint16(44, 3, true) // floating point
    const bytes = new Uint8Array([...header, ...second.slice(36)])
    expect(readWav(bytes).format).toBe(3)
    expect(() => assertTeamsPrompt(bytes)).toThrow(expect.objectContaining({ code: 'notTeamsPrompt' }))
  })
})

describe('a file that is not what it says', () => {
  it.each<[string, Uint8Array]>([
    ['empty', new Uint8Array()],
    ['an MP3', new TextEncoder().encode('ID3 and so on, for a while')],
    ['a header only as far as WAVE', second.slice(0, 12)],
    ['cut off in its samples', second.slice(0, 1_000)],
    ['claims more samples than there are', changed(40, 0xff, 0xff, 0xff, 0xff)],
    ['claims a format chunk of 4 GB', changed(16, 0xff, 0xff, 0xff, 0xff)],
    ['has a format chunk of 8 bytes', changed(16, 8)],
    ['has no channels', changed(22, 0)],
    ['has no sample rate', changed(24, 0, 0, 0, 0)],
    ['has samples of no size', changed(32, 0, 0)],
    ['has samples before their format', new Uint8Array([...second.slice(0, 12), ...second.slice(36)])],
  ])('is refused: %s', (_, bytes) => {
    expect(() => readWav(bytes)).toThrow(expect.objectContaining({ code: 'notWav' }))
  })

  it.each<[string, Uint8Array]>([
    ['8 kHz', writeWav(new Int16Array(800), 8_000)],
    ['stereo', changed(22, 2)],
    ['8 bit', changed(34, 8)],
    ['A-law', changed(20, 6)],
    ['no sound at all', writeWav(new Int16Array())],
  ])('does not pass for a Teams prompt: %s', (_, bytes) => {
    expect(() => assertTeamsPrompt(bytes)).toThrow(expect.objectContaining({ code: 'notTeamsPrompt' }))
  })

  it('is either read within its own bytes or refused, whatever is in it', () => {
    const patches = fc.array(fc.tuple(fc.nat(59), fc.nat(255)), { minLength: 1, maxLength: 8 })
    const small = writeWav(new Int16Array(8).fill(7))
    const mutated = fc.tuple(patches, fc.nat(small.length)).map(([changes, length]) => {
      const copy = small.slice(0, length)
      for (const [at, byte] of changes) if (at < length) copy[at] = byte
      return copy
    })
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array()), (bytes) => {
        try {
          const wav = readWav(bytes)
          expect(wav.dataOffset + wav.dataLength).toBeLessThanOrEqual(bytes.length)
          expect(Number.isFinite(wav.durationMs)).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(SpeechError)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
