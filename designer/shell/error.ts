import type { ErrorBody, ErrorDetails } from '../wire.ts'

/** A request that the server refused, or that never reached it (`status` 0, `code` 'offline'). */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly next: string | undefined
  readonly detail: unknown

  constructor(status: number, { code, message, next, detail }: ErrorBody['error'], options?: ErrorOptions) {
    super(message, options)
    this.status = status
    this.code = code
    this.next = next
    this.detail = detail
  }
}

/** The fields that were refused because of what stands in them, by their names on the wire; none when it was something else. */
export const fieldsRefused = (error: unknown): readonly string[] =>
  error instanceof ApiError && error.code === 'badRequest' && Array.isArray(error.detail)
    ? error.detail.map((fault) => String(fault).split(':')[0] ?? '')
    : []

/** What a refusal with this code tells; null when it was something else. */
export const refusal = <Code extends keyof ErrorDetails>(error: unknown, code: Code): ErrorDetails[Code] | null =>
  // The routes answer with these very types (wire.ts).
  error instanceof ApiError && error.code === code ? (error.detail as ErrorDetails[Code]) : null
