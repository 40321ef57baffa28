import { randomUUID } from 'node:crypto'
import type * as z from 'zod'
import type { FlowError, FlowErrorCode } from '#flow/error.ts'
import type { SpeechError, SpeechErrorCode } from '#speech/error.ts'
import type { StoreError, StoreErrorCode, Unavailability } from '#store/error.ts'
import { AppError, errorAnswer as answer } from './appError.ts'
import { isWritable } from './inputs.ts'
import { logError } from './logError.ts'
import { isNamed } from './named.ts'
import { type Services, services } from './services.ts'
import { type Who, whoAsks } from './who.ts'

/** What a route gets: who asks, what the address holds, and what to work with. */
export type RouteInput<Params> = { request: Request; params: Params; who: Who; services: Services }

/**
 * Makes a route of a function: `respond<what it answers with, what its address holds>(...)`. A route that does not say what it
 * answers with may only return a Response. Asks who it is, sends what is returned as JSON (nothing as 204, a Response as it
 * is), and turns what is thrown into one shape of error. What another site set off is refused, but for links. All but programs are asked who they are by `whoAsks`.
 */
export function respond<Answer = never, Params = Record<string, never>>(
  answer: (input: RouteInput<Params>) => Promise<NoInfer<Answer> | Created<NoInfer<Answer>> | Response>,
  given: () => Services = services,
  whoIsIt: typeof whoAsks = whoAsks,
) {
  return async (request: Request, { params }: { params: Promise<Params> }): Promise<Response> => {
    try {
      const ready = given()
      const who = whoIsIt(request, ready.settings)
      refuseOtherSites(request)
      const named = await params
      refuseUnwritable(named)
      const result = await answer({ request, params: named, who, services: ready })
      if (result instanceof Response) return result
      if (result instanceof Created) return Response.json(result.body, { status: result.status, headers })
      return result === undefined ? new Response(null, { status: 204, headers }) : Response.json(result, { headers })
    } catch (error) {
      return refusal(error)
    }
  }
}

class Created<Body> {
  readonly body: Body
  readonly status: 201 | 202
  constructor(body: Body, status: 201 | 202) {
    this.body = body
    this.status = status
  }
}

/** To be returned by a route: 201 with what was made. */
export const created = <Body>(body: Body) => new Created(body, 201)

/** To be returned by a route: 202 with how far it is, for what goes on beside the request. */
export const accepted = <Body>(body: Body) => new Created(body, 202)

const headers = { 'cache-control': 'no-store' }
const writes = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/**
 * Browsers say where a request comes from: https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header, older ones in Origin. Another site
 * may lead here by a link. What it only loads from here it could not read; but whoever opens it would export all calls at its pleasure.
 */
function refuseOtherSites({ method, headers }: Request) {
  const site = headers.get('sec-fetch-site')
  const isLink = !writes.has(method) && headers.get('sec-fetch-mode') === 'navigate'
  if (isLink) return
  const origin = headers.get('origin')
  const sameSite = site === null || site === 'same-origin' || site === 'none'
  const sameOrigin = origin === null || (URL.canParse(origin) && new URL(origin).host === headers.get('host'))
  if (!sameSite || !sameOrigin) throw new AppError('crossSite')
}

/** No id holds them, and PostgreSQL would fail instead of not finding it. */
function refuseUnwritable(params: unknown) {
  const parts = Object.values(params ?? {}).flat()
  if (!parts.every((part) => typeof part !== 'string' || isWritable(part))) throw new AppError('notFound')
}

const mostBytes = 2 * 1024 * 1024

/**
 * The body of a request, as the schema reads it.
 * @param most bytes; more than usual for a file
 * @throws AppError `badRequest`, `tooLarge`, `fileTooLarge`
 */
export const bodyOf = async <Schema extends z.ZodType>(request: Request, schema: Schema, most = mostBytes) =>
  understood(schema, jsonOf(await textOf(request, most)))

/** @throws AppError `badRequest` */
export const queryOf = <Schema extends z.ZodType>(request: Request, schema: Schema) =>
  understood(schema, Object.fromEntries(new URL(request.url).searchParams))

function understood<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(({ path, code }) => `${path.join('.') || 'body'}: ${code}`)
  throw new AppError('badRequest', faults)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('badRequest', ['body: no JSON'], { cause })
  }
}

/** What is too large is read to here and thrown away: a browser that is still sending would not hear the answer. */
const mostThrownAway = 16 * 1024 * 1024
/** Slower than so many bytes in so many milliseconds, a body is not waited for. The slowest line of a phone is ten times as fast. */
const [fewestBytes, periodMs] = [4_096, 8_000]

/** @throws AppError `tooLarge`, whatever content-length says; `tooSlow`; `cutOff` */
async function textOf({ body }: Request, most: number): Promise<string> {
  const reader = (body ?? new Blob([]).stream()).getReader()
  const decoder = new TextDecoder()
  let [text, bytes, before] = ['', 0, 0]
  let tooSlow = false
  const watch = setInterval(() => {
    tooSlow = bytes - before < fewestBytes
    before = bytes
    if (tooSlow) void reader.cancel().catch(() => {})
  }, periodMs)
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      bytes += read.value.byteLength
      if (bytes <= most) text += decoder.decode(read.value, { stream: true })
      if (bytes > mostThrownAway) break
    }
  } catch (cause) {
    if (!tooSlow) throw new AppError('cutOff', undefined, { cause })
  } finally {
    clearInterval(watch)
  }
  if (tooSlow) throw new AppError('tooSlow')
  if (bytes > most) throw new AppError(most > mostBytes ? 'fileTooLarge' : 'tooLarge')
  return text + decoder.decode()
}

const unreadBody: ReadonlySet<string> = new Set(['tooLarge', 'tooSlow', 'cutOff', 'crossSite'])

const storeStatus: Record<StoreErrorCode, number> = {
  notFound: 404,
  changedMeanwhile: 409,
  taken: 409,
  flowNameTaken: 409,
  nameTaken: 409,
  inUse: 409,
  answersAsSubFlow: 409,
  unavailable: 503,
  limit: 413,
  noDataKey: 503,
  otherDataKey: 503,
  notSealed: 500,
}
/** Each has another remedy, so each has its own code. */
const databaseCodes: Record<Unavailability, string> = {
  full: 'databaseFull',
  readOnly: 'databaseReadOnly',
  locked: 'databaseLocked',
  busy: 'databaseBusy',
}
const flowStatus: Partial<Record<FlowErrorCode, number>> = { flowTooLarge: 413, flowTooNew: 422 }
const speechStatus: Partial<Record<SpeechErrorCode, number>> = { emptyText: 422, textTooLong: 422, tooMany: 429 }

/** In seconds: a text takes one or two, and a database that was restarted not many more. */
const retryAfter = '5'

/** Every error as one shape; what passes by itself says when to ask again. */
function refusal(error: unknown): Response {
  const refused = refusalOf(error)
  if (refused.status === 503 || refused.status === 429) refused.headers.set('retry-after', retryAfter)
  return refused
}

/** What nobody foresaw is 500 `internal`, with an id that stands in the log; no stack leaves the machine. */
function refusalOf(error: unknown): Response {
  if (isNamed<AppError>(error, 'AppError')) {
    const refused = answer(error.status, error)
    // The rest of a body that was not read to its end would be taken for the next request.
    if (unreadBody.has(error.code)) refused.headers.set('connection', 'close')
    return refused
  }
  if (isNamed<StoreError>(error, 'StoreError') && error.detail.what === 'publishedVersion') {
    return answer(409, { code: 'notPublished', message: error.message })
  }
  if (isNamed<StoreError>(error, 'StoreError') && error.detail.why) {
    return answer(503, { code: databaseCodes[error.detail.why], message: error.message })
  }
  if (isNamed<StoreError>(error, 'StoreError')) return answer(storeStatus[error.code], error)
  if (isNamed<SpeechError>(error, 'SpeechError')) {
    return answer(speechStatus[error.code] ?? 503, { code: error.code, message: error.message })
  }
  if (isNamed<FlowError>(error, 'FlowError')) {
    const message = 'This is not a flow that can be used here.'
    return answer(flowStatus[error.code] ?? 400, { code: error.code, message, detail: error.detail })
  }
  const id = randomUUID()
  logError(id, error)
  const message = `Something is wrong in the program itself. Its log tells more under ${id}.`
  return answer(500, { code: 'internal', message, detail: { id } })
}
