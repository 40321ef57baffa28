import type { Graph, GraphRequest } from '../road/graph.ts'
import { inPath } from '../road/limits.ts'
import type { CallRef, How, Options, Outcome } from './ask.ts'

/**
 * An operation of Graph as a line of data, and the methods that are made of such lines. A resource is a table of them:
 *
 *     mute: onCall('POST', '/mute', repeatable, operation('muteParticipant'), body(contextBody))
 *
 * which is `calls.mute(call, { clientContext }, options)`, by method, path, when it may be sent again, what is made of the answer, and
 * what is asked.
 */

/** What may be said of a request. `below` follows the path. */
type Part = Partial<Omit<GraphRequest, 'operation' | 'method' | 'repeatable'>>
type Whose = Part & Pick<GraphRequest, 'path' | 'tenantId'>
type Said = Part & { below?: string }

/** `Args` come before the options, to which `Own` are added. */
export type Operation<Args extends unknown[], Result, Own = unknown> = {
  method: GraphRequest['method']
  how: How
  outcome: Outcome<Result>
  /** How many `Args` there are at most. */
  takes: number
  /** Throws GraphError `badRequest` for what breaks a documented limit. */
  request(operation: string, ...args: Args): Whose
  own?(options: Own): Said
}

/** Where a resource is, and whose. */
type Place<Ref> = (ref: Ref, operation: string) => Whose

/** What is asked, and the part of the request that says it. Throws GraphError `badRequest`. */
type Say<Ask> = (ask: Ask, operation: string) => Said

/** One id for each `{name}` of a path. */
type Ids<Path extends string> = Path extends `${string}{${string}}${infer Rest}` ? [id: string, ...Ids<Rest>] : []

/** Never: nothing is asked. */
type Params<Ask> = [Ask] extends [never] ? [] : undefined extends Ask ? [ask?: Ask] : [ask: Ask]

/** Operations at one place: `at(place)(method, path, how, outcome, say)`. Without `say` nothing is asked but the path. */
export function at<Ref>(place: Place<Ref>) {
  return <Path extends string, Result, Ask = never>(
    method: GraphRequest['method'],
    path: Path,
    how: How,
    outcome: Outcome<Result>,
    say?: Say<Ask>,
  ): Operation<[ref: Ref, ...Ids<Path>, ...Params<Ask>], Result> => {
    const names = [...path.matchAll(/{(\w+)}/g)].map(([, name]) => name ?? '')
    return {
      method,
      how,
      outcome,
      takes: 1 + names.length + (say ? 1 : 0),
      request(operation, ref, ...rest: unknown[]) {
        const where = place(ref, operation)
        let filled: string = path
        for (const [n, name] of names.entries())
          filled = filled.replace(`{${name}}`, () => inPath(operation, name, String(rest[n])))
        where.path += filled
        return say ? alsoSaying(where, say(rest[names.length] as Ask, operation)) : where // what is asked comes after the ids
      },
    }
  }
}

/** Written into the request, which is new: to spread several objects into another one costs as much as all the rest of asking. */
function alsoSaying<Request extends Whose>(request: Request, { below, ...said }: Said): Request {
  if (below !== undefined) request.path += below
  return Object.assign(request, said)
}

/** /communications/calls/{id}, and what is below it. */
export const onCall = at<CallRef>(({ id, tenantId }, operation) => ({
  path: `/communications/calls/${inPath(operation, 'call', id)}`,
  tenantId,
}))

export const ofTenant = at<string>((tenantId) => ({ path: '', tenantId }))

/** What is asked goes as the body that `build` makes of it. */
export const body =
  <Ask>(build: (ask: Ask, operation: string) => object): Say<Ask> =>
  (ask, operation) => ({ body: build(ask, operation) })

type Method<Line> =
  Line extends Operation<infer Args, infer Result, infer Own>
    ? (...all: [...Args, options?: Options & Own]) => Promise<Result>
    : never

export type Methods<Table> = { [Name in keyof Table]: Method<Table[Name]> }

/** The methods of a table. `resource` comes before their names in what is told of them, such as "presence.get failed". */
export function methodsOf<Table extends Record<string, Operation<unknown[], unknown>>>(
  graph: Graph,
  resource: string,
  table: Table,
): Methods<Table> {
  const methods = Object.entries(table).map(([name, line]) => {
    const operation = `${resource}${name}`
    return [name, (...all: unknown[]) => carry(graph, operation, line, all)]
  })
  return Object.fromEntries(methods) // each method is that of its line
}

/** Rejects with what the line throws. */
function carry(graph: Graph, operation: string, line: Operation<unknown[], unknown>, all: unknown[]): Promise<unknown> {
  try {
    return line.outcome(graph, requestOf(operation, line, all))
  } catch (error) {
    return Promise.reject(error)
  }
}

function requestOf(operation: string, line: Operation<unknown[], unknown>, all: unknown[]): GraphRequest {
  const { method, how, takes, own } = line
  const options: Options = Object(all[takes])
  const asked = line.request(operation, ...(all.length > takes ? all.slice(0, takes) : all))
  const request: GraphRequest = {
    operation,
    method,
    path: asked.path,
    tenantId: asked.tenantId,
    version: asked.version,
    body: asked.body,
    rawBody: asked.rawBody,
    headers: asked.headers,
    token: asked.token,
    streamUpTo: asked.streamUpTo,
    maxBytes: asked.maxBytes,
    repeatable: options.evenTwice || how.repeatable,
    takenWhenRefusedBy: how.takenWhenRefusedBy,
    timeoutMs: options.timeoutMs ?? how.timeoutMs,
    retryForMs: options.retryForMs,
    signal: options.signal,
    until: options.until,
  }
  return own ? alsoSaying(request, own(options)) : request
}
