import { type Clock, realClock } from '#ground/clock.ts'
import { errorFromAnswer, GraphError, graphErrorOf, streamInGraphsWords } from '../road/error.ts'
import { type Answer, openTransport, originOf, RoundTripError, type Transport } from '../road/http.ts'

/** What a finished recordResponse names. The file is discarded shortly after the call ends, so fetch it at once. */
export type RecordingRef = { recordingLocation: string; recordingAccessToken: string }

export type DownloadSettings = {
  /** 16 MiB, unless told otherwise: four times the longest recording, 2 minutes of 16 kHz WAV. */
  maxBytes?: number
  /** For the first byte, and for each further one. */
  timeoutMs?: number
  signal?: AbortSignal | undefined
  /** Sockets, unless told otherwise. */
  transport?: Transport
  clock?: Clock
}

export type Download = {
  /** Null when the answer did not name it. */
  contentType: string | null
  /** To be read once, or given up by the signal. Throws GraphError `tooLarge`, `timeout`, `aborted` or `unreachable` where it breaks off. */
  body: AsyncIterable<Uint8Array>
}

const operation = 'downloadRecording'
const sockets = openTransport(undefined, { connections: 8 })

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
    transport = sockets.transport,
    clock = realClock,
  }: DownloadSettings = {},
): Promise<Download> {
  refuseUnsafe(recordingLocation, recordingAccessToken)
  // What will not be read is cut off.
  const unwanted = new AbortController()
  const answer = await transport(recordingLocation, {
    method: 'GET',
    headers: { authorization: `Bearer ${recordingAccessToken}`, 'client-request-id': crypto.randomUUID() },
    timeoutMs,
    maxBytes,
    stream: true,
    signal: signal ? AbortSignal.any([signal, unwanted.signal]) : unwanted.signal,
  }).catch((error) => {
    throw error instanceof RoundTripError ? graphErrorOf(error, operation) : error
  })
  try {
    refuseUnwanted(answer, maxBytes, clock.now())
    if (!answer.bytes) throw new GraphError({ code: 'unreadableAnswer', operation, status: answer.status })
  } catch (error) {
    unwanted.abort()
    throw error
  }
  return {
    contentType: answer.headers['content-type'] ?? null,
    body: streamInGraphsWords(answer.bytes, operation),
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

function refuseUnwanted({ status, headers, text }: Answer, maxBytes: number, now: number): void {
  if (status >= 300 && status < 400) {
    throw new GraphError(
      { code: 'redirected', operation, status },
      `${operation} failed. The answer leads to another address, where the token must not go. Ask Graph for the recording anew.`,
    )
  }
  if (status !== 200) throw errorFromAnswer(operation, { status, headers, text }, now)
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw new GraphError({ code: 'tooLarge', operation, status })
}
