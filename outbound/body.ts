import { type Duplex, PassThrough, pipeline } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { OutboundError } from './error.ts'

/** Most bytes of an answer, packed or unpacked. */
export const mostBodyBytes = 1_048_576

const unpackers: Readonly<Record<string, () => Duplex>> = {
  '': () => new PassThrough(),
  identity: () => new PassThrough(),
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/**
 * A whole body, unpacked. A few packed bytes can hold gigabytes, so what comes out is counted while it comes out, and what is too much
 * ends the connection. @throws OutboundError `tooLarge`, `badBody`; what the stream itself throws
 */
export async function readBody(packed: NodeJS.ReadableStream, encoding: string): Promise<Buffer> {
  const unpack = unpackers[encoding.trim().toLowerCase()]
  if (!unpack) throw new OutboundError('badBody', 'encoding')
  const unpacked = unpack()
  // The error of either comes out of the loop below.
  pipeline(packed, unpacked, () => {})
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > mostBodyBytes) throw new OutboundError('tooLarge', 'body')
      chunks.push(chunk)
    }
  } catch (cause) {
    if (isOfZlib(cause)) throw new OutboundError('badBody', 'encoding', { cause })
    throw cause
  }
  return Buffer.concat(chunks)
}

const isOfZlib = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(Z_|ERR_(_ERROR|BROTLI))/.test(String(error.code))
