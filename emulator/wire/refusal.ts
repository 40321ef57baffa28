import * as z from 'zod'

/**
 * The emulator says no. One class for all its doors; each door writes it in its own form (Graph's, Entra's, the control API's).
 * `code` is the word of the service that is played, or ours for the control API.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: string
  /** What to do about it. */
  readonly next: string
  readonly retryAfterSeconds: number | undefined

  constructor(
    status: number,
    code: string,
    message: string,
    {
      next = 'See emulator/README.md.',
      retryAfterSeconds,
    }: { next?: string; retryAfterSeconds?: number | undefined } = {},
  ) {
    super(message)
    this.status = status
    this.code = code
    this.next = next
    this.retryAfterSeconds = retryAfterSeconds
  }
}

const fault = z.object({ statusCode: z.number().int().min(400).max(499), message: z.string() })
type Fault = z.output<typeof fault>

/** A Refusal as it is; else `of` makes it of what Fastify found wrong with the request, or of null where the mistake is ours. */
export const refusalOf = (error: unknown, of: (fault: Fault | null) => Refusal): Refusal =>
  error instanceof Refusal ? error : of(fault.safeParse(error).data ?? null)

/** Throws it, where there is nothing to take: `find(…) ?? refuse(notFound('User'))`. */
export function refuse(refusal: Refusal): never {
  throw refusal
}

/** There is no such call, or no such thing on one: the sister service's code. */
export const callNotFound = (what = 'Call') => new Refusal(404, '8522', `${what} not found.`)

// The contract has no codes for what Graph keeps beside calls: we use the plain names of the statuses.
export const notFound = (what: string) => new Refusal(404, 'NotFound', `${what} not found.`)
export const badRequest = (message: string) => new Refusal(400, 'BadRequest', message)

/** Where a body breaks its schema, without repeating what it said. */
export const whatIsWrong = (error: z.ZodError): string =>
  error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ')

/** The value as the schema knows it. Throws a Refusal 400 with this code. */
export function parseOrRefuse<T extends z.ZodType>(schema: T, value: unknown, code: string): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Refusal(400, code, whatIsWrong(parsed.error), { next: 'Correct the request and send it again.' })
}
