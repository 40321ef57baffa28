import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import * as z from 'zod'

const Entry = z.object({ n: z.number(), durationMs: z.number().optional() })
/** Longest wait for anything that the bot is to do. */
const patienceMs = 20_000
/** From the end of a prompt to the key. */
const thinkMs = 400

export type Outcome = { id: string; how: 'reference' | 'hungUp' | 'failed'; why?: string }

/** People at the emulator's telephones, who call the reference flow and do what its callers do. */
export function createPeople(emulatorUrl: string) {
  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${emulatorUrl}/emulator${path}`, {
      method,
      signal: AbortSignal.timeout(patienceMs + 5_000),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path.replace(/\/calls\/[^/]+/, '/calls/…')}: ${answer.status}`)
    return answer.json().catch(() => null)
  }

  /** One call: a wrong key, a right one, and the bot hangs up. Who is in a hurry hangs up in the menu. */
  async function call(inHurry: boolean): Promise<Outcome> {
    const from = { user: { id: randomUUID(), displayName: 'A caller' } }
    const { id } = z.object({ id: z.string() }).parse(await ask('POST', '/calls', { from }))
    let seen = 0
    const until = async (query: string) => {
      const path = `/calls/${id}/wait?${query}&after=${seen}&timeoutMs=${patienceMs}`
      const entry = Entry.parse(await ask('GET', path))
      seen = entry.n
      return entry
    }
    const hears = async (text: string) => {
      const { durationMs = 0 } = await until(`prompt=${encodeURIComponent(text)}`)
      await wait(durationMs + thinkMs)
    }
    try {
      await hears('press 1')
      if (inHurry) {
        await ask('POST', `/calls/${id}/hangUp`)
        return { id, how: 'hungUp' }
      }
      await ask('POST', `/calls/${id}/tones`, { tones: '9' })
      await hears('press 1')
      await ask('POST', `/calls/${id}/tones`, { tones: '1' })
      await until('ended=1')
      return { id, how: 'reference' }
    } catch (error) {
      await ask('POST', `/calls/${id}/hangUp`).catch(() => {})
      return { id, how: 'failed', why: error instanceof Error ? error.message : String(error) }
    }
  }

  return { ask, call }
}
