import { useState } from 'react'
import { callsMessages as words } from '../messages/calls.ts'

/** Puts a text on the clipboard, which the browser may refuse, as in some frames: `said` is what came of it, in words; null before. */
export function useCopy() {
  const [said, setSaid] = useState<string | null>(null)
  async function copy(text: string) {
    const written = navigator.clipboard?.writeText(text) ?? Promise.reject()
    setSaid(await written.then(() => words.copied).catch(() => words.copyRefused))
  }
  return { said, copy: (text: string) => void copy(text) }
}
