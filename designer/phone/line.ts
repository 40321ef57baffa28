import { addresses, api } from '../shell/api.ts'
import type { CallStep } from '../wire.ts'
import type { Wanted } from './beforeCall.ts'
import { type Entry, readEntry } from './entry.ts'

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

export type Line = ReturnType<typeof openLine>

/**
 * A line to the real bot through the emulator, for one call at a time; `tell` hears what both of them say. Everything rejects with
 * ApiError when it could not be done.
 */
export function openLine(flowId: string, tell: (news: News) => void) {
  let callId: string | null = null
  let source: EventSource | null = null
  let ended = true

  function listen(id: string) {
    const events = new EventSource(addresses.phone(id))
    source = events
    events.onmessage = ({ data }) => {
      const entry = readEntry(data)
      if (entry?.kind === 'ended') ended = true
      if (entry) tell({ type: 'entry', entry })
    }
    // Our own route writes these, in the form of wire.ts.
    events.addEventListener('step', ({ data }) => tell({ type: 'step', step: JSON.parse(data) as CallStep }))
    events.addEventListener('over', () => {
      events.close()
      tell({ type: 'over' })
    })
    events.onerror = () => {
      // While it connects again the browser says how far it had heard; an answer that is an error closes it for good.
      // The call itself may go on: a page that is left closes it first of all, and then still has to hang up.
      if (events.readyState === EventSource.CLOSED && !ended) tell({ type: 'lost' })
    }
  }

  const onCall = async (act: (id: string) => Promise<void>) => {
    if (callId !== null && !ended) await act(callId)
  }

  return {
    async call({ flow, caller, at }: Wanted) {
      source?.close()
      const moved = at === null ? {} : { at: new Date(at).toISOString() }
      const placed = await api.placeCall({ flowId, flow, caller, ...moved })
      callId = placed.callId
      ended = false
      tell({ type: 'placed' })
      listen(placed.callId)
    },
    press: (key: string) => onCall((id) => api.pressTones(id, key)),
    speak: (seconds: number) => onCall((id) => api.speakInto(id, seconds)),
    hangUp: () => onCall(api.hangUp),
    transfer: (outcome: TransferOutcome) => onCall((id) => api.decideTransfer(id, outcome)),
    /** Where the sound of a prompt is found. */
    soundOf: (media: number) => addresses.media(callId ?? '', media),
    /** Hangs up, if there is a call, and lets go of everything. */
    close() {
      void onCall(api.hangUp).catch(() => {}) // nobody is left to be told
      source?.close()
      ended = true
    },
  }
}
