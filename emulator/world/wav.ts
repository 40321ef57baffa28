/** What a prompt must be: WAV, PCM, mono, 16 bit, 16 kHz (mediaInfo page). */
const samplesPerSecond = 16_000
const bytesPerSample = 2

/** Somebody speaks, from one moment of the clock to another. Without samples it is a hum. */
export type Speech = { from: number; to: number; samples: Int16Array | null }

/** How long a prompt sounds, or why Graph would not play it. */
export type WavReading = { durationMs: number } | { fault: string }

/** Reads the header of a WAV file. Pure. */
export function readWav(bytes: Uint8Array): WavReading {
  const found = findSamples(bytes)
  if ('fault' in found) return found
  return { durationMs: Math.round((found.count / samplesPerSecond) * 1000) }
}

/** Where the samples begin, and how many there are. */
function findSamples(bytes: Uint8Array): { start: number; count: number } | { fault: string } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const word = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4))

  if (bytes.length < 12 || word(0) !== 'RIFF' || word(8) !== 'WAVE') return { fault: 'not a RIFF/WAVE file' }

  let format: string | null = null
  // Chunks start on even bytes; a chunk of odd length is followed by one byte that counts for nothing.
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true)
    const start = at + 8
    if (word(at) === 'fmt ' && start + 16 <= bytes.length) {
      const [encoding, channels, rate, bits] = [
        view.getUint16(start, true),
        view.getUint16(start + 2, true),
        view.getUint32(start + 4, true),
        view.getUint16(start + 14, true),
      ]
      if (encoding !== 1) return { fault: 'not PCM' }
      if (channels !== 1) return { fault: `${channels} channels instead of mono` }
      if (rate !== samplesPerSecond) return { fault: `${rate} Hz instead of ${samplesPerSecond}` }
      if (bits !== bytesPerSample * 8) return { fault: `${bits} bit instead of 16` }
      format = 'right'
    }
    if (word(at) === 'data') {
      if (!format) return { fault: 'no format before the samples' }
      // A file that was streamed may promise more bytes than it has.
      return { start, count: Math.min(length, bytes.length - start) / bytesPerSample }
    }
    at = start + length + (length % 2)
  }
  return { fault: format ? 'no samples' : 'no format' }
}

/** The samples of a WAV file that `readWav` takes; null for one that it does not. */
export function samplesOf(bytes: Uint8Array): Int16Array | null {
  const found = findSamples(bytes)
  if ('fault' in found) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sample = (_: unknown, place: number) => view.getInt16(found.start + place * bytesPerSample, true)
  return Int16Array.from({ length: Math.floor(found.count) }, sample)
}

/** A WAV file as prompts must be, from samples. */
export function encodeWav(samples: Int16Array): Uint8Array {
  const head = Buffer.alloc(44)
  const length = samples.length * bytesPerSample
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(samplesPerSecond, 24)
  head.writeUInt32LE(samplesPerSecond * bytesPerSample, 28)
  head.writeUInt16LE(bytesPerSample, 32)
  head.writeUInt16LE(bytesPerSample * 8, 34)
  head.write('data', 36)
  head.writeUInt32LE(length, 40)
  const body = Buffer.alloc(length)
  for (const [place, sample] of samples.entries()) body.writeInt16LE(sample, place * bytesPerSample)
  return Buffer.concat([head, body])
}

/** A hum of 200 Hz for whoever speaks without samples: something is to be heard in the recording. */
const hum = (place: number) => Math.round(6000 * Math.sin((2 * Math.PI * 200 * place) / samplesPerSecond))

/** What was to be heard from one moment of the clock to another, which runs `speed` times faster than the sound. Pure. */
export function mixSpeech(
  speeches: readonly Speech[],
  { from, to, speed }: { from: number; to: number; speed: number },
): Int16Array {
  const placeOf = (ms: number) => Math.round(((ms - from) * speed * samplesPerSecond) / 1000)
  const mixed = new Int16Array(Math.max(0, placeOf(to)))
  for (const speech of speeches) {
    const begin = placeOf(speech.from)
    const end = Math.min(mixed.length, speech.samples ? begin + speech.samples.length : placeOf(speech.to))
    for (let place = Math.max(0, begin); place < end; place += 1) {
      const sample = speech.samples ? (speech.samples[place - begin] ?? 0) : hum(place - begin)
      mixed[place] = Math.max(-32_768, Math.min(32_767, (mixed[place] ?? 0) + sample))
    }
  }
  return mixed
}
