/** What a prompt must be: WAV, PCM, mono, 16 bit, 16 kHz (mediaInfo page). */
const samplesPerSecond = 16_000
const bytesPerSample = 2

/** How long a prompt sounds, or why Graph would not play it. */
export type WavReading = { durationMs: number } | { fault: string }

/** Reads the header of a WAV file. Pure. */
export function readWav(bytes: Uint8Array): WavReading {
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
      const samples = Math.min(length, bytes.length - start) / bytesPerSample
      return { durationMs: Math.round((samples / samplesPerSecond) * 1000) }
    }
    at = start + length + (length % 2)
  }
  return { fault: format ? 'no samples' : 'no format' }
}
