import * as z from 'zod'
import { AppError } from './appError.ts'
import type { Settings } from './settings.ts'

const answerLimitMs = 5_000

/**
 * The end of the emulator where people sit: dial, press keys, hang up, listen. emulator/README.md describes it.
 * @throws AppError `localOnly` where there is none
 */
export function emulatorOf({ local }: Settings) {
  if (!local) throw new AppError('localOnly')
  const { emulatorUrl } = local

  /** @throws AppError `emulatorAway`, `notFound`, `callRefused` */
  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    let response: Response
    try {
      response = await fetch(new URL(path, emulatorUrl), { signal: AbortSignal.timeout(answerLimitMs), ...init })
    } catch (cause) {
      throw new AppError('emulatorAway', undefined, { cause })
    }
    if (response.ok) return response
    // It may have done what was asked, or not.
    if (response.status >= 500) throw new AppError('emulatorAway')
    const { error } = Refused.safeParse(await response.json().catch(() => null)).data ?? {}
    throw new AppError(response.status === 404 ? 'notFound' : 'callRefused', error?.code)
  }
  const post = (path: string, body?: unknown) =>
    ask(path, {
      method: 'POST',
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
  const callPath = (callId: string) => `/emulator/calls/${encodeURIComponent(callId)}`

  return {
    /** Somebody dials the bot. A transfer waits until it is decided here. */
    async placeCall({ appId, from, called }: { appId: string; from: Caller; called: string }) {
      const to = { applicationInstance: { id: called } }
      const response = await post('/emulator/calls', { appId, from, to, transfers: 'ask' })
      const { id, tenantId } = Placed.parse(await response.json())
      return { callId: id, tenantId }
    },
    pressTones: async (callId: string, tones: string) => {
      await post(`${callPath(callId)}/tones`, { tones })
    },
    speak: async (callId: string, seconds: number) => {
      await post(`${callPath(callId)}/speech`, { seconds })
    },
    hangUp: async (callId: string) => {
      await post(`${callPath(callId)}/hangUp`)
    },
    decideTransfer: async (callId: string, outcome: string) => {
      await post(`${callPath(callId)}/transfer`, { outcome })
    },
    /** The transcript behind entry `after`, as it grows, until the call has ended; null when there is nothing behind it any more. */
    async events(callId: string, after: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array> | null> {
      const response = await ask(`${callPath(callId)}/events?after=${after}`, { signal })
      return response.status === 204 ? null : response.body
    },
    media: async (callId: string, media: number) => (await ask(`${callPath(callId)}/media/${media}.wav`)).arrayBuffer(),
    isThere: () =>
      ask('/api/health').then(
        () => true,
        () => false,
      ),
  }
}

type Caller = { user: { id: string; displayName: string } } | { phone: string }

const Placed = z.object({ id: z.string(), tenantId: z.string() })
const Refused = z.object({ error: z.object({ code: z.string() }) })
