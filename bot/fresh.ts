import { randomUUID } from 'node:crypto'
import type { Clock } from '#ground/clock.ts'
import { withTimeout } from '#ground/timeout.ts'
import type { Voice } from '#speech/voice.ts'
import type { Audio } from './audio.ts'
import { type PromptAudio, promptUri } from './program.ts'

/**
 * What is known only during a call (a name, a number in a prompt) is spoken while the caller waits, and kept in memory until the call
 * is over or has said much else since: never in the database, under an address that only Graph is told.
 */

/** Nobody listens to silence for longer; the caller then goes the way of a failure. */
const patienceMs = 2_500
/** Of one call, one text after the other: two minutes of speech. What is wanted at this moment stays in any case. */
const mostOfOne = 4_000_000
/** Of all calls together. Beyond it calls lose what they have not said for the longest time. */
const mostOfAll = 128_000_000

export type FreshDeps = { voice: Pick<Voice, 'speak'>; publicUrl: string; clock: Clock }

type Spoken = Audio & PromptAudio & { callId: string }

export class NotSpoken extends Error {
  override readonly name = 'NotSpoken'
  readonly code = 'notSpoken'
}

/** Where there is no voice for calls. */
export const nothingFresh: Pick<Fresh, 'of' | 'forget'> = {
  of: () => Promise.reject(new NotSpoken('There is no voice for it.')),
  forget: () => {},
}

export type Fresh = ReturnType<typeof createFresh>

export function createFresh({ voice, publicUrl, clock }: FreshDeps) {
  const kept = createShelf()

  async function speak(callId: string, text: string, language: string, signal: AbortSignal): Promise<Spoken> {
    const { wav, durationMs } = await voice.speak(text, { language, turn: callId, signal })
    if (signal.aborted) throw new NotSpoken('Nobody waits for it any more.')
    const resourceId = randomUUID()
    const spoken = { callId, text, wav, durationMs, resourceId, uri: promptUri(publicUrl, resourceId) }
    kept.add(spoken)
    return spoken
  }

  async function speakAll(callId: string, wanted: ReadonlySet<string>, language: string, signal: AbortSignal) {
    const found = new Map<string, PromptAudio>()
    const speakOne = async (text: string) => {
      const spoken = kept.use(callId, text) ?? (await speak(callId, text, language, signal))
      const { uri, resourceId, durationMs } = spoken
      found.set(text, { uri, resourceId, durationMs })
    }
    await Promise.all([...wanted].map(speakOne))
    kept.makeRoom(callId, wanted)
    return found
  }

  return {
    /**
     * The audio of these texts: spoken now, or for the same call before. Who speaks for many takes turns among calls.
     * @throws NotSpoken when the voice cannot, or not in time, or `until` is aborted
     */
    async of(
      callId: string,
      texts: readonly string[],
      { language, until }: { language: string; until: AbortSignal },
    ): Promise<ReadonlyMap<string, PromptAudio>> {
      const leaving = new AbortController()
      const leave = () => leaving.abort()
      if (until.aborted) leave()
      until.addEventListener('abort', leave)
      const late = () => {
        throw new NotSpoken('It takes too long.')
      }
      try {
        const spoken = speakAll(callId, new Set(texts), language, leaving.signal)
        return await withTimeout(spoken, patienceMs, late, clock)
      } catch (error) {
        throw error instanceof NotSpoken ? error : new NotSpoken('The voice could not say it.', { cause: error })
      } finally {
        until.removeEventListener('abort', leave)
        leave()
      }
    },

    /** Null for an address that is none of a call that lives. */
    get: (publicId: string): Audio | null => kept.get(publicId),

    /** The call is over. */
    forget: (callId: string): void => kept.forget(callId),

    get size() {
      return kept.size
    },
  }
}

/** What was spoken for which call, within bounds. */
function createShelf() {
  const byAddress = new Map<string, Spoken>()
  /** The texts of each call, that which was wanted last at the end. */
  const calls = new Map<string, Map<string, Spoken>>()
  let bytes = 0

  function drop({ callId, text, resourceId, wav }: Spoken) {
    bytes -= wav.byteLength
    byAddress.delete(resourceId)
    const mine = calls.get(callId)
    mine?.delete(text)
    if (mine?.size === 0) calls.delete(callId)
  }

  return {
    add(spoken: Spoken) {
      const { callId, text, resourceId, wav } = spoken
      byAddress.set(resourceId, spoken)
      calls.set(callId, (calls.get(callId) ?? new Map<string, Spoken>()).set(text, spoken))
      bytes += wav.byteLength
    },
    use(callId: string, text: string): Spoken | undefined {
      const mine = calls.get(callId)
      const known = mine?.get(text)
      if (mine && known) {
        mine.delete(text)
        mine.set(text, known)
      }
      return known
    },
    /** What a call wants at this moment stays. */
    makeRoom(callId: string, wanted: ReadonlySet<string>) {
      const mine = [...(calls.get(callId)?.values() ?? [])]
      let size = mine.reduce((sum, { wav }) => sum + wav.byteLength, 0)
      for (const spoken of mine) {
        if (size <= mostOfOne) break
        if (wanted.has(spoken.text)) continue
        size -= spoken.wav.byteLength
        drop(spoken)
      }
      for (const spoken of byAddress.values()) {
        if (bytes <= mostOfAll) break
        if (spoken.callId !== callId || !wanted.has(spoken.text)) drop(spoken)
      }
    },
    get: (publicId: string): Spoken | null => byAddress.get(publicId) ?? null,
    forget(callId: string) {
      for (const spoken of calls.get(callId)?.values() ?? []) drop(spoken)
    },
    get size() {
      return byAddress.size
    },
  }
}
