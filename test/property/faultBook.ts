import type { CallEvents, LiveCall } from '#communications/calling/call.ts'
import type { Ended } from '#communications/calling/observe.ts'
import { OperationError } from '#communications/calling/operations.ts'
import { GraphError } from '#communications/road/error.ts'
import type { Transport } from '#communications/road/http.ts'
import type { CallView } from '#emulator/world/views.ts'
import type { Clock } from '#ground/clock.ts'
import { normalId } from '#ground/ids.ts'

/** What everybody saw in a run, written down while it goes on. */

/** A promise that the client gave, and what became of it. `outcome` is null while it is open. */
type Promised = { what: string; callId: string; outcome: string | null; isKnown: boolean }

/** What the bot saw of a call that it followed. */
export type Seen = {
  id: string
  /** When it was given up because the bot's process ended. */
  closed: boolean
  ended: (Ended & { at: number; tick: number }) | null
  ends: number
  /** Names of events that came after the end. */
  late: string[]
  tones: number[]
}

export type Sent = {
  at: number
  tick: number
  method: string
  path: string
  body: string
  /** When and how it was answered; null where it was not. */
  answer: { at: number; status: number; retryAfterMs: number; code: string } | null
}

/** A notification that was proven and parsed. */
type Arrived = { at: number; tick: number; callId: string; toneSequence: number | null }

/** A run as far as it has come. `ticks` counts what happened, since much happens at one time. */
export type Book = ReturnType<typeof openBook>
export const openBook = (clock: Clock) => ({
  clock,
  beganAt: clock.now(),
  ticks: 0,
  /** Requests that were begun and have not settled. */
  underWay: 0,
  /** The most timers of followed calls that were left when no call was followed any more. */
  strayTimers: 0,
  promised: [] as Promised[],
  seen: [] as Seen[],
  sent: [] as Sent[],
  arrived: [] as Arrived[],
  /** Ids of calls of which `resume` said that they are over, and when. */
  foundOver: [] as { id: string; tick: number }[],
  /** What `onError` was told, and what nobody caught, other than the known classes. */
  strange: [] as string[],
  trace: [] as string[],
})

/** A run that is over. */
export type Run = Book & {
  endedAt: number
  isQuiet: boolean
  /** Timers that are left, and calls that the client still follows. */
  open: { timers: number; calls: string[] }
  emulated: CallView[]
  planOf(call: CallView): number
}

export function tickOf(book: Book): number {
  book.ticks += 1
  return book.ticks
}

export const note = (book: Book, what: string) => book.trace.push(`${book.clock.now() - book.beganAt} ${what}`)

export const describe = (error: unknown): string =>
  error instanceof GraphError || error instanceof OperationError
    ? `${error.name} ${error.code}`
    : `${error instanceof Error ? (error.stack ?? error.message) : error}`
export const isKnown = (error: unknown): boolean =>
  (error instanceof GraphError || error instanceof OperationError) && error.code !== '' && error.operation !== ''

/** Keeps account of a promise, and gives it back as one that never rejects. */
export async function keep<T>(
  book: Book,
  what: string,
  callId: string,
  promise: Promise<T>,
): Promise<{ value: T } | { error: unknown }> {
  const one: Promised = { what, callId, outcome: null, isKnown: true }
  book.promised.push(one)
  try {
    const value = await promise
    one.outcome = 'resolved'
    return { value }
  } catch (error) {
    one.outcome = describe(error)
    one.isKnown = isKnown(error)
    return { error }
  } finally {
    note(book, `= ${what} ${callId} ${one.outcome?.split('\n')[0]}`)
  }
}

/** The way to the emulator, with every request and its answer written down. */
export function recording(book: Book, transport: Transport): Transport {
  const { clock } = book
  return async (url, exchange) => {
    if (exchange.signal?.aborted) return transport(url, exchange) // it does not go out
    const tick = tickOf(book)
    const { method } = exchange
    const { pathname: path } = new URL(url)
    const body = typeof exchange.body === 'string' ? exchange.body : ''
    const one: Sent = { at: clock.now(), tick, method, path, body, answer: null }
    book.sent.push(one)
    book.underWay += 1
    note(book, `> ${method} ${path}`)
    try {
      const answer = await transport(url, exchange)
      const retryAfterMs = Number(answer.headers['retry-after'] ?? 0) * 1000
      const code = /"code":"(\w+)"/.exec(answer.text)?.[1] ?? ''
      one.answer = { at: clock.now(), status: answer.status, retryAfterMs, code }
      note(book, `< ${answer.status} ${method} ${path}`)
      return answer
    } catch (error) {
      note(book, `x ${method} ${path}`)
      throw error
    } finally {
      book.underWay -= 1
    }
  }
}

const eventNames = {
  stateChanged: 0,
  established: 0,
  mediaActive: 0,
  mediaState: 0,
  tone: 0,
  roster: 0,
  operation: 0,
  transferred: 0,
  transferFailed: 0,
  ended: 0,
  other: 0,
} satisfies Record<keyof CallEvents, 0>
const events = Object.keys(eventNames) as (keyof CallEvents)[] // the keys that `satisfies` has checked

/** Writes down what the bot sees of this call. `onEnded` is told of each end. */
export function watched(book: Book, call: LiveCall, onEnded: () => void): LiveCall {
  const one: Seen = { id: normalId(call.id), closed: false, ended: null, ends: 0, late: [], tones: [] }
  book.seen.push(one)
  for (const event of events) {
    call.on(event, (news) => {
      if (one.ended && event !== 'ended') one.late.push(event)
      if (event === 'tone') one.tones.push((news as CallEvents['tone']).sequenceId) // by the event's name
      if (event !== 'ended') return
      one.ends += 1
      const how = news as Ended // as above
      const tick = tickOf(book)
      one.ended ??= { ...how, at: book.clock.now(), tick }
      onEnded()
      note(book, `. ${call.id} ended ${how.how} ${how.resultInfo?.code ?? ''}/${how.resultInfo?.subcode ?? ''}`)
    })
  }
  return call
}

/** The trace, with how-manieth ids in place of random ones. */
export function traceWithoutIds({ trace }: Book): string[] {
  const ids = new Map<string, string>()
  return trace.map((entry) =>
    entry.replaceAll(/[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/gi, (id) => {
      const key = normalId(id)
      const known = ids.get(key) ?? `#${ids.size + 1}`
      ids.set(key, known)
      return known
    }),
  )
}
