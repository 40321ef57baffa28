import { useEffect, useRef, useState } from 'react'
import { api } from '../shell/api.ts'
import { errorWords } from '../shell/words.ts'

/** Plays a text as callers will hear it. A second `listen` while it plays stops it. */
export function useSpeech(language: string) {
  const [state, setState] = useState<'quiet' | 'loading' | 'playing'>('quiet')
  const [fault, setFault] = useState<string | null>(null)
  const stop = useRef<() => void>(() => {})
  useEffect(() => () => stop.current(), [])

  async function listen(text: string) {
    if (state !== 'quiet') return stop.current()
    const leaving = new AbortController()
    const audio = new Audio()
    const quiet = () => {
      leaving.abort()
      audio.pause()
      URL.revokeObjectURL(audio.src)
      setState('quiet')
    }
    stop.current = quiet
    setFault(null)
    setState('loading')
    try {
      audio.src = URL.createObjectURL(await api.speak(text, language, leaving.signal))
      audio.onended = quiet
      await audio.play()
      setState('playing')
    } catch (error) {
      const stopped = leaving.signal.aborted
      quiet()
      if (!stopped) setFault(errorWords(error))
    }
  }
  return { state, fault, listen }
}
