/**
 * Who is told of what: handlers by the name of an event, `Events` says what each event carries.
 *
 * Everybody hears everything in the same order: an event that comes up while another one is being told waits until all have heard
 * that one. A handler is not waited for, so one that awaits something of the same call cannot block it. What a handler throws, now
 * or later, goes to `onError` and stops nobody.
 */
export type Emitter<Events extends object> = {
  /** Gives back what ends it. */
  on<E extends keyof Events>(event: E, handler: (news: Events[E]) => unknown): () => void
  once<E extends keyof Events>(event: E, handler: (news: Events[E]) => unknown): () => void
  emit<E extends keyof Events>(event: E, news: Events[E]): void
}

/** Where errors go, made safe: what goes wrong there, now or later, has nowhere left to go, and must stop nobody. */
export function quietly(onError: (error: unknown) => unknown): (error: unknown) => void {
  return async (error) => {
    try {
      await onError(error)
    } catch {}
  }
}

export function createEmitter<Events extends object>(onError: (error: unknown) => void): Emitter<Events> {
  const tellError = quietly(onError)
  type Handlers = { [E in keyof Events]?: Set<(news: Events[E]) => unknown> }
  const handlers: Handlers = {}
  const waiting: (() => void)[] = []
  let telling = false

  async function tell<E extends keyof Events>(handler: (news: Events[E]) => unknown, news: Events[E]): Promise<void> {
    try {
      await handler(news)
    } catch (error) {
      tellError(error)
    }
  }

  const emitter: Emitter<Events> = {
    on(event, handler) {
      // A function of its own, so that the same handler given twice is told twice and ended once.
      const one: typeof handler = (news) => handler(news)
      const those = handlers[event] ?? new Set()
      handlers[event] = those.add(one)
      return () => void those.delete(one)
    },

    once(event, handler) {
      const off = emitter.on(event, (news) => {
        off()
        return handler(news)
      })
      return off
    },

    emit(event, news) {
      waiting.push(() => {
        for (const handler of [...(handlers[event] ?? [])]) void tell(handler, news)
      })
      if (telling) return
      telling = true
      for (let next = waiting.shift(); next; next = waiting.shift()) next()
      telling = false
    },
  }
  return emitter
}
