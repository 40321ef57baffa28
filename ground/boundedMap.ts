/** A map that forgets its oldest entry when it is full, so that what comes from outside cannot fill the memory. */
export class BoundedMap<K, V> extends Map<K, V> {
  readonly #most: number

  constructor(most: number) {
    super()
    this.#most = most
  }

  override set(key: K, value: V): this {
    if (!this.has(key) && this.size >= this.#most) {
      const oldest = this.keys().next()
      if (!oldest.done) this.delete(oldest.value)
    }
    return super.set(key, value)
  }

  /** Like `get`, for what is kept while it is used: the entry counts as new again. */
  use(key: K): V | undefined {
    const value = this.get(key)
    if (value !== undefined) {
      this.delete(key)
      this.set(key, value)
    }
    return value
  }
}
