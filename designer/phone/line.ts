import type { Flow } from '#flow/flow.ts'
import type { CallStep } from '../wire.ts'
import type { Entry } from './entry.ts'

export type TransferOutcome = 'accept' | 'decline' | 'noAnswer'

/** What a line tells while a call is on it. */
export type News =
  | { type: 'placed' }
  /** Something that the caller can hear, see or do. */
  | { type: 'entry'; entry: Entry }
  /** Something that the flow did. */
  | { type: 'step'; step: CallStep }
  /** The call is over and all of it has been told. */
  | { type: 'over' }
  /** The line broke before the call's end. */
  | { type: 'lost' }

/**
 * What a phone needs of whatever it is connected to. One call at a time. Everything rejects with ApiError when it could
 * not be done.
 */
export type Line = {
  call(flow: Flow, caller: { name: string }): Promise<void>
  press(key: string): Promise<void>
  hangUp(): Promise<void>
  transfer(outcome: TransferOutcome): Promise<void>
  /** Where the sound of a prompt is found. */
  soundOf(media: number): string
  /** @returns ends the listening */
  subscribe(listener: (news: News) => void): () => void
  /** Hangs up, if there is a call, and lets go of everything. */
  close(): void
}
