import { GraphError } from './error.ts'

/** Refuses a request that Graph would refuse, or that would mean something else than it says. Throws GraphError `badRequest`. */
export function limit(operation: string, kept: boolean, rule: string): void {
  if (kept) return
  throw new GraphError(
    { code: 'badRequest', operation },
    `${operation} was not sent: ${rule}. Correct the request; sending it again will not help.`,
  )
}

/** limits.json: clientContext.length */
export function limitContext(operation: string, clientContext: string): void {
  limit(operation, clientContext.length <= 256, 'clientContext is longer than 256 characters')
}

export function limitHttps(operation: string, what: string, uri: string | undefined): void {
  const kept = uri === undefined || (URL.canParse(uri) && new URL(uri).protocol === 'https:')
  limit(operation, kept, `${what} must be an https address`)
}

/** A whole number between two others, when there is one. */
export function limitWhole(operation: string, what: string, value: number | undefined, least: number, most: number) {
  const kept = value === undefined || (Number.isInteger(value) && value >= least && value <= most)
  limit(operation, kept, `${what} must be a whole number from ${least} to ${most}`)
}

/** How many there are, of something. */
export function limitCount(operation: string, what: string, list: readonly unknown[], least: number, most: number) {
  limit(
    operation,
    Array.isArray(list) && list.length >= least && list.length <= most,
    `there must be ${least} to ${most} ${what}`,
  )
}

export function limitTo<T extends string>(operation: string, what: string, value: T, allowed: readonly T[]): void {
  limit(operation, allowed.includes(value), `${what} must be one of ${allowed.join(', ')}`)
}

/** An id as a part of a path. It is opaque, but it must not lead to another resource. */
export function inPath(operation: string, what: string, id: string): string {
  if (/^[\w-]+$/.test(id)) return id // which nearly all are, and encoding would not change
  // Half of a surrogate pair has no encoding.
  limit(operation, id !== '' && !/^\.+$|\p{Surrogate}/u.test(id), `the ${what} id is empty or no id`)
  return encodeURIComponent(id)
}
