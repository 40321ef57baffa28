import { Agent, type Dispatcher, request } from 'undici'

/** Nothing usable was answered. `neverSent` is true when it is certain that the other side saw nothing of the request. */
export class RoundTripError extends Error {
  override readonly name = 'RoundTripError'
  readonly code: 'timeout' | 'unreachable' | 'aborted' | 'answerTooLarge'
  readonly neverSent: boolean

  constructor(code: RoundTripError['code'], neverSent: boolean, cause?: unknown) {
    super(`The round trip failed: ${code}. See the cause for what the network said.`, { cause })
    this.code = code
    this.neverSent = neverSent
  }
}

export type RoundTrip = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** For the whole round trip, until the last byte of the answer. */
  timeoutMs: number
  /** Larger answers are refused while they are being read. */
  maxBytes: number
  signal?: AbortSignal | undefined
  /** Once aborted it is not sent any more; what is sent already is let be. */
  until?: AbortSignal | undefined
  /** The body of a 2xx comes as `bytes`, while it arrives: `timeoutMs` is then for the head and for each wait after it. */
  stream?: boolean
}

/** Header names are in lower case. `bytes` only when a stream was asked for; it throws RoundTripError, and must be read or ended. */
export type Answer = {
  status: number
  headers: Record<string, string>
  text: string
  bytes?: AsyncIterable<Uint8Array>
}

/**
 * Carries one request and brings its whole answer, within the request's limits of time and size. Throws RoundTripError. The usual
 * one is sockets; another one leads client and service to each other inside one process, in whatever time its clock keeps.
 */
export type Transport = (url: string, request: RoundTrip) => Promise<Answer>

/** The transport that was given, or one over sockets with an agent of its own, which `close` closes. */
export function openTransport(
  given: Transport | undefined,
  options: Agent.Options,
): { transport: Transport; longestWaitMs(): number; close(): Promise<void> } {
  if (given) return { transport: given, longestWaitMs: () => 0, close: async () => {} }
  const flights = createFlights()
  // Our own limits are for the whole answer.
  const dispatcher = new Agent({ ...options, headersTimeout: 0, bodyTimeout: 0 })
  return {
    transport: (url, one) => (one.stream ? streamTrip(url, one, dispatcher) : roundTrip(url, one, dispatcher, flights)),
    longestWaitMs: flights.longestWaitMs,
    close: () => dispatcher.close(),
  }
}

/** These happen before a connection stands, so nothing can have been sent. */
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Time-outs are looked for so often: one timer for all requests that are under way. */
const sweepEachMs = 50

/** Requests under way, each of which ends when its time is over. */
type Flights = ReturnType<typeof createFlights>
type Flight = { readonly begun: number; readonly deadline: number; readonly waits: boolean; expire(): void }

function createFlights() {
  const open = new Set<Flight>()
  let timer: NodeJS.Timeout | null = null
  function sweep() {
    const now = performance.now()
    for (const one of open) if (now >= one.deadline) one.expire()
    if (open.size > 0 || !timer) return
    clearInterval(timer)
    timer = null
  }
  return {
    add(one: Flight) {
      open.add(one)
      timer ??= setInterval(sweep, sweepEachMs)
    },
    delete: (one: Flight) => open.delete(one),
    /** How long the oldest of those has waited that no connection is free for, in milliseconds. They stand in the order of their age. */
    longestWaitMs(): number {
      for (const one of open) if (one.waits) return performance.now() - one.begun
      return 0
    },
  }
}

/**
 * One request and its whole answer, bounded in time and size. Redirects are not followed. Rejects with RoundTripError. Without an
 * AbortController, a timer or a stream of its own: a bot does little else than this.
 */
function roundTrip(url: string, trip: RoundTrip, dispatcher: Dispatcher, flights: Flights): Promise<Answer> {
  const { method, headers, body, signal } = trip
  if (signal?.aborted) return Promise.reject(new RoundTripError('aborted', true, signal.reason))
  const [origin, path] = partsOf(url)
  return new Promise((resolve, reject) => {
    const one = new Trip(trip, flights, resolve, reject)
    dispatcher.dispatch({ origin, path, method, headers, body: body ?? null }, one)
  })
}

/** An address that needs no encoding and leads nowhere else: nearly every one, and to read it as a URL costs more than to send it. */
const plain = /^(https?:\/\/[^/?#]+)(\/[\w/~%=&?+,:@!$()*.-]*)$/

function partsOf(url: string): [origin: string, path: string] {
  const [, origin, path] = (!url.includes('/.') && plain.exec(url)) || []
  if (origin !== undefined && path !== undefined) return [origin, path]
  const { origin: host, pathname, search } = new URL(url)
  return [host, pathname + search]
}

/** One request under way, as undici tells of it. */
class Trip implements Dispatcher.DispatchHandler, Flight {
  readonly begun = performance.now()
  readonly deadline: number
  readonly #trip: RoundTrip
  readonly #flights: Flights
  readonly #resolve: (answer: Answer) => void
  readonly #reject: (error: RoundTripError) => void
  /** Null while it waits for a connection: until then nothing is sent. */
  #controller: Dispatcher.DispatchController | null = null
  #isOver = false
  #status = 0
  #headers: Record<string, string> = {}
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(
    trip: RoundTrip,
    flights: Flights,
    resolve: (answer: Answer) => void,
    reject: (error: RoundTripError) => void,
  ) {
    this.#trip = trip
    this.#flights = flights
    this.#resolve = resolve
    this.#reject = reject
    this.deadline = this.begun + trip.timeoutMs
    flights.add(this)
    trip.signal?.addEventListener('abort', this.#onAbort)
  }

  get waits(): boolean {
    return this.#controller === null
  }

  onRequestStart(controller: Dispatcher.DispatchController) {
    const { until } = this.#trip
    if (until?.aborted) this.fail(new RoundTripError('aborted', true, until.reason))
    // Thrown, since an abort costs the connection, on which nothing was sent.
    if (this.#isOver) throw tooLate
    this.#controller = controller
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Parameters<typeof firstValues>[0]) {
    this.#status = status
    this.#headers = firstValues(headers)
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer) {
    this.#bytes += chunk.length
    if (this.#bytes > this.#trip.maxBytes) this.fail(new RoundTripError('answerTooLarge', false))
    else this.#chunks.push(chunk)
  }

  onResponseEnd() {
    if (!this.#end()) return
    const [first, ...more] = this.#chunks
    const text = first === undefined ? '' : (more.length > 0 ? Buffer.concat(this.#chunks) : first).toString('utf8')
    this.#resolve({ status: this.#status, headers: this.#headers, text })
  }

  onResponseError(_: unknown, error: Error) {
    const code = codeOf(error)
    // Nobody will come back for it once the client is closed.
    const how = code === 'UND_ERR_CLOSED' || code === 'UND_ERR_DESTROYED' ? 'aborted' : 'unreachable'
    this.fail(new RoundTripError(how, this.#controller === null || beforeSending.has(code), error))
  }

  expire() {
    this.fail(new RoundTripError('timeout', this.#controller === null))
  }

  fail(error: RoundTripError) {
    if (!this.#end()) return
    this.#controller?.abort(error)
    this.#reject(error)
  }

  readonly #onAbort = () =>
    this.fail(new RoundTripError('aborted', this.#controller === null, this.#trip.signal?.reason))

  /** False when it has ended before. */
  #end(): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    this.#flights.delete(this)
    this.#trip.signal?.removeEventListener('abort', this.#onAbort)
    return true
  }
}

const tooLate = new Error('The request had ended before it could be sent.')

const mostInsteadOfStream = 65_536

/** The same with a body that is handed on while it arrives. */
async function streamTrip(
  url: string,
  { method, headers, body, timeoutMs, maxBytes, signal }: RoundTrip,
  dispatcher: Dispatcher,
): Promise<Answer> {
  if (signal?.aborted) throw new RoundTripError('aborted', true, signal.reason)
  const stop = new AbortController()
  const onTimeout = () => stop.abort()
  let timer = setTimeout(onTimeout, timeoutMs)
  const onAbort = () => stop.abort()
  signal?.addEventListener('abort', onAbort, { once: true })

  function release() {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
  function failure(error: unknown): RoundTripError {
    if (error instanceof RoundTripError) return error
    if (signal?.aborted) return new RoundTripError('aborted', false, error)
    if (stop.signal.aborted) return new RoundTripError('timeout', false, error)
    return new RoundTripError('unreachable', beforeSending.has(codeOf(error)), error)
  }
  let bytes = 0
  function count(chunk: Buffer, most: number) {
    bytes += chunk.length
    if (bytes > most) throw new RoundTripError('answerTooLarge', false)
  }
  /** The clock stands while the reader is busy with a chunk, but not before the first is asked for: nobody may forget the stream. */
  async function* streamed(chunks: AsyncIterable<Buffer>) {
    try {
      for await (const chunk of chunks) {
        count(chunk, maxBytes)
        clearTimeout(timer)
        yield chunk
        timer = setTimeout(onTimeout, timeoutMs)
      }
    } catch (error) {
      throw failure(error)
    } finally {
      release()
    }
  }

  let handedOver = false
  try {
    const response = await request(url, { method, headers, body, dispatcher, signal: stop.signal })
    const head = { status: response.statusCode, headers: firstValues(response.headers) }
    if (head.status >= 200 && head.status < 300) {
      handedOver = true
      return { ...head, text: '', bytes: streamed(response.body) }
    }
    const chunks: Buffer[] = []
    // The limit of a stream is its reader's; what was answered instead of one is read all the same.
    const most = Math.max(maxBytes, mostInsteadOfStream)
    for await (const chunk of response.body) {
      count(chunk, most)
      chunks.push(chunk)
    }
    return { ...head, text: Buffer.concat(chunks).toString('utf8') }
  } catch (error) {
    throw failure(error)
  } finally {
    if (!handedOver) release()
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

/** The same for a setting whose origin alone counts: throws TypeError for one with a path, a query or a password. */
export function bareOrigin(name: string, url: string): string {
  const origin = originOf(url)
  const { pathname, search, hash, username, password } = new URL(url)
  if (pathname === '/' && !search && !hash && !username && !password) return origin
  throw new TypeError(`${name} must be an origin such as ${origin}: leave out what is before the host or after it.`)
}

/** Reads Retry-After: decimal seconds or an HTTP date. Milliseconds from `now`, null when absent or unreadable. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  const text = header?.trim()
  if (!text) return null
  const seconds = Number(text)
  if (Number.isFinite(seconds)) return seconds < 0 ? null : Math.ceil(seconds * 1000)
  const date = Date.parse(text)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

/** One value for each header: the first. */
export function firstValues(headers: Record<string, number | string | string[] | undefined>): Record<string, string> {
  const first: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const text = Array.isArray(value) ? value[0] : value
    if (text !== undefined) first[name] = String(text)
  }
  return first
}

/** A failed attempt at several addresses of one name is an AggregateError whose parts carry the code. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
