import type { Cancel, Clock } from '#ground/clock.ts'
import { sameId } from '#ground/ids.ts'

/** What came in and went out, for contract tests and for people who look for a mistake. */
export type Exchange = { n: number; at: string } & (
  | {
      kind: 'request'
      method: string
      path: string
      operation: string
      callId: string | null
      body: unknown
      /** Null when a fault kept the answer back. */
      status: number | null
      response: unknown
    }
  | {
      kind: 'notification'
      url: string
      callId: string
      attempt: number
      body: unknown
      /** Null when there was no answer. */
      status: number | null
      ms: number
      error: string | null
    }
)

/** What opens something. Who reads the records is not who may open it. */
const secrets = new Set(['client_secret', 'client_assertion', 'assertion', 'access_token', 'recordingAccessToken'])

/** Deeper than anything that Graph knows, and no deeper than the stack. */
const mostLevels = 50

/** A body to be kept and read: without secrets, wherever in it they are, and without what is nested beyond measure. */
function presentable(value: unknown, level = 0): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (level === mostLevels) return '…'
  if (Array.isArray(value)) return value.map((one) => presentable(one, level + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, secrets.has(name) ? '…' : presentable(one, level + 1)]),
  )
}

type WithoutPlace<T> = T extends unknown ? Omit<T, 'n' | 'at'> : never

const maxKept = 5000
const maxLetters = 32_000_000

type Kept = { exchange: Exchange; letters: number }

/** The last five thousand of them, and no more than 32 MB of text. What is added is kept without its secrets. */
export class Traffic {
  readonly #clock: Clock
  readonly #listeners = new Set<(exchange: Exchange) => void>()
  #kept: Kept[] = []
  #letters = 0
  #count = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(added: WithoutPlace<Exchange>): void {
    this.#count += 1
    const exchange: Exchange = {
      n: this.#count,
      at: new Date(this.#clock.now()).toISOString(),
      ...added,
      body: presentable(added.body),
      ...('response' in added && { response: presentable(added.response) }),
    }
    const letters = JSON.stringify(exchange).length
    this.#kept.push({ exchange, letters })
    this.#letters += letters
    // Dropped in blocks: one shift per request would move the whole list each time.
    if (this.#kept.length > maxKept * 1.1 || this.#letters > maxLetters) this.#dropOldest()
    for (const listener of [...this.#listeners]) listener(exchange)
  }

  /** Calls `listener` with everything that is added from now on. */
  follow(listener: (exchange: Exchange) => void): Cancel {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Number of the oldest one that is kept; of the next one to come when there is none. */
  get first(): number {
    return this.#kept.at(-maxKept)?.exchange.n ?? this.#kept[0]?.exchange.n ?? this.#count + 1
  }

  list({ after = 0, callId }: { after?: number; callId?: string | undefined } = {}): Exchange[] {
    const isAbout = (id: string | null) => !callId || (id !== null && sameId(id, callId))
    return this.#kept
      .slice(-maxKept)
      .map(({ exchange }) => exchange)
      .filter((one) => one.n > after && isAbout(one.callId))
  }

  forget(): void {
    this.#kept = []
    this.#letters = 0
  }

  /** Down to `maxKept`, and to nine tenths of the text if there is too much of it. */
  #dropOldest(): void {
    const most = this.#letters > maxLetters ? maxLetters * 0.9 : maxLetters
    let first = 0
    while (this.#kept.length - first > maxKept || this.#letters > most) {
      this.#letters -= this.#kept[first]?.letters ?? this.#letters
      first += 1
    }
    this.#kept = this.#kept.slice(first)
  }
}
