import type { Cancel, Clock } from '#communications/clock.ts'
import { plainId } from '../calls/call.ts'

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

type WithoutPlace<T> = T extends unknown ? Omit<T, 'n' | 'at'> : never

const maxKept = 5000
const maxLetters = 32_000_000

type Kept = { exchange: Exchange; letters: number }

/** The last five thousand of them, and no more than 32 MB of text. */
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
    const exchange = { n: this.#count, at: new Date(this.#clock.now()).toISOString(), ...added }
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
    const isAbout = (id: string | null) => !callId || (id !== null && plainId(id) === plainId(callId))
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
