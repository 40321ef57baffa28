import { addresses, api } from '../shell/api.ts'
import type { CallStep } from '../wire.ts'
import { readEntry } from './entry.ts'
import type { Line, News } from './line.ts'

/** Dials the real bot through the emulator, and tells what both of them say. */
export function openEmulatorLine(flowId: string): Line {
  const listeners = new Set<(news: News) => void>()
  const tell = (news: News) => {
    for (const listener of [...listeners]) listener(news)
  }
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
      if (events.readyState !== EventSource.CLOSED || ended) return
      tell({ type: 'lost' })
    }
  }

  const onCall = async (act: (id: string) => Promise<void>) => {
    if (callId !== null && !ended) await act(callId)
  }

  return {
    async call(flow, caller) {
      source?.close()
      const placed = await api.placeCall({ flowId, flow, caller })
      callId = placed.callId
      ended = false
      tell({ type: 'placed' })
      listen(placed.callId)
    },
    press: (key) => onCall((id) => api.pressTones(id, key)),
    hangUp: () => onCall(api.hangUp),
    transfer: (outcome) => onCall((id) => api.decideTransfer(id, outcome)),
    soundOf: (media) => addresses.media(callId ?? '', media),
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    close() {
      void onCall(api.hangUp).catch(() => {}) // nobody is left to be told
      source?.close()
      listeners.clear()
      ended = true
    },
  }
}
