import type { Flow } from '#flow/flow.ts'
import type { Trace } from '../canvas/trace.ts'

/** What the designer gives to the phone that stands in place of the settings during a test call. */
export type PhoneSlotProps = {
  flowId: string
  /** The draft as it stands on the screen. */
  flow: Flow
  /** How many errors it has. */
  errors: number
  /** Saves the draft before a call; rejects when it could not be saved. */
  saveFirst(): Promise<void>
  /** Tells the canvas where the call has been; null when there is nothing to show any more. */
  onTrace(trace: Trace | null): void
  onClose(): void
}
