import { SpeechError } from './error.ts'

const pcm = 1
const extensible = 0xfffe
const headerLength = 44
const teamsSampleRate = 16_000

type Wav = {
  /** 1 is PCM; an extensible header is read through to the format that it names. */
  format: number
  channels: number
  sampleRate: number
  bits: number
  durationMs: number
  /** Where the samples are, in bytes. */
  dataOffset: number
  dataLength: number
}

/**
 * Reads the header of a RIFF/WAVE file, and believes none of it: lengths are held against the bytes that are there.
 * @throws SpeechError `notWav`
 */
export function readWav(bytes: Uint8Array): Wav {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const tagAt = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4))
  if (tagAt(0) !== 'RIFF' || tagAt(8) !== 'WAVE')
    throw new SpeechError('notWav', 'it does not begin with RIFF and WAVE')

  let format: Pick<Wav, 'format' | 'channels' | 'sampleRate' | 'bits'> | null = null
  let blockAlign = 0

  for (let at = 12; at + 8 <= bytes.length; ) {
    const tag = tagAt(at)
    const length = view.getUint32(at + 4, true)
    const start = at + 8
    if (start + length > bytes.length) throw new SpeechError('notWav', 'it is cut off')

    if (tag === 'fmt ') {
      if (length < 16) throw new SpeechError('notWav', 'its format chunk is too short')
      const tagged = view.getUint16(start, true)
      format = {
        format: tagged === extensible && length >= 26 ? view.getUint16(start + 24, true) : tagged,
        channels: view.getUint16(start + 2, true),
        sampleRate: view.getUint32(start + 4, true),
        bits: view.getUint16(start + 14, true),
      }
      blockAlign = view.getUint16(start + 12, true)
      if (format.channels === 0 || format.sampleRate === 0 || blockAlign === 0) {
        throw new SpeechError('notWav', 'its format chunk makes no sense')
      }
    }

    if (tag === 'data') {
      if (!format) throw new SpeechError('notWav', 'its samples come before their format')
      const durationMs = Math.round((Math.floor(length / blockAlign) * 1000) / format.sampleRate)
      return { ...format, durationMs, dataOffset: start, dataLength: length }
    }

    at = start + length + (length % 2) // chunks begin at even offsets
  }
  throw new SpeechError('notWav', 'it has no samples')
}

/** A mono WAV file of 16 bit samples: exactly a 44-byte header, then the samples. */
export function writeWav(samples: Int16Array, sampleRate = teamsSampleRate): Uint8Array {
  const dataLength = samples.length * 2
  const bytes = new Uint8Array(headerLength + dataLength)
  const view = new DataView(bytes.buffer)
  const tag = (at: number, name: string) => bytes.set(new TextEncoder().encode(name), at)

  tag(0, 'RIFF')
  view.setUint32(4, headerLength - 8 + dataLength, true)
  tag(8, 'WAVE')
  tag(12, 'fmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, pcm, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, sampleRate, true)
  view.setUint32(28, sampleRate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  tag(36, 'data')
  view.setUint32(40, dataLength, true)
  for (const [index, sample] of samples.entries()) view.setInt16(headerLength + index * 2, sample, true)
  return bytes
}

/** The samples of a 16 bit file, whatever the byte order of this machine. */
export function samplesOf(bytes: Uint8Array, wav: Wav): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + wav.dataOffset, wav.dataLength)
  return Int16Array.from({ length: Math.floor(wav.dataLength / 2) }, (_, index) => view.getInt16(index * 2, true))
}

/**
 * Refuses what Teams does not play: https://learn.microsoft.com/graph/api/call-playprompt asks for WAV, PCM, mono, 16 bit, 16 kHz.
 * @throws SpeechError `notWav` or `notTeamsPrompt`
 */
export function assertTeamsPrompt(bytes: Uint8Array): Wav {
  const wav = readWav(bytes)
  const faults = [
    wav.format !== pcm && `its format is ${wav.format}, and PCM is ${pcm}`,
    wav.channels !== 1 && `it has ${wav.channels} channels`,
    wav.sampleRate !== teamsSampleRate && `it has ${wav.sampleRate} samples a second`,
    wav.bits !== 16 && `it has ${wav.bits} bits a sample`,
    wav.dataLength === 0 && 'it has no sound in it',
    wav.dataLength % 2 !== 0 && 'its last sample is cut off',
  ].filter((fault) => fault !== false)
  if (faults.length > 0) throw new SpeechError('notTeamsPrompt', faults.join(', '))
  return wav
}
