import { setTimeout as passed } from 'node:timers/promises'
import { stepOnWire } from './callItem.ts'
import { readEvents, type ServerEvent } from './eventStream.ts'
import type { Services } from './services.ts'

type Deps = { store: Pick<Services['store'], 'calls'>; changes: Services['changes'] }

/** How often the history is asked if nobody tells that it has grown. */
const pollMs = 500
/** The last step is written in a batch, a moment after the call's end. */
const lastStepsMs = 3_000

/**
 * All that happens on one phone call, as it happens: the transcript of the emulator, where the caller sits, and `step`
 * events from the history, where the bot writes. Ends with an `over` event after the call's end and its last step.
 * @param transcript the emulator's events; null when there are no more
 */
export async function sendPhoneEvents(
  { store, changes }: Deps,
  { tenantId, callId, transcript }: { tenantId: string; callId: string; transcript: ReadableStream<Uint8Array> | null },
  send: (event: ServerEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController()

  async function forwardTranscript() {
    if (transcript) for await (const event of readEvents(transcript)) send(event)
    setTimeout(() => over.abort(), lastStepsMs)
  }

  async function forwardSteps() {
    let last = -1
    const news = newsOf(changes, signal)
    try {
      while (!signal.aborted) {
        // A database that is away for a moment is asked again, like a call that is not written down yet.
        const call = await store.calls.get(tenantId, callId).catch(() => null)
        for (const step of call?.steps ?? []) {
          if (step.seq <= last) continue
          last = step.seq
          send({ event: 'step', data: JSON.stringify(stepOnWire(step)) })
        }
        if (call?.state === 'ended' || over.signal.aborted) return
        await news.next(pollMs)
      }
    } finally {
      news.stop()
    }
  }

  await Promise.all([forwardTranscript(), forwardSteps()])
  send({ event: 'over', data: '{}' })
}

/** `next` resolves when the history tells that calls have changed, also since the last time, or after `ms`. */
function newsOf(changes: Services['changes'], signal: AbortSignal) {
  let heard = new AbortController()
  const hear = () => heard.abort()
  const stop = changes.on('calls', hear)
  signal.addEventListener('abort', hear)
  return {
    async next(ms: number) {
      await passed(ms, undefined, { signal: heard.signal }).catch(() => {})
      heard = new AbortController()
    },
    stop() {
      stop()
      signal.removeEventListener('abort', hear)
    },
  }
}
