import type { Cancel } from '#ground/clock.ts'
import { GraphError } from '../road/error.ts'
import type { ToneInfo } from '../wire/types.ts'
import { after, type Line, type Stopped } from './line.ts'
import type { CallEvents, Wait } from './liveCall.ts'
import type { Ended } from './observe.ts'
import { OperationError } from './operations.ts'
import { deferred } from './quietPromise.ts'

export type Settle<T> = { resolve(value: T): void; reject(error: unknown): void }

/**
 * A promise that cannot outlive the call. What `work` gives back tidies up, however it was settled. When nobody awaits it, its
 * failure is told by the `operation` event, and a refusal, which no event tells, by `onError`.
 */
export function untilOver<T>(
  line: Line,
  operation: string,
  work: (settle: Settle<T>) => Cancel,
  { whenEnded, signal }: { whenEnded?: ((how: Ended) => T) | undefined; signal?: AbortSignal | undefined } = {},
): Promise<T> {
  const { promise, resolve, reject } = deferred<T>()
  promise.orElse((error) => {
    if (error instanceof GraphError && error.code !== 'aborted') line.onError(error)
  })
  let isOpen = true
  let tidyUp: Cancel = () => {}
  const settle = (act: () => void) => {
    if (!isOpen) return
    isOpen = false
    line.pending.delete(finish)
    signal?.removeEventListener('abort', abort)
    tidyUp()
    act()
  }
  const finish = (why: Stopped) =>
    settle(() => {
      const { ended } = line.known
      if (why === 'callEnded' && ended && whenEnded) return resolve(whenEnded(ended))
      reject(new OperationError(why, operation))
    })
  const abort = () => settle(() => reject(new OperationError('aborted', operation, null, signal?.reason)))
  if (line.stopped) finish(line.stopped)
  else if (signal?.aborted) abort()
  if (!isOpen) return promise
  line.pending.add(finish)
  signal?.addEventListener('abort', abort)
  const tidy = work({
    resolve: (value) => settle(() => resolve(value)),
    reject: (error) => settle(() => reject(error)),
  })
  if (isOpen) tidyUp = tidy
  else tidy()
  return promise
}

/** The next such event; at once where it happens only once and has happened, also when the call is over by now. */
export function untilEvent<E extends keyof CallEvents>(line: Line, event: E, wait: Wait = {}): Promise<CallEvents[E]> {
  const { timeoutMs = Number.POSITIVE_INFINITY, signal } = typeof wait === 'number' ? { timeoutMs: wait } : wait
  const { established, ready } = line.known.view
  const happened = (event === 'established' && established) || (event === 'mediaActive' && ready)
  if (happened) return Promise.resolve(undefined as CallEvents[E]) // such events carry nothing
  return untilOver<CallEvents[E]>(
    line,
    `until ${event}`,
    ({ resolve, reject }) => {
      const off = line.emitter.once(event, resolve)
      const late = () => reject(new OperationError('timeout', `until ${event}`))
      const cancel = after(line, timeoutMs, late)
      return () => {
        off()
        cancel()
      }
    },
    // the event is `ended`
    { signal, whenEnded: event === 'ended' ? (how) => how as CallEvents[E] : undefined },
  )
}

/** Keys from now on, kept until they are asked for, so that none is lost between two questions. */
export function keysFrom({ emitter, pending, stopped }: Line): AsyncIterableIterator<ToneInfo> {
  const kept: ToneInfo[] = []
  const askers: ((result: IteratorResult<ToneInfo, undefined>) => void)[] = []
  let isOver = stopped !== null
  const off = emitter.on('tone', (tone) => {
    const asker = askers.shift()
    if (asker) asker({ value: tone, done: false })
    else kept.push(tone)
  })
  const finish = () => {
    isOver = true
    off()
    pending.delete(finish)
    for (const asker of askers.splice(0)) asker({ value: undefined, done: true })
  }
  if (isOver) off()
  else pending.add(finish)
  return {
    next() {
      const tone = kept.shift()
      if (tone) return Promise.resolve({ value: tone, done: false })
      if (isOver) return Promise.resolve({ value: undefined, done: true })
      return new Promise((resolve) => askers.push(resolve))
    },
    return() {
      kept.length = 0
      finish()
      return Promise.resolve({ value: undefined, done: true })
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
