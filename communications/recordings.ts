import { Agent, request } from 'undici'
import { type Clock, realClock } from './clock.ts'
import { errorFromAnswer, GraphError } from './error.ts'
import { firstValues, originOf } from './http.ts'

/** What a finished recordResponse names. The file is discarded shortly after the call ends, so fetch it at once. */
export type RecordingRef = { recordingLocation: string; recordingAccessToken: string }

export type DownloadSettings = {
  /** 16 MiB, unless told otherwise: four times the longest recording, 2 minutes of 16 kHz WAV. */
  maxBytes?: number
  /** For the first byte, and for each further one. */
  timeoutMs?: number
  signal?: AbortSignal | undefined
  /** Sockets, unless told otherwise. */
  transport?: StreamTransport
  clock?: Clock
}

/** Begins one GET and brings its answer as it arrives. Follows no redirect. May throw anything. */
export type StreamTransport = (
  url: string,
  get: { headers: Record<string, string>; signal: AbortSignal },
) => Promise<{ status: number; headers: Record<string, string>; body: AsyncIterable<Uint8Array> }>

export type Download = {
  /** Null when the answer did not name it. */
  contentType: string | null
  /** To be read once, or given up by the signal. Throws GraphError `tooLarge`, `timeout`, `aborted` or `unreachable` where it breaks off. */
  body: AsyncIterable<Uint8Array>
}

const operation = 'downloadRecording'
const agent = new Agent({ connections: 8 })

const overSockets: StreamTransport = async (url, { headers, signal }) => {
  const answer = await request(url, { headers, signal, dispatcher: agent })
  return { status: answer.statusCode, headers: firstValues(answer.headers), body: answer.body }
}

/**
 * Fetches a recording with the recording's own token (never Graph's), as a stream that is bounded in size and never stands still
 * for longer than `timeoutMs`. The token goes to that address only, and to no address without TLS but this machine. Nothing is
 * tried twice. Throws GraphError.
 */
export async function downloadRecording(
  { recordingLocation, recordingAccessToken }: RecordingRef,
  {
    maxBytes = 16 * 1_048_576,
    timeoutMs = 10_000,
    signal,
    transport = overSockets,
    clock = realClock,
  }: DownloadSettings = {},
): Promise<Download> {
  refuseUnsafe(recordingLocation, recordingAccessToken)
  const stop = new AbortController()
  const give = () => stop.abort()
  if (signal?.aborted) throw new GraphError({ code: 'aborted', operation, cause: signal.reason })
  signal?.addEventListener('abort', give, { once: true })

  /** What `waited` brings, unless it takes too long or the caller gives up. */
  async function inTime<T>(waited: Promise<T>): Promise<T> {
    const cancel = clock.after(timeoutMs, give)
    let onStop = () => {}
    const stopped = new Promise<never>((_, reject) => {
      onStop = () => reject(stop.signal.reason)
      stop.signal.addEventListener('abort', onStop, { once: true })
    })
    try {
      return await Promise.race([waited, stopped])
    } catch (cause) {
      if (signal?.aborted) throw new GraphError({ code: 'aborted', operation, cause })
      throw new GraphError({ code: stop.signal.aborted ? 'timeout' : 'unreachable', operation, cause })
    } finally {
      cancel()
      stop.signal.removeEventListener('abort', onStop)
    }
  }

  function end(): void {
    signal?.removeEventListener('abort', give)
    stop.abort()
  }

  async function* bounded(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    const chunks = body[Symbol.asyncIterator]()
    let bytes = 0
    try {
      for (;;) {
        const next = await inTime(chunks.next())
        if (next.done) return
        bytes += next.value.byteLength
        if (bytes > maxBytes) throw new GraphError({ code: 'tooLarge', operation })
        yield next.value
      }
    } finally {
      end()
    }
  }

  const headers = { authorization: `Bearer ${recordingAccessToken}`, 'client-request-id': crypto.randomUUID() }
  try {
    const answer = await inTime(transport(recordingLocation, { headers, signal: stop.signal }))
    refuseUnwanted(answer, maxBytes, clock.now())
    return { contentType: answer.headers['content-type'] ?? null, body: bounded(answer.body) }
  } catch (error) {
    end()
    throw error
  }
}

function refuseUnsafe(location: string, token: string): void {
  let rule: string | null = null
  try {
    originOf(location)
  } catch {
    rule = 'recordingLocation must be an https address'
  }
  if (!/^[\x21-\x7e]+$/.test(token)) rule ??= 'recordingAccessToken is missing or no token'
  if (rule === null) return
  throw new GraphError(
    { code: 'badRequest', operation },
    `${operation} was not sent: ${rule}. Pass both as the finished recordResponse named them.`,
  )
}

function refuseUnwanted(
  { status, headers }: { status: number; headers: Record<string, string> },
  maxBytes: number,
  now: number,
): void {
  if (status >= 300 && status < 400) {
    throw new GraphError(
      { code: 'redirected', operation, status },
      `${operation} failed. The answer leads to another address, where the token must not go. Ask Graph for the recording anew.`,
    )
  }
  if (status !== 200) throw errorFromAnswer(operation, { status, headers, text: '' }, now)
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw new GraphError({ code: 'tooLarge', operation, status })
}
