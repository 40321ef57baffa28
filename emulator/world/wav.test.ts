import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wav } from '../testing/testBot.ts'
import { readWav } from './wav.ts'

it('measures how long a prompt sounds', () => {
  const measures = fc.property(fc.nat(5000), (ms) => {
    expect(readWav(wav({ ms }))).toEqual({ durationMs: ms })
  })
  fc.assert(measures, { numRuns: 30 })
})

it('skips what stands before the samples, also of odd length', () => {
  const plain = Buffer.from(wav({ ms: 100 }))
  const note = Buffer.concat([Buffer.from('LIST'), Buffer.from([3, 0, 0, 0]), Buffer.from('abc\0')])
  expect(readWav(Buffer.concat([plain.subarray(0, 36), note, plain.subarray(36)]))).toEqual({ durationMs: 100 })
})

it('counts the samples that are there when a streamed file promises more', () => {
  const streamed = Buffer.from(wav({ ms: 100 }))
  streamed.writeUInt32LE(0xffffffff, 40)
  expect(readWav(streamed)).toEqual({ durationMs: 100 })
})

it('never fails on bytes that are no WAV', () => {
  const bytes = Buffer.from(wav({ ms: 5 }))
  fc.assert(
    fc.property(fc.nat(bytes.length), fc.nat(43), fc.nat(255), (length, at, value) => {
      const damaged = Buffer.from(bytes)
      damaged[at] = value
      const reading = readWav(damaged.subarray(0, length))
      expect('fault' in reading || reading.durationMs <= 5).toBe(true)
    }),
  )
})
