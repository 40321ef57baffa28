/** Something that is there now, or will be. */
export type Soon<T> = T | Promise<T>

/**
 * Goes on with `value` at once where it is there already. On a path that every piece of news takes it saves a promise, and a turn of the
 * event loop's queue, for each wait that is none.
 */
export function whenThere<T, R>(value: Soon<T>, next: (value: T) => Soon<R>): Soon<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}
