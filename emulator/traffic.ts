import { plainId } from './call.ts'
import type { Clock } from './clock.ts'

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

/** The last five thousand of them. */
export class Traffic {
  readonly #clock: Clock
  #kept: Exchange[] = []
  #count = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(exchange: WithoutPlace<Exchange>): void {
    this.#count += 1
    this.#kept.push({ n: this.#count, at: new Date(this.#clock.now()).toISOString(), ...exchange })
    // Dropped in blocks: one shift per request would move the whole list each time.
    if (this.#kept.length > maxKept * 1.1) this.#kept = this.#kept.slice(-maxKept)
  }

  list({ after = 0, callId }: { after?: number; callId?: string | undefined } = {}): Exchange[] {
    const isAbout = (id: string | null) => !callId || (id !== null && plainId(id) === plainId(callId))
    return this.#kept.slice(-maxKept).filter((one) => one.n > after && isAbout(one.callId))
  }

  forget(): void {
    this.#kept = []
  }
}
