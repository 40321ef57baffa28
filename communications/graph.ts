import { setTimeout as sleep } from 'node:timers/promises'
import { Agent } from 'undici'
import { BoundedMap } from './boundedMap.ts'
import { errorFromAnswer, GraphError } from './error.ts'
import { type Answer, ExchangeError, exchange, json, originOf } from './http.ts'
import { didNothing, hurriedRetryForMs, usualRetryForMs, waitBeforeRetry } from './retry.ts'
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
  /** Below /v1.0. */
  path: string
  tenantId: string
  body?: object
  /** Doing it twice has the same effect as doing it once, so that an unanswered one may be sent again. */
  repeatable: boolean
  /** Only the first of several can succeed: a repeat that is refused by 400, 409 or 412 shows that an earlier try was carried out. */
  onlyFirstSucceeds?: boolean
  /** For one try, when it must be shorter than usual. Such a request is in a hurry: its tries also end sooner. */
  timeoutMs?: number
  signal?: AbortSignal | undefined
}

export type GraphAnswer = { status: number; body: unknown; location: string | null }

export type Graph = {
  /** Carries one request to Graph, again where that is allowed. Any 2xx is success. Throws GraphError. */
  send(request: GraphRequest): Promise<GraphAnswer>
  close(): Promise<void>
}

const mostBytes = 1_048_576
/** A request is held back for no longer than this: the caller hears nothing meanwhile. */
const mostHeldBackMs = 30_000

/** The road to Graph that every operation takes: token, headers, timeouts, retries. Knows no operation. */
export function createGraph({
  tokens,
  graphUrl = 'https://graph.microsoft.com',
  timeoutMs = 10_000,
  retryForMs = usualRetryForMs,
  onRequest,
}: GraphSettings): Graph {
  const origin = originOf(graphUrl)
  const agent = new Agent({
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
    const wait = (notBefore.get(callOf(path)) ?? 0) - performance.now()
    // Timers may ring a moment early.
    if (wait > 0 && wait <= mostHeldBackMs) await pause(wait + 2, operation, signal)
  }

  async function sendOnce(request: GraphRequest, token: string): Promise<Answer> {
    const { operation, method, path, body, signal } = request
    const clientRequestId = crypto.randomUUID()
    const begun = performance.now()
    let answer: Answer | null = null
    try {
      answer = await exchange(`${origin}/v1.0${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          'scenario-id': crypto.randomUUID(),
          'client-request-id': clientRequestId,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        timeoutMs: request.timeoutMs ?? timeoutMs,
        maxBytes: mostBytes,
        dispatcher: agent,
        signal,
      })
      return answer
    } finally {
      onRequest?.({
        operation,
        method,
        path: `/v1.0${path}`,
        body: body ?? null,
        status: answer?.status ?? null,
        ms: performance.now() - begun,
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
      token = await tokens.forTenant(tenantId, undefined, refused)
    } catch (error) {
      if (error instanceof GraphError) return { error, neverSent: true }
      throw error
    }
    try {
      const answer = await sendOnce(request, token)
      if (answer.status >= 200 && answer.status < 300) return answer
      const error = errorFromAnswer(operation, answer)
      return { error, neverSent: false, ...(answer.status === 401 && { refused: token }) }
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error
      const code = error.code === 'answerTooLarge' ? 'unreadableAnswer' : error.code
      return { error: new GraphError({ code, operation, cause: error }), neverSent: error.neverSent }
    }
  }

  async function send(request: GraphRequest): Promise<GraphAnswer> {
    const { operation, repeatable, onlyFirstSucceeds = false, signal } = request
    const rules = {
      repeatable,
      retryForMs: request.timeoutMs === undefined ? retryForMs : Math.min(retryForMs, hurriedRetryForMs),
    }
    await holdBack(request)
    const begun = performance.now()
    let refused: string | undefined
    let mayBeDone = false
    for (let number = 1; ; number += 1) {
      const outcome = await attempt(request, refused)
      if (!('error' in outcome)) {
        return { status: outcome.status, body: json(outcome.text), location: outcome.headers.location ?? null }
      }
      const { error, neverSent } = outcome
      if (onlyFirstSucceeds && mayBeDone && [400, 409, 412].includes(error.status ?? 0)) {
        return { status: 200, body: undefined, location: null }
      }
      const elapsedMs = performance.now() - begun
      const wait = waitBeforeRetry({ number, elapsedMs, error, neverSent }, rules)
      if (wait === null) {
        // Graph only: the login service's word is no word on a call.
        if (error.status === 429 && error.code !== 'noToken' && error.retryAfterMs) {
          notBefore.set(callOf(request.path), performance.now() + error.retryAfterMs)
        }
        throw error
      }
      refused = outcome.refused
      mayBeDone ||= !didNothing(outcome)
      await pause(wait, operation, signal)
    }
  }

  return { send, close: () => agent.close() }
}

type Failure = { error: GraphError; neverSent: boolean; refused?: string }

/** /communications/calls/{id}, without the operation on it. Calls that are still to be made count together as one. */
const callOf = (path: string) => path.split('/', 4).join('/')

async function pause(ms: number, operation: string, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((cause) => {
    throw new GraphError({ code: 'aborted', operation, cause })
  })
}
