import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Entry } from '#emulator/world/transcript.ts'

/** Longer than any wait that tests and benches ask the emulator for. */
const mostMs = 60_000

/** The end of an emulator that tests hold: people, and what they see. */
export const createControl =
  (emulatorUrl: string) =>
  async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${emulatorUrl}/emulator${path}`, {
      method,
      signal: AbortSignal.timeout(mostMs),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const said = (await answer.json().catch(() => ({}))) as T & { error?: { message: string } }
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${said.error?.message ?? ''}`)
    return said
  }
export type Control = ReturnType<typeof createControl>

export type Dialled = { from?: unknown; to?: unknown; transfers?: 'accept' | 'decline' | 'noAnswer' | 'ask' }

/** Somebody calls. Each wait goes on from where the one before it ended. */
export async function callIn(control: Control, call: Dialled = {}, patienceMs = 20_000) {
  const { id } = await control<{ id: string }>('POST', '/calls', {
    from: { user: { id: randomUUID(), displayName: 'Anna Berger' } },
    ...call,
  })
  let seen = 0
  const waitFor = async (query: string, timeoutMs = patienceMs): Promise<Entry> => {
    const entry = await control<Entry>('GET', `/calls/${id}/wait?${query}&after=${seen}&timeoutMs=${timeoutMs}`)
    seen = entry.n
    return entry
  }
  const transcript = async () => (await control<{ transcript: Entry[] }>('GET', `/calls/${id}`)).transcript
  return {
    id,
    /** Waits until a prompt begins that says this. */
    hears: (text: string, timeoutMs?: number) => waitFor(`prompt=${encodeURIComponent(text)}`, timeoutMs),
    /** Waits until what the caller says is recorded. */
    async isRecorded() {
      for (let n = 0; n < 500 && !(await transcript()).some(({ kind }) => kind === 'recording'); n++) await wait(10)
    },
    speaks: (seconds: number) => control('POST', `/calls/${id}/speech`, { seconds }),
    /** As soon as the next recording listens. */
    speaksAfterBeep: (seconds: number) => control('POST', `/calls/${id}/speech`, { seconds, afterBeep: true }),
    ends: () => waitFor('ended=1'),
    presses: (tones: string) => control('POST', `/calls/${id}/tones`, { tones }),
    hangsUp: () => control('POST', `/calls/${id}/hangUp`),
    transcript,
  }
}
