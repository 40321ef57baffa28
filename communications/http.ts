import { type Dispatcher, request } from 'undici'

/** Nothing usable was answered. `neverSent` is true when it is certain that the other side saw nothing of the request. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError'
  readonly code: 'timeout' | 'unreachable' | 'aborted' | 'answerTooLarge'
  readonly neverSent: boolean

  constructor(code: ExchangeError['code'], neverSent: boolean, cause?: unknown) {
    super(`The exchange failed: ${code}. See the cause for what the network said.`, { cause })
    this.code = code
    this.neverSent = neverSent
  }
}

export type Exchange = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  headers?: Record<string, string>
  body?: string
  /** For the whole exchange, until the last byte of the answer. */
  timeoutMs: number
  /** Larger answers are refused while they are being read. */
  maxBytes: number
  dispatcher: Dispatcher
  signal?: AbortSignal | undefined
}

export type Answer = { status: number; headers: Record<string, string>; text: string }

/** These happen before a connection stands, so nothing can have been sent. */
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** One request and its whole answer, bounded in time and size. Redirects are not followed. Throws ExchangeError. */
export async function exchange(
  url: string,
  { method, headers, body, timeoutMs, maxBytes, dispatcher, signal }: Exchange,
): Promise<Answer> {
  if (signal?.aborted) throw new ExchangeError('aborted', true, signal.reason)
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), timeoutMs)
  const onAbort = () => stop.abort()
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    const response = await request(url, { method, headers, body, dispatcher, signal: stop.signal })
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of response.body) {
      bytes += chunk.length
      if (bytes > maxBytes) throw new ExchangeError('answerTooLarge', false)
      chunks.push(chunk)
    }
    return {
      status: response.statusCode,
      headers: firstValues(response.headers),
      text: Buffer.concat(chunks).toString('utf8'),
    }
  } catch (error) {
    if (error instanceof ExchangeError) throw error
    if (signal?.aborted) throw new ExchangeError('aborted', false, error)
    if (stop.signal.aborted) throw new ExchangeError('timeout', false, error)
    throw new ExchangeError('unreachable', beforeSending.has(codeOf(error)), error)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

/**
 * The origin of an address that secrets, tokens and signing keys may travel to and from: https, or this machine itself (the
 * emulator). Throws TypeError for any other.
 */
export function originOf(url: string): string {
  const { protocol, hostname, origin } = new URL(url)
  const thisMachine = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
  if (protocol === 'https:' || (protocol === 'http:' && thisMachine)) return origin
  throw new TypeError(`${origin} is neither https nor this machine. Use an https address.`)
}

/** The answer's text as JSON; undefined when it is none. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function firstValues(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const first: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const text = Array.isArray(value) ? value[0] : value
    if (text !== undefined) first[name] = text
  }
  return first
}

/** A failed attempt at several addresses of one name is an AggregateError whose parts carry the code. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
