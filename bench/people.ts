import { setTimeout as wait } from 'node:timers/promises'
import { type Control, callIn } from '#test/caller.ts'

/** Longest wait for anything that the bot is to do. */
const patienceMs = 20_000
/** From the end of a prompt to the key. */
const thinkMs = 400

export type Outcome = { id: string; how: 'reference' | 'hungUp' | 'failed'; why?: string }

/** Somebody calls the reference flow: a wrong key, a right one, and the bot hangs up. Who is in a hurry hangs up in the menu. */
export async function call(control: Control, inHurry: boolean): Promise<Outcome> {
  const caller = await callIn(control, {}, patienceMs)
  const { id } = caller
  const hearsOut = async (text: string) => {
    const entry = await caller.hears(text)
    await wait((entry.kind === 'prompt' ? entry.durationMs : 0) + thinkMs)
  }
  try {
    await hearsOut('press 1')
    if (inHurry) {
      await caller.hangsUp()
      return { id, how: 'hungUp' }
    }
    await caller.presses('9')
    await hearsOut('press 1')
    await caller.presses('1')
    await caller.ends()
    return { id, how: 'reference' }
  } catch (error) {
    await caller.hangsUp().catch(() => {})
    return { id, how: 'failed', why: String(error).replace(id, '…') }
  }
}
