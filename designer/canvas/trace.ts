/** One block that a call came to, as it is shown on the canvas. */
export type Visit = {
  block: string
  /** The place of its last visit in the order of the call, from 1. */
  number: number
  /** How often the call came here. */
  times: number
  /** The exit by which the call went on, as far as it did. */
  exit?: string
  state: 'visited' | 'now' | 'failed'
}

/** The way of one call through its flow. */
export type Trace = {
  visits: readonly Visit[]
  /** How much of the wait is still left, from 1 down to 0, while the block that runs waits for the caller. */
  wait?: { fraction: number }
}
