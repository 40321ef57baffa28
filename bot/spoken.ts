import { readWav } from '#speech/wav.ts'

/** Pieces of so long are loud or silent. */
const pieceMs = 20
/** About -50 dB of full scale: a quiet voice on a telephone is above it, an empty line below. When in doubt it is a voice. */
const silence = 100

/**
 * How long something is heard in a recording, from the first sound to the last, in milliseconds; 0 where all of it is silent, or it is
 * empty. Graph says that somebody spoke, and not how much; whether the silence that ended a recording is part of the file, it does not
 * say either. Of another form than 16 bit PCM, the whole counts.
 * @throws SpeechError `notWav`
 */
export function spokenIn(bytes: Uint8Array): number {
  const { format, channels, bits, sampleRate, dataOffset, dataLength, durationMs } = readWav(bytes)
  if (format !== 1 || bits !== 16) return durationMs
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataOffset, dataLength)
  const piece = Math.max(1, Math.round((sampleRate * channels * pieceMs) / 1000))
  const samples = Math.floor(dataLength / 2)
  let [first, last] = [-1, -1]
  for (let from = 0; from < samples; from += piece) {
    if (!isLoud(view, from, Math.min(samples, from + piece))) continue
    if (first < 0) first = from
    last = from + piece
  }
  return first < 0 ? 0 : Math.min(durationMs, Math.round(((last - first) * 1000) / (sampleRate * channels)))
}

function isLoud(view: DataView, from: number, to: number): boolean {
  for (let n = from; n < to; n += 1) if (Math.abs(view.getInt16(n * 2, true)) > silence) return true
  return false
}
