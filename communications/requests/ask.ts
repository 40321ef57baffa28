import { GraphError, isEndedAlready } from '../road/error.ts'
import type { Graph, GraphAnswer, GraphRequest } from '../road/graph.ts'
import { inPath } from '../road/limits.ts'
import { isBag, listOf, readOperation, text } from '../wire/read.ts'
import type { CommsOperation, OperationType } from '../wire/types.ts'

/** What the operations of all resources share: whose they are, whether they may be sent again, and how their answers are read. */

/** Which call, and whose: the token must be of the call's tenant, else Graph answers 403/7505. `id` as Graph spelled it. */
export type CallRef = { id: string; tenantId: string }

/** A user, by object id, and the tenant that the user is of. */
export type UserRef = { userId: string; tenantId: string }

/** An aborted signal ends the waiting between tries and the try under way; GraphError `aborted` is thrown. */
export type Options = { signal?: AbortSignal | undefined }

export type How = Pick<GraphRequest, 'repeatable' | 'takenWhenRefusedBy' | 'timeoutMs'>

export const repeatable: How = { repeatable: true }

/** Repeating would act twice: a prompt heard twice, somebody called twice. */
export const onceOnly: How = { repeatable: false }

/** /communications/calls/{id}, and what is below it. */
export function callPath(operation: string, call: CallRef, below = ''): string {
  return `/communications/calls/${inPath(operation, 'call', call.id)}${below}`
}

/** POST of an action on a call, or on something below it. */
export function act(
  graph: Graph,
  { operation, call, below, how, body }: { operation: string; call: CallRef; below: string; how: How; body?: object },
  options?: Options,
): Promise<GraphAnswer> {
  return graph.send({
    operation,
    method: 'POST',
    path: callPath(operation, call, below),
    tenantId: call.tenantId,
    ...how,
    ...(body && { body }),
    ...options,
  })
}

/** An answer that is not readable is no operation that we could follow, but a 2xx all the same: it runs, as far as we know. */
export function operationIn({ body }: GraphAnswer, type: OperationType): CommsOperation {
  return { '@odata.type': type, ...readOperation(body) }
}

/** The entity that was answered. Throws GraphError `unreadableAnswer` when it is none. */
export function entityIn<T>(
  operation: string,
  { body, status }: GraphAnswer,
  read: (raw: unknown) => T | undefined,
): T {
  const entity = read(body)
  if (entity === undefined) throw new GraphError({ code: 'unreadableAnswer', operation, status })
  return entity
}

type Asked = Omit<GraphRequest, 'method' | 'repeatable'>

/** GET of one entity. */
export async function getOne<T>(graph: Graph, request: Asked, read: (raw: unknown) => T | undefined): Promise<T> {
  return entityIn(request.operation, await graph.send({ ...request, method: 'GET', repeatable: true }), read)
}

/** Far more than any list of ours has; a service that always names a next page must not keep us for ever. */
const mostPages = 1_000
/** Of one page. A meeting of 1,000 people has a roster of more than a megabyte, and Graph sends it as one page. */
const mostPageBytes = 16 * 1_048_576

/**
 * All entities of a list, page by page. The address of a next page is followed only below our own Graph's, whatever host it names,
 * since the token goes there. What is not readable is left out.
 */
export async function listFrom<T>(graph: Graph, request: Asked, read: (raw: unknown) => T | undefined): Promise<T[]> {
  const found: T[] = []
  const { operation } = request
  let { path } = request
  for (let page = 0; page < mostPages; page += 1) {
    const { body, status } = await graph.send({
      ...request,
      path,
      method: 'GET',
      repeatable: true,
      maxBytes: mostPageBytes,
    })
    if (!isBag(body) || body.value === undefined) throw new GraphError({ code: 'unreadableAnswer', operation, status })
    found.push(...listOf(body.value).flatMap((raw) => read(raw) ?? []))
    const link = text(body['@odata.nextLink'])
    if (link === undefined) return found
    const next = /^https?:\/\/[^/]+\/(?:v1\.0|beta)(\/.*)$/.exec(link)?.[1]
    if (next === undefined) throw new GraphError({ code: 'unreadableAnswer', operation, status })
    path = next
  }
  throw new GraphError({ code: 'unreadableAnswer', operation })
}

/** Ends something. What is gone already counts as ended. */
export async function end(graph: Graph, request: Asked): Promise<void> {
  try {
    await graph.send({ ...request, method: 'DELETE', repeatable: true })
  } catch (error) {
    if (!isEndedAlready(error)) throw error
  }
}

/** `?a=b&c=d` of the members that are not undefined; nothing when there are none. */
export function query(parameters: Record<string, string | undefined>): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}
