import type { IncomingHttpHeaders } from 'node:http'
import type * as z from 'zod'
import type { Bearer } from '../wire/entra.ts'
import { parseOrRefuse } from '../wire/refusal.ts'
import type { World } from '../world/world.ts'
import { httpsOnly, httpsOrHere } from './bodies.ts'
import type { Needs } from './needs.ts'

/** One operation of Graph v1.0, as the door takes it. onCall.ts and onResource.ts say how they are made of their definitions. */
export type Operation = {
  /** Its name in the contract. Two requests may have the same. */
  readonly operation: string
  readonly method: Method
  /** Below /v1.0. All mean the same. */
  readonly paths: readonly string[]
  /** Null where it needs none, or where that depends on the request. */
  readonly needs: Needs | null
  readonly body: Schemas<unknown> | null
  /** Takes an app package in place of JSON. */
  readonly takesZip?: true
  /** Does all that comes after the token was read. Throws Refusals. */
  answer(request: GraphRequest): GraphAnswer
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
/** Several mean the same. */
export type Paths<Path extends string> = Path | readonly Path[]

/** A request as it came in. */
export type GraphRequest = {
  readonly world: World
  readonly bearer: Bearer
  /** The names in the path. */
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
  /** This service, as the one who asks knows it: links in answers begin with it. */
  readonly origin: string
}

/** What an operation knows of its request, besides what that is about. */
export type Asked<Path extends string, Body> = Omit<GraphRequest, 'body' | 'params'> & {
  body: Body
  params: ParamsOf<Path>
}

/**
 * What an operation takes, and what it does when all is right. What it needs, and what else is checked, each family says for itself:
 * a definition holds nothing that its family would not read.
 */
export type Definition<Path extends string, Body, About> = {
  body?: BodySchema<Body>
  /** 200 unless it is said, here or by the answer. */
  status?: number
  act: ((asked: Asked<Path, Body> & About) => Partial<GraphAnswer>) | ((asked: Asked<Path, Body> & About) => void)
}

/** An operation of its definition. `find` says what a request is about, `check` looks at it once its body was read. */
export function define<Path extends string, Body, About>(
  described: Pick<Operation, 'operation' | 'method' | 'paths'>,
  { needs, body: schema, status = 200, act }: Definition<Path, Body, About> & { needs?: Needs },
  family: { badBody: string; find(request: GraphRequest): About; check?(asked: Asked<Path, Body> & About): void },
): Operation {
  const body = schemasOf(schema)
  return {
    ...described,
    needs: needs ?? null,
    body,
    answer(request) {
      const about = family.find(request)
      const params = request.params as ParamsOf<Path> // the door fills in every name of the path
      const asked = { ...request, params, body: readBody(body, request, family.badBody), ...about }
      family.check?.(asked)
      return { status, ...act(asked) }
    },
  }
}

/** `location` is a path below /v1.0. An answer that is no JSON says of what type it is, and has bytes for a body. */
export type GraphAnswer = { status: number; body?: unknown; location?: string; type?: string }

/** Where they lead when they stand below another path. */
export const pathsBelow = (start: string, paths: Paths<string>): string[] => [paths].flat().map((path) => start + path)

/** The names in a path: `/participants/:participantId` has a participantId. */
export type ParamsOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { [Key in Name]: string } & ParamsOf<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? { [Key in Name]: string }
    : unknown

/** An action has a short name and a qualified one, which OData lets stand in its place. */
export const action = <Path extends string>(path: Path): [Path, Path] => [
  path,
  path.replace(/\/(\w+)$/, '/microsoft.graph.$1') as Path, // its parameters are the same
]

/** The address that Graph puts before an answer. Nobody loads it. */
export const contextOf = (path: string) => ({ '@odata.context': `https://graph.microsoft.com/v1.0/$metadata#${path}` })

/** The answer that lists what stands below that path. */
export const listOf = (path: string, value: readonly unknown[]) => ({ body: { ...contextOf(path), value } })

/** What is taken of a body. `callbackUri` is what an address for notifications must be. */
type BodySchema<Body> = z.ZodType<Body> | ((callbackUri: z.ZodType<string>) => z.ZodType<Body>)

/** Graph sends notifications to https addresses only; with the setting `allowLoopbackHttp` a bot on this machine needs no certificate. */
type Schemas<Body> = { readonly strict: z.ZodType<Body>; readonly loopback: z.ZodType<Body> }

function schemasOf<Body>(body: BodySchema<Body> | undefined): Schemas<Body> | null {
  if (typeof body === 'function') return { strict: body(httpsOnly), loopback: body(httpsOrHere) }
  return body ? { strict: body, loopback: body } : null
}

/** The body as its schema knows it. Throws a Refusal 400 with this code. Without a schema it is taken as it came. */
function readBody<Body>(schemas: Schemas<Body> | null, { body, world }: GraphRequest, code: string): Body {
  if (!schemas) return body as Body // which is unknown then: nothing infers another type without a schema
  return parseOrRefuse(world.settings.allowLoopbackHttp ? schemas.loopback : schemas.strict, body, code)
}
