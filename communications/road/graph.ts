import { randomUUID } from 'node:crypto'
import { BoundedMap } from '#ground/boundedMap.ts'
import { type Clock, realClock, sleep, steadyTime } from '#ground/clock.ts'
import { json } from '#ground/json.ts'
import { errorFromAnswer, GraphError, graphErrorOf, streamInGraphsWords } from './error.ts'
import { type Answer, bareOrigin, openTransport, RoundTripError, type Transport } from './http.ts'
import {
  didNothing,
  hurriedRetryForMs,
  lastHurriedTryMs,
  mostObeyedMs,
  usualRetryForMs,
  waitBeforeRetry,
} from './retry.ts'
import { createThrottle, type Throttle } from './throttle.ts'
import type { Tokens } from './tokens.ts'

export type GraphSettings = {
  tokens: Pick<Tokens, 'forTenant'>
  /** An origin, without a path. */
  graphUrl?: string
  /** For one try, in milliseconds. */
  timeoutMs?: number
  /** No try begins later than this after the first, in milliseconds. */
  retryForMs?: number
  /**
   * Told of every try; what it throws is not heard, since it must not cost the answer. Bodies can hold phone numbers: keep them out of
   * logs.
   */
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
  version?: 'v1.0' | 'beta' | undefined
  tenantId: string
  body?: object | undefined
  /** Instead of `body`: what is no JSON. Name its content-type in `headers`. */
  rawBody?: Uint8Array | undefined
  /** On top of the usual ones, or instead of them. */
  headers?: Record<string, string> | undefined
  /** The body of the answer comes as `content`, while it arrives, and no more than this of it. A time limit is then for each wait. */
  streamUpTo?: number | undefined
  /** Instead of the app's token, for what only a signed-in user may do. Told of a token that was refused, for another one. */
  token?: ((refused?: string) => Promise<string>) | undefined
  /** Doing it twice has the same effect as doing it once, so that an unanswered one may be sent again. */
  repeatable: boolean
  /**
   * Only the first of several can succeed: a repeat that Graph refuses by one of these statuses shows that an earlier try was carried
   * out.
   */
  takenWhenRefusedBy?: readonly number[] | undefined
  /** Larger answers are not read: GraphError `answerTooLarge`. 1 MiB, unless told otherwise. */
  maxBytes?: number | undefined
  /** For one try, where it must be shorter than the road's. Such a request is in a hurry: its caller rings for 15 s. */
  timeoutMs?: number | undefined
  /** No try begins later than this after the first, instead of the road's time, in milliseconds. */
  retryForMs?: number | undefined
  /** Once aborted nothing waits any more, and the try under way is cut off. */
  signal?: AbortSignal | undefined
  /** Once aborted nothing waits any more and no try begins; one that is under way is let be, since to cut it off costs its connection. */
  until?: AbortSignal | undefined
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

export type Graph = ReturnType<typeof createGraph>

const usualMostBytes = 1_048_576
/** A request is held back for no longer than this: the caller hears nothing meanwhile. */
const mostHeldBackMs = 30_000
/** For a 429 that does not say when. */
const usualCloseMs = 1_000

/** The road to Graph that every operation takes: token, headers, timeouts, retries. Knows no operation. */
export function createGraph(settings: GraphSettings) {
  const road = openRoad(settings)
  return {
    /** Carries one request to Graph, again where that is allowed. Any 2xx is success. Throws GraphError. */
    send: (request: GraphRequest) => send(road, request),
    /** How long a request has waited by now for a connection to be free, in milliseconds: more is asked for than goes out. */
    longestWaitMs: road.longestWaitMs,
    close: road.close,
  }
}

/** What the requests of one road share. */
type Road = ReturnType<typeof openRoad>

function openRoad({
  tokens,
  graphUrl = 'https://graph.microsoft.com',
  timeoutMs = 10_000,
  retryForMs = usualRetryForMs,
  onRequest,
  transport: given,
  clock = realClock,
  throttle = createThrottle({ clock }),
}: GraphSettings) {
  const { transport, longestWaitMs, close } = openTransport(given, {
    // Enough for 2,000 live calls of a minute when answers take 200 ms; more make the bot answer later under overload (bench/overload.ts).
    connections: 64,
    pipelining: 1,
    connectTimeout: Math.min(timeoutMs, 5_000),
    // A new TLS connection costs the caller silence. A server that names a shorter time in its Keep-Alive header is obeyed.
    keepAliveTimeout: 30_000,
  })
  return {
    tokens,
    origin: bareOrigin('graphUrl', graphUrl),
    timeoutMs,
    retryForMs,
    transport,
    longestWaitMs,
    close,
    throttle,
    clock,
    /** A time that never goes back. */
    now: steadyTime(clock),
    onRequest,
    /** The last token in its header, most of a kilobyte that need not be put together anew for each request. */
    bearer: { token: '', header: '' },
    /** Calls, and requests of a call, that Graph asked to wait with: when the next one may go out. */
    notBefore: new BoundedMap<string, number>(10_000),
  }
}

type Failure = { error: GraphError; neverSent: boolean; refused?: string }

/** Tries until it is done, or may not be tried again. What nothing holds back waits for its token and its answer only. */
async function send(road: Road, request: GraphRequest): Promise<GraphAnswer> {
  const { throttle, now } = road
  const rules = rulesOf(road, request)
  // A caller rings while the request is held back, too.
  const asked = now()
  let begun: number | undefined
  let refused: string | undefined
  let renewed = false
  let mayBeDone = false
  let failed: GraphError | undefined
  try {
    for (let number = 1; ; number += 1) {
      const heldMs = heldBackMs(road, request)
      if (heldMs > 0) {
        const left =
          begun === undefined && !rules.hurried ? mostHeldBackMs : rules.retryForMs - (now() - (begun ?? asked))
        if (heldMs > left) throw failed ?? tooLongHeld(request, heldMs)
        // Timers may ring a moment early.
        await pause(road, heldMs + 2, request)
      }
      const sentAt = now()
      begun ??= rules.hurried ? asked : sentAt
      if (!throttle.passesAtOnce(request)) await throttle.pass(request, rules.retryForMs - (sentAt - begun))
      const outcome = await attempt(road, request, tryMsOf(road, request, rules, now() - begun), refused)
      if (!('error' in outcome)) {
        throttle.taken(request, sentAt)
        return answerIn(request, outcome)
      }
      const { error, neverSent } = outcome
      if (mayBeDone && showsItWasTaken(error, request)) return { status: 200, body: undefined, location: null }
      if (isWide(error)) throttle.close(request, error.retryAfterMs ?? usualCloseMs)
      failed = error
      leaveWait(road, request, error)
      const wait = waitBeforeRetry({ number, elapsedMs: now() - begun, error, neverSent, renewed }, rules)
      if (wait === null) throw error
      refused = outcome.refused
      renewed ||= refused !== undefined
      mayBeDone ||= !didNothing(outcome)
      await pause(road, wait, request)
    }
  } catch (error) {
    // That the last try never left says nothing about those before it.
    if (mayBeDone && error instanceof GraphError) Object.assign(error, { neverSent: false })
    throw error
  }
}

/** The login service has the same statuses, and knows nothing of earlier tries. */
function showsItWasTaken({ code, status }: GraphError, { takenWhenRefusedBy = [] }: GraphRequest): boolean {
  return code !== 'noToken' && status !== null && takenWhenRefusedBy.includes(status)
}

function rulesOf(road: Road, { repeatable, timeoutMs, retryForMs }: GraphRequest) {
  const hurried = timeoutMs !== undefined
  const mostMs = hurried ? Math.min(road.retryForMs, hurriedRetryForMs) : Number.POSITIVE_INFINITY
  return { repeatable, hurried, retryForMs: Math.min(retryForMs ?? road.retryForMs, mostMs) }
}

/** How long a try may take. The last one of what is in a hurry ends soon, since something else is to be tried while the caller rings. */
function tryMsOf({ timeoutMs }: Road, request: GraphRequest, rules: ReturnType<typeof rulesOf>, elapsedMs: number) {
  const leftMs = rules.hurried ? rules.retryForMs + lastHurriedTryMs - elapsedMs : Number.POSITIVE_INFINITY
  return Math.min(request.timeoutMs ?? timeoutMs, timeoutMs, leftMs)
}

/** One try: an answer that is a success, or what went wrong. */
async function attempt(
  road: Road,
  request: GraphRequest,
  timeoutMs: number,
  refused?: string,
): Promise<Answer | Failure> {
  const { operation, tenantId } = request
  let token: string
  try {
    token = await (request.token ? request.token(refused) : road.tokens.forTenant(tenantId, undefined, refused))
  } catch (error) {
    if (error instanceof GraphError) return { error, neverSent: true }
    throw error
  }
  stopIfOver(request)
  const clientRequestId = randomUUID()
  const begun = road.now()
  let answer: Answer
  try {
    answer = await road.transport(`${road.origin}/${request.version ?? 'v1.0'}${request.path}`, {
      method: request.method,
      headers: headersOf(road, request, token, clientRequestId),
      body: request.body ? JSON.stringify(request.body) : request.rawBody,
      timeoutMs,
      maxBytes: request.streamUpTo ?? request.maxBytes ?? usualMostBytes,
      stream: request.streamUpTo !== undefined,
      signal: request.signal,
      until: request.until,
    })
  } catch (error) {
    report(road, request, begun, clientRequestId, null)
    if (!(error instanceof RoundTripError)) throw error
    return { error: graphErrorOf(error, operation), neverSent: error.neverSent }
  }
  report(road, request, begun, clientRequestId, answer)
  const { status } = answer
  if (status >= 200 && status < 300) return answer
  const error = errorFromAnswer(operation, answer, road.clock.now(), isAboutPart(request))
  return { error, neverSent: false, ...(status === 401 && { refused: token }) }
}

function headersOf(
  { bearer }: Road,
  { body, headers }: GraphRequest,
  token: string,
  clientRequestId: string,
): Record<string, string> {
  if (bearer.token !== token) Object.assign(bearer, { token, header: `Bearer ${token}` })
  const usual: Record<string, string> = {
    authorization: bearer.header,
    accept: 'application/json',
    'scenario-id': randomUUID(),
    'client-request-id': clientRequestId,
  }
  if (body) usual['content-type'] = 'application/json'
  return headers ? Object.assign(usual, headers) : usual
}

function report(
  { onRequest, now }: Road,
  { operation, method, version = 'v1.0', path, body }: GraphRequest,
  begun: number,
  clientRequestId: string,
  answer: Answer | null,
): void {
  if (!onRequest) return
  const sent: SentRequest = {
    ...{ operation, method, path: `/${version}${path}`, body: body ?? null, clientRequestId },
    status: answer?.status ?? null,
    ms: now() - begun,
    requestId: answer?.headers['request-id'] ?? null,
  }
  // It may throw, or reject. A fault of the hook must not cost the answer, and with it the id of a call that was just made.
  void new Promise((resolve) => resolve(onRequest(sent))).catch(() => {})
}

function answerIn({ operation, streamUpTo }: GraphRequest, { status, headers, text, bytes }: Answer): GraphAnswer {
  const location = headers.location ?? null
  if (streamUpTo === undefined) return { status, body: json(text), location }
  if (!bytes) throw new GraphError({ code: 'unreadableAnswer', operation, status })
  const content = { contentType: headers['content-type'] ?? null, body: streamInGraphsWords(bytes, operation) }
  return { status, body: undefined, location, content }
}

/** For the others that ask meanwhile or later. What Graph says of the call holds for all of it, else for the same request. */
function leaveWait(road: Road, request: GraphRequest, error: GraphError): void {
  const call = callOf(request)
  if (call === null || !error.retryAfterMs || error.code === 'noToken') return
  const whose = speaksOfCall(error) ? call : sameOf(call, request)
  const until = road.now() + Math.min(error.retryAfterMs, mostObeyedMs)
  // A shorter word that comes later takes nothing of a longer one.
  road.notBefore.set(whose, Math.max(until, road.notBefore.get(whose) ?? 0))
}

/** How long Graph's wait for what is asked of this call lasts still, in milliseconds, whoever was told of it. */
function heldBackMs({ notBefore, now }: Road, request: GraphRequest): number {
  const call = notBefore.size === 0 ? null : callOf(request)
  return call === null ? 0 : Math.max(leftOf(call), leftOf(sameOf(call, request)))

  function leftOf(whose: string): number {
    const until = notBefore.get(whose)
    if (until === undefined) return 0
    const left = until - now()
    if (left <= 0) notBefore.delete(whose)
    return Math.max(0, left)
  }
}

const tooLongHeld = ({ operation }: GraphRequest, waitMs: number) =>
  new GraphError(
    { code: 'throttled', operation, retryAfterMs: Math.ceil(waitMs), neverSent: true },
    `${operation} failed. It was not sent, since Graph asked for a pause on this call. Try again after the time in retryAfterMs.`,
  )

async function pause({ clock }: Road, ms: number, request: GraphRequest): Promise<void> {
  const { signal, until } = request
  await sleep(clock, ms, ...[signal, until].filter((one) => one !== undefined))
  stopIfOver(request)
}

/** Throws where nobody wants the request any more: whatever waited, nothing of it goes out. */
function stopIfOver({ operation, signal, until }: GraphRequest): void {
  const stopped = signal?.aborted ? signal : until?.aborted ? until : null
  if (stopped) throw new GraphError({ code: 'aborted', operation, neverSent: true, cause: stopped.reason })
}

/** Documented for an app that sends too much; a bare 429 is taken for the same. Others, such as 8516, speak of one call. */
function isWide({ status, code }: GraphError): boolean {
  return status === 429 && ['TooManyRequests', 'unknownError'].includes(code)
}

/** Graph wants no request of this call for a while. The login service's word, which has the same statuses, is no word on a call. */
function speaksOfCall(error: GraphError): boolean {
  return error.code !== 'noToken' && (error.status === 503 || (error.status === 429 && !isWide(error)))
}

/** A 404 to this may be about a part of a call, such as somebody who has left, or about what beta does not serve (any more). */
function isAboutPart({ path, version }: GraphRequest): boolean {
  return (
    version === 'beta' ||
    /^\/communications\/calls\/[^/?]+\/(?:participants|operations|audioRouting|contentSharing)/.test(path)
  )
}

const sameOf = (call: string, { method, path }: GraphRequest) => `${call} ${method} ${path}`

/** Which call a request is about, and whose; null for a new call and for what is no call, which hold back nobody. */
function callOf({ path, tenantId }: GraphRequest): string | null {
  const id = /^\/communications\/calls\/([^/?]+)/.exec(path)?.[1]
  return id === undefined ? null : `${tenantId.toLowerCase()} ${id}`
}
