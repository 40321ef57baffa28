import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Cancel, Clock } from '#ground/clock.ts'
import type { Settings } from '../settings.ts'
import { Refusal } from '../wire/refusal.ts'
import type { Call } from './call.ts'

/** Recordings of calls: each has its own address and its own token, and goes shortly after its call (call-record page). */
export type Recordings = ReturnType<typeof createRecordings>

export function createRecordings({ settings, clock }: { settings: Settings; clock: Clock }) {
  const kept = new Map<string, { wav: Uint8Array; token: string; call: Call }>()
  const timers = new Set<Cancel>()

  return {
    keep(call: Call, wav: Uint8Array, origin: string): { location: string; token: string } {
      const id = randomUUID()
      // The real one is a JWT; nobody may look into it, so it is opaque here.
      const token = randomBytes(32).toString('base64url')
      kept.set(id, { wav, token, call })
      return { location: `${origin}/recordings/${id}`, token }
    },
    /** Throws a Refusal: 404 for one that is not there (any more), 401 without its own token. */
    read(id: string, authorization: string | undefined): Uint8Array {
      const recording = kept.get(id)
      if (!recording) throw new Refusal(404, '8522', 'Recording not found.')
      const given = Buffer.from(/^Bearer (.+)$/i.exec(authorization ?? '')?.[1] ?? '')
      const wanted = Buffer.from(recording.token)
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
        throw new Refusal(401, '7501', 'The recording is read with its recordingAccessToken.')
      }
      return recording.wav
    },
    /** The call is over: its recordings go in a while. */
    callEnded(call: Call): void {
      if (![...kept.values()].some((one) => one.call === call)) return
      const cancel = clock.after(settings.recordingKeptMs, () => {
        timers.delete(cancel)
        for (const [id, one] of kept) if (one.call === call) kept.delete(id)
      })
      timers.add(cancel)
    },
    forget(): void {
      kept.clear()
      for (const cancel of timers) cancel()
      timers.clear()
    },
  }
}
