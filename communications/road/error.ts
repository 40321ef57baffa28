import { json } from '#ground/json.ts'
import { isBag, text } from '../wire/read.ts'
import { remedyOf } from '../wire/results.ts'
import { RoundTripError, retryAfterMs } from './http.ts'

type Details = Pick<GraphError, 'code' | 'operation'> &
  Partial<Omit<GraphError, keyof Error | 'worthRetrying'>> & { cause?: unknown }

/** Enough for every sentence of Graph's, and no page of a proxy. */
const mostMessage = 2_000

/**
 * Graph, or the login service before it, said no or said nothing.
 *
 * `code` is Graph's own word or number ("7504", "TooManyRequests"), or one of ours: `timeout` and `unreachable` (nothing was
 * answered), `noToken` (the login service gave no token), `badRequest` (refused here, before sending), `aborted` (the caller's
 * signal), `unreadableAnswer` (answered, but not in words that we know), `answerTooLarge` (answered with more than we read),
 * `unknownError` (an error without a code, or with one that looks like none), `throttled` (not sent: too many requests wait, or Graph
 * wants none of this tenant or call before `retryAfterMs`), `tooLarge` (a recording beyond the limit).
 * `requestId` is what Microsoft support asks for. The sentence never holds Graph's own text, since that can hold phone numbers.
 */
export class GraphError extends Error {
  override readonly name = 'GraphError'
  readonly code: string
  /** Null when nothing was answered. With `noToken` it is the login service's status. */
  readonly status: number | null
  /** Graph's number for the case (7504, 8585, …; see results and the contract's result codes), when the answer showed one. */
  readonly subcode: number | null
  readonly requestId: string | null
  /** How long Graph asked us to wait; with `throttled`, when its turn would come. */
  readonly retryAfterMs: number | null
  /** The name of the operation that failed, such as `playPrompt`. */
  readonly operation: string
  /** Certain that nothing was carried out, since the last try never left and none before it can have been carried out. */
  readonly neverSent: boolean
  /**
   * Graph says that the call is over, or that what was addressed instead of a call is not there. False for a 404 that may speak of
   * something else, such as a participant, or an operation that is not served: the call may live on.
   */
  readonly gone: boolean
  readonly #graphMessage: string | null

  constructor(
    {
      code,
      operation,
      status = null,
      subcode = null,
      requestId = null,
      retryAfterMs = null,
      neverSent = notSent.has(code),
      graphMessage = null,
      gone = isNotThere(status, code),
      cause,
    }: Details,
    sentence?: string,
  ) {
    super(sentence ?? sentenceFor({ code, operation, status, requestId, gone }), { cause })
    this.code = code
    this.operation = operation
    this.status = status
    this.subcode = subcode
    this.requestId = requestId
    this.retryAfterMs = retryAfterMs
    this.neverSent = neverSent
    this.gone = gone
    this.#graphMessage = graphMessage?.slice(0, mostMessage) ?? null
  }

  /**
   * Graph's own sentence, for somebody who looks for a fault; null when it gave none. It can hold phone numbers, names and ids: keep it
   * out of logs. Neither `message` nor JSON nor what is printed of this error shows it.
   */
  get graphMessage(): string | null {
    return this.#graphMessage
  }

  /** The same request may succeed later. It says nothing about whether Graph has acted already. */
  get worthRetrying(): boolean {
    if (this.status === null) return ['timeout', 'unreachable', 'noToken', 'throttled'].includes(this.code)
    return this.status === 429 || this.status >= 500
  }
}

/** Our words for what was refused before sending. */
const notSent = new Set(['badRequest', 'noToken', 'throttled'])

/**
 * An answer that is no success, as an error. Reads every documented and observed shape of Graph's error body: platform codes can come
 * wrapped, as JSON text inside the message, under the code UnknownError. `aboutPart` says that a 404 may be about something else than
 * the call, so that only Graph's own sentence makes it gone.
 */
export function errorFromAnswer(
  operation: string,
  { status, headers, text: answer }: { status: number; headers: Record<string, string>; text: string },
  now = Date.now(),
  aboutPart = false,
): GraphError {
  const body = json(answer)
  const error = isBag(body) && isBag(body.error) ? body.error : {}
  const message = text(error.message) ?? null
  const wrapped = json(message ?? '')
  const code = codeIn((isBag(wrapped) ? asText(wrapped.errorCode) : undefined) ?? asText(error.code))
  return new GraphError({
    code,
    operation,
    status,
    subcode: /^\d{4,6}$/.test(code) ? Number(code) : null,
    requestId: headers['request-id'] ?? (isBag(error.innerError) ? text(error.innerError['request-id']) : null) ?? null,
    retryAfterMs: retryAfterMs(headers['retry-after'], now),
    graphMessage: message,
    // Observed with 8522, which is said of calls and of participants.
    ...(aboutPart && { gone: status === 404 && /^call not found/i.test(message ?? '') }),
  })
}

const asText = (raw: unknown) => (typeof raw === 'number' ? String(raw) : text(raw))

/** It enters sentences and logs, so text, and digits that could be a phone number, are no code. */
function codeIn(code = ''): string {
  const looksLikeOne = /^[\w.-]{1,64}$/.test(code) && !/^\d{7,}$/.test(code.replace(/[-._]/g, ''))
  return looksLikeOne ? code : 'unknownError'
}

/**
 * Graph said that what was addressed is not there. A 404 without a code of its own, or with its UnknownError, is of an address that
 * nobody serves (microsoft-graph-comms-samples#616) or of somebody between.
 */
function isNotThere(status: number | null, code: string): boolean {
  return status === 404 && !/^(noToken|unknownError)$/i.test(code)
}

/** What was to be ended or removed is not there (any more). */
export function isEndedAlready(error: unknown): boolean {
  return error instanceof GraphError && isNotThere(error.status, error.code)
}

function sentenceFor({
  code,
  operation,
  status,
  requestId,
  gone,
}: Pick<GraphError, 'code' | 'operation' | 'status' | 'requestId' | 'gone'>): string {
  const what =
    status === null
      ? (ownWords.get(code) ?? `No answer (${code})`)
      : `The answer was ${status}${code === String(status) ? '' : ` ${code}`}`
  const next =
    nextStep.get(code) ??
    remedyOf(code) ??
    nextStep.get(gone ? '404 gone' : String(status)) ??
    (status !== null && status >= 500 ? nextStep.get('500') : undefined)
  return [
    `${operation} failed. ${what}.`,
    next ?? 'See the reference page of the operation.',
    requestId && `Microsoft support asks for request-id ${requestId}.`,
  ]
    .filter(Boolean)
    .join(' ')
}

const ownWords = new Map(
  Object.entries({
    timeout: 'Graph did not answer in time',
    unreachable: 'Graph could not be reached',
    noToken: 'The login service could not be reached, so there is no token',
    aborted: 'The caller stopped it',
    throttled: 'It was not sent, since too many requests wait',
    tooLarge: 'The recording is larger than allowed',
    answerTooLarge: 'The answer is larger than what is read of one',
  }),
)

/** What to do next, where Graph gave no number of its own (those are in results.ts). */
const nextStep = new Map(
  Object.entries({
    timeout: 'Check the network; the request may have been carried out all the same.',
    unreachable: 'Check the network and the Graph address.',
    noToken: 'Check the app id, its secret or certificate, the tenant, and the login address.',
    aborted: 'Nothing is wrong if the call has ended.',
    throttled: 'Try again after the time in retryAfterMs.',
    tooLarge: 'Allow more with maxBytes, or record for a shorter time.',
    answerTooLarge: 'Ask for less at once, such as by a filter; the request may have been carried out all the same.',
    unreadableAnswer: 'Check that the Graph address is right and nothing stands between.',
    '401': 'Graph took the token for invalid: check the tenant and the clock of this machine.',
    '403': 'Check the permissions of the app and the consent of the tenant.',
    '404': 'Graph does not serve this, or a part of the call is not there: the call may live on.',
    '404 gone': 'It is not there any more, or never was. A call that is gone is over: forget it.',
    '429': 'Too many requests: try again after the time that Graph named.',
    '500': 'Graph has a fault of its own: try again later.',
  }),
)

/** The network's word as Graph's error. */
export function graphErrorOf(error: RoundTripError, operation: string): GraphError {
  const { code, neverSent } = error
  return new GraphError({ code, operation, neverSent, cause: error })
}

/** The same stream, whose failures are GraphErrors: `tooLarge`, `timeout`, `aborted`, `unreachable`. */
export async function* streamInGraphsWords(
  bytes: AsyncIterable<Uint8Array>,
  operation: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* bytes
  } catch (error) {
    if (!(error instanceof RoundTripError)) throw error
    if (error.code === 'answerTooLarge') throw new GraphError({ code: 'tooLarge', operation, cause: error })
    throw graphErrorOf(error, operation)
  }
}
