const nothing = () => {}

/** A promise that knows whether anybody waits for it: one that nobody awaits must not end the process when it rejects. */
class QuietPromise<T> extends Promise<T> {
  /** What follows from it is an ordinary promise. */
  static override get [Symbol.species]() {
    return Promise
  }
  #isAwaited = false

  // biome-ignore lint/suspicious/noThenProperty: `await` goes through it, since this is not a plain promise
  override then<A = T, B = never>(
    onResolved?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#isAwaited = true
    return super.then(onResolved, onRejected)
  }

  /** From now on a rejection that nobody waits for goes to `tell`, and not to the process. */
  orElse(tell: (error: unknown) => void): this {
    super.then(undefined, (error) => {
      if (!this.#isAwaited) tell(error)
    })
    return this
  }
}

export function deferred<T>() {
  let resolve: (value: T) => void = nothing
  let reject: (error: unknown) => void = nothing
  const promise = new QuietPromise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
