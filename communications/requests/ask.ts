import { GraphError, isEndedAlready } from '../road/error.ts'
import type { Graph, GraphAnswer, GraphRequest } from '../road/graph.ts'
import { isBag, listOf, type Reader, readOperation, text } from '../wire/read.ts'
import type { CommsOperation, OperationType } from '../wire/types.ts'

/** What the operations of all resources share: whose they are, whether they may be sent again, and how their answers are read. */

/** Which call, and whose: the token must be of the call's tenant, else Graph answers 403/7505. `id` as Graph spelled it. */
export type CallRef = { id: string; tenantId: string }

/** A user, by object id, and the tenant that the user is of. */
export type UserRef = { userId: string; tenantId: string }

/** How a request is carried, beside what is asked. Who stops one is thrown GraphError `aborted`. */
export type Options = {
  /** Aborted, it ends the waiting between tries and the try under way. */
  signal?: AbortSignal | undefined
  /** Aborted, it ends the waiting and lets no other try begin; the one under way is let be, since to cut it off costs its connection. */
  until?: AbortSignal | undefined
  /** No try begins later than this after the first, in milliseconds. Answer, reject and redirect end by themselves after 14 s at most. */
  retryForMs?: number | undefined
  /** For one try, where it must be shorter than usual, in milliseconds: somebody rings, and the pauses are shorter as well. */
  timeoutMs?: number | undefined
  /** Sent again also after a failure that may hide success, by who can bear that it is done twice. */
  evenTwice?: boolean | undefined
}

/** When a request may be sent again, and in how much time. */
export type How = Pick<GraphRequest, 'repeatable' | 'takenWhenRefusedBy' | 'timeoutMs'>

export const repeatable: How = { repeatable: true }

/** Repeating would act twice: a prompt heard twice, somebody called twice. */
export const onceOnly: How = { repeatable: false }

/** Carries a request, and makes of the answer what the caller is given. Throws GraphError. */
export type Outcome<Result> = (graph: Pick<Graph, 'send'>, request: GraphRequest) => Promise<Result>

/** That it was taken is all. */
export const nothing: Outcome<void> = async (graph, request) => {
  await graph.send(request)
}

/** Something ends. What is gone already counts as ended. */
export const ended: Outcome<void> = async (graph, request) => {
  try {
    await graph.send(request)
  } catch (error) {
    if (!isEndedAlready(error)) throw error
  }
}

/** What is read of the answer. */
export const answered =
  <Result>(read: (answer: GraphAnswer, operation: string) => Result): Outcome<Result> =>
  async (graph, request) =>
    read(await graph.send(request), request.operation)

const unreadable = (operation: string, { status }: GraphAnswer) =>
  new GraphError({ code: 'unreadableAnswer', operation, status })

/** The entity that was answered. Throws GraphError `unreadableAnswer` when it is none. */
export const one = <Entity>(read: Reader<Entity>): Outcome<Entity> =>
  answered((answer, operation) => {
    const entity = read(answer.body)
    if (entity === undefined) throw unreadable(operation, answer)
    return entity
  })

/** "#microsoft.graph.recordOperation" → "record" */
type NameIn<Type> = Type extends `#microsoft.graph.${infer Name}Operation` ? Name : never

/** An answer that is not readable is no operation that we could follow, but a 2xx all the same: it runs, as far as we know. */
export const operation = (name: NameIn<OperationType>): Outcome<CommsOperation> =>
  answered(({ body }) => ({ '@odata.type': `#microsoft.graph.${name}Operation`, ...readOperation(body) }))

/** All entities of a list. */
export const each =
  <Entity>(read: Reader<Entity>): Outcome<Entity[]> =>
  (graph, request) =>
    listFrom(graph, request, read)

/** The first page of a list, which is all that was asked for. */
export const firstPage = <Entity>(read: Reader<Entity>): Outcome<Entity[]> =>
  answered((answer, operation) => pageOf(answer, operation).flatMap((raw) => read(raw) ?? []))

/** What stands on a page. Throws GraphError `unreadableAnswer` when it is none. */
function pageOf(answer: GraphAnswer, operation: string): readonly unknown[] {
  if (!isBag(answer.body) || answer.body.value === undefined) throw unreadable(operation, answer)
  return listOf(answer.body.value)
}

/** Far more than any list of ours has; a service that always names a next page must not keep us for ever. */
const mostPages = 1_000
/** Of one page. A meeting of 1,000 people has a roster of more than a megabyte, and Graph sends it as one page. */
const mostPageBytes = 16 * 1_048_576

/**
 * All entities of a list, page by page. The address of a next page is followed only below our own Graph's, whatever host it names,
 * since the token goes there. What is not readable is left out.
 */
export async function listFrom<Entity>(
  graph: Pick<Graph, 'send'>,
  request: GraphRequest,
  read: Reader<Entity>,
): Promise<Entity[]> {
  const found: Entity[] = []
  const { operation } = request
  let { path } = request
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await graph.send({ ...request, path, maxBytes: mostPageBytes })
    found.push(...pageOf(answer, operation).flatMap((raw) => read(raw) ?? []))
    const link = isBag(answer.body) ? text(answer.body['@odata.nextLink']) : undefined
    if (link === undefined) return found
    const next = /^https?:\/\/[^/]+\/(?:v1\.0|beta)(\/.*)$/.exec(link)?.[1]
    if (next === undefined) throw unreadable(operation, answer)
    path = next
  }
  throw new GraphError({ code: 'unreadableAnswer', operation })
}

/** `?a=b&c=d` of the members that are not undefined; nothing when there are none. */
export function query(parameters: Record<string, string | undefined>): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}
