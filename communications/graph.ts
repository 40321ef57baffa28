import { BoundedMap } from './boundedMap.ts'
import { type Clock, realClock, sleep } from './clock.ts'
import { errorFromAnswer, GraphError, graphErrorOf, streamInGraphsWords } from './error.ts'
import { type Answer, ExchangeError, json, openTransport, originOf, type Transport } from './http.ts'
import { didNothing, hurriedRetryForMs, usualRetryForMs, waitBeforeRetry } from './retry.ts'
import { createThrottle, type Throttle } from './throttle.ts'
import type { Tokens } from './tokens.ts'

export type GraphSettings = {
  tokens: Pick<Tokens, 'forTenant'>
  graphUrl?: string
  /** For one try, in milliseconds. */
  timeoutMs?: number
  /** No try begins later than this after the first, in milliseconds. */
  retryForMs?: number
  /** Told of every try. Bodies can hold phone numbers: keep them out of logs. */
  onRequest?: (sent: SentRequest) => void
  /** Share one between all that send for the same app. */
  throttle?: Throttle
  /** Sockets, unless told otherwise. */
  transport?: Transport
  clock?: Clock
}

export type SentRequest = {
  operation: string
  method: string
  path: string
  body: unknown
  /** Null when nothing was answered. */
  status: number | null
  ms: number
  clientRequestId: string
  requestId: string | null
}

export type GraphRequest = {
  operation: string
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below /v1.0, or below /beta. */
  path: string
  version?: 'v1.0' | 'beta'
  tenantId: string
  body?: object
  /** Instead of `body`: what is no JSON. Name its content-type in `headers`. */
  rawBody?: Uint8Array
  /** On top of the usual ones, or instead of them. */
  headers?: Record<string, string>
  /** The body of the answer comes as `content`, while it arrives, and no more than this of it. A time limit is then for each wait. */
  streamUpTo?: number
  /** Instead of the app's token, for what only a signed-in user may do. Told of a token that was refused, for another one. */
  token?: ((refused?: string) => Promise<string>) | undefined
  /** Doing it twice has the same effect as doing it once, so that an unanswered one may be sent again. */
  repeatable: boolean
  /** Only the first of several can succeed: a repeat that is refused by 400, 409 or 412 shows that an earlier try was carried out. */
  onlyFirstSucceeds?: boolean
  /** For one try, when it must be shorter than usual. Such a request is in a hurry: its tries also end sooner. */
  timeoutMs?: number
  signal?: AbortSignal | undefined
}

export type GraphAnswer = {
  status: number
  body: unknown
  location: string | null
  /** Only when asked for. Reading it throws GraphError, `tooLarge` where it breaks off for its size. */
  content?: Content
}

/** Something large, read while it arrives: `for await (const chunk of content.body)`. It must be read, or it is cut off. */
export type Content = { contentType: string | null; body: AsyncIterable<Uint8Array> }

export type Graph = {
  /** Carries one request to Graph, again where that is allowed. Any 2xx is success. Throws GraphError. */
  send(request: GraphRequest): Promise<GraphAnswer>
  close(): Promise<void>
}

const mostBytes = 1_048_576
const never = new AbortController().signal
/** A request is held back for no longer than this: the caller hears nothing meanwhile. */
const mostHeldBackMs = 30_000
/** For a 429 that does not say when. */
const usualCloseMs = 1_000

/** The road to Graph that every operation takes: token, headers, timeouts, retries. Knows no operation. */
export function createGraph({
  tokens,
  graphUrl = 'https://graph.microsoft.com',
  timeoutMs = 10_000,
  retryForMs = usualRetryForMs,
  onRequest,
  transport: given,
  clock = realClock,
  throttle = createThrottle({ clock }),
}: GraphSettings): Graph {
  const origin = originOf(graphUrl)
  const { transport, close } = openTransport(given, {
    connections: 32,
    pipelining: 1,
    connectTimeout: Math.min(timeoutMs, 5_000),
    // A new TLS connection costs the caller silence. A server that names a shorter time in its Keep-Alive header is obeyed.
    keepAliveTimeout: 30_000,
  })

  // Calls whose request was given up, since Graph asked for a longer wait than it had: when the next one may go out.
  const notBefore = new BoundedMap<string, number>(10_000)

  /** Graph's wait is kept by the request that comes next for the same call, too. */
  async function holdBack({ path, operation, signal }: GraphRequest): Promise<void> {
    const wait = (notBefore.get(callOf(path)) ?? 0) - clock.now()
    // Timers may ring a moment early.
    if (wait > 0 && wait <= mostHeldBackMs) await pause(wait + 2, operation, signal)
  }

  async function pause(ms: number, operation: string, signal: AbortSignal = never): Promise<void> {
    await sleep(clock, ms, signal)
    if (signal.aborted) throw new GraphError({ code: 'aborted', operation, cause: signal.reason })
  }

  async function sendOnce(request: GraphRequest, token: string): Promise<Answer> {
    const { operation, method, version = 'v1.0', body, rawBody, signal } = request
    const path = `/${version}${request.path}`
    const clientRequestId = crypto.randomUUID()
    const begun = clock.now()
    let answer: Answer | null = null
    try {
      answer = await transport(`${origin}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          'scenario-id': crypto.randomUUID(),
          'client-request-id': clientRequestId,
          ...(body && { 'content-type': 'application/json' }),
          ...request.headers,
        },
        ...(body ? { body: JSON.stringify(body) } : rawBody && { body: rawBody }),
        timeoutMs: request.timeoutMs ?? timeoutMs,
        maxBytes: request.streamUpTo ?? mostBytes,
        ...(request.streamUpTo !== undefined && { stream: true }),
        signal,
      })
      return answer
    } finally {
      onRequest?.({
        operation,
        method,
        path,
        body: body ?? null,
        status: answer?.status ?? null,
        ms: clock.now() - begun,
        clientRequestId,
        requestId: answer?.headers['request-id'] ?? null,
      })
    }
  }

  /** One try: an answer that is a success, or what went wrong. */
  async function attempt(request: GraphRequest, refused?: string): Promise<Answer | Failure> {
    const { operation, tenantId } = request
    let token: string
    try {
      token = await (request.token ? request.token(refused) : tokens.forTenant(tenantId, undefined, refused))
    } catch (error) {
      if (error instanceof GraphError) return { error, neverSent: true }
      throw error
    }
    try {
      const answer = await sendOnce(request, token)
      if (answer.status >= 200 && answer.status < 300) return answer
      const error = errorFromAnswer(operation, answer, clock.now())
      return { error, neverSent: false, ...(answer.status === 401 && { refused: token }) }
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error
      return { error: graphErrorOf(error, operation), neverSent: error.neverSent }
    }
  }

  async function send(request: GraphRequest): Promise<GraphAnswer> {
    const { operation, repeatable, onlyFirstSucceeds = false, signal } = request
    const rules = {
      repeatable,
      retryForMs: request.timeoutMs === undefined ? retryForMs : Math.min(retryForMs, hurriedRetryForMs),
    }
    await holdBack(request)
    const begun = clock.now()
    let refused: string | undefined
    let mayBeDone = false
    for (let number = 1; ; number += 1) {
      await throttle.pass(request, rules.retryForMs - (clock.now() - begun))
      const outcome = await attempt(request, refused)
      if (!('error' in outcome)) {
        const { status, headers } = outcome
        const location = headers.location ?? null
        if (request.streamUpTo === undefined) return { status, body: json(outcome.text), location }
        if (!outcome.bytes) throw new GraphError({ code: 'unreadableAnswer', operation, status })
        const content = {
          contentType: headers['content-type'] ?? null,
          body: streamInGraphsWords(outcome.bytes, operation),
        }
        return { status, body: undefined, location, content }
      }
      const { error, neverSent } = outcome
      if (onlyFirstSucceeds && mayBeDone && [400, 409, 412].includes(error.status ?? 0)) {
        return { status: 200, body: undefined, location: null }
      }
      const wide = isWide(error)
      if (wide) throttle.close(request, error.retryAfterMs ?? usualCloseMs)
      const elapsedMs = clock.now() - begun
      const wait = waitBeforeRetry({ number, elapsedMs, error, neverSent }, rules)
      if (wait === null) {
        // Graph only: the login service's word is no word on a call.
        if (error.status === 429 && !wide && error.code !== 'noToken' && error.retryAfterMs) {
          notBefore.set(callOf(request.path), clock.now() + error.retryAfterMs)
        }
        throw error
      }
      refused = outcome.refused
      mayBeDone ||= !didNothing(outcome)
      await pause(wait, operation, signal)
    }
  }

  return { send, close }
}

/** Documented for an app that sends too much; a bare 429 is taken for the same. Others, such as 8516, speak of one call. */
function isWide({ status, code }: GraphError): boolean {
  return status === 429 && ['TooManyRequests', 'unknownError'].includes(code)
}

type Failure = { error: GraphError; neverSent: boolean; refused?: string }

/** /communications/calls/{id}, without the operation on it. Calls that are still to be made count together as one. */
const callOf = (path: string) => path.split('/', 4).join('/')
