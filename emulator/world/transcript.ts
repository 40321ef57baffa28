import type { CallState, ResultInfo } from '#communications/wire/types.ts'
import { type Cancel, type Clock, realClock } from '#ground/clock.ts'

export type TransferOutcome = 'accept' | 'decline' | 'noAnswer'

/** What can happen on a call, as the person at the other end would tell it. */
export type Happening =
  | { kind: 'state'; state: CallState; audio: 'active' | 'inactive' | null }
  /** A prompt begins to sound. `media` is the number of its WAV, `text` what it says where the bot told it. */
  | {
      kind: 'prompt'
      text: string | null
      media: number
      durationMs: number
      operationId: string
      clientContext: string | null
      resourceId: string | null
    }
  /** A prompt has sounded to its end, or was cut off. */
  | { kind: 'promptEnded'; media: number; cut: boolean; operationId: string; clientContext: string | null }
  /** The caller pressed a key. `heard` when the bot had subscribed to tones. */
  | { kind: 'tone'; tone: string; heard: boolean }
  | { kind: 'subscribed'; clientContext: string | null }
  | { kind: 'cancelled'; operationIds: string[] }
  /** The bot asked for a transfer (`outcome` null), and later how it went. */
  | { kind: 'transfer'; to: 'user' | 'phone' | 'other'; id: string | null; outcome: TransferOutcome | null }
  /** Who is in the group has changed; `count` of them are there. */
  | { kind: 'roster'; count: number }
  /** Somebody came into the conversation, or left it. */
  | { kind: 'joined' | 'left'; participantId: string; name: string | null; lobby: boolean }
  /** The bot invited somebody, or forwards a caller (`outcome` null), and later how it went. */
  | { kind: 'invited' | 'redirected'; id: string | null; outcome: TransferOutcome | null }
  /** The bot listens, after the beep; later what became of it. */
  | { kind: 'recording'; operationId: string }
  | { kind: 'recorded'; operationId: string; durationMs: number; subcode: number }
  | { kind: 'spoke'; durationMs: number }
  /** Keys that the bot sent. */
  | { kind: 'dtmf'; tones: string }
  | { kind: 'muted'; participantId: string; muted: boolean }
  | { kind: 'holdMusic'; participantId: string; on: boolean }
  | {
      kind: 'failed'
      what: 'playPrompt' | 'recordResponse' | 'notification' | 'transfer' | 'invite' | 'redirect'
      message: string
    }
  | { kind: 'ended'; by: 'bot' | 'caller' | 'service'; result: ResultInfo | null }

/** One line of a call's transcript. `n` counts from 1, `ms` is the time since the call began. */
export type Entry = { n: number; at: string; ms: number } & Happening

/** A call may last for days; the transcript does not grow for ever. */
const maxEntries = 5000

/** What happened on one call, in order, for those who look back and those who wait. */
export class Transcript {
  readonly #clock: Clock
  readonly #startedAt: number
  readonly #listeners = new Set<(entry: Entry) => void>()
  #entries: Entry[] = []
  #count = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#startedAt = clock.now()
  }

  add(happening: Happening): void {
    const now = this.#clock.now()
    this.#count += 1
    const entry = { n: this.#count, at: new Date(now).toISOString(), ms: now - this.#startedAt, ...happening }
    this.#entries.push(entry)
    if (this.#entries.length > maxEntries) this.#entries.shift()
    for (const listener of [...this.#listeners]) listener(entry)
  }

  /** The entries after number `n`. */
  after(n: number): Entry[] {
    return this.#entries.filter((entry) => entry.n > n)
  }

  /** Calls `listener` with every entry after number `n`: those there are, and those to come. */
  follow(n: number, listener: (entry: Entry) => void): Cancel {
    for (const entry of this.after(n)) listener(entry)
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The first entry after number `n` that matches; null when the call ends or the time is over before there is one. */
  first(n: number, matches: (entry: Entry) => boolean, timeoutMs: number): Promise<Entry | null> {
    return new Promise((resolve) => {
      const settle = (entry: Entry | null) => {
        cancel()
        this.#listeners.delete(hear)
        resolve(entry)
      }
      const hear = (entry: Entry) => {
        if (matches(entry)) settle(entry)
        else if (entry.kind === 'ended') settle(null)
      }
      // Whoever waits here lives in real time, also where the calls do not.
      const cancel = realClock.after(timeoutMs, () => settle(null))
      const known = this.after(n).find((entry) => entry.kind === 'ended' || matches(entry))
      if (known) hear(known)
      else this.#listeners.add(hear)
    })
  }
}
