import { useCallback, useEffect, useRef, useState } from 'react'
import { soundKey } from './tones.ts'

export type Sound = ReturnType<typeof useSound>

/** What the caller hears: prompts one after another, and the tones of the keys. */
export function useSound() {
  const { element, blocked, tryAgain, play, stop } = usePrompts()
  const tones = useRef<AudioContext | null>(null)
  const [on, setOn] = useState(true)
  const [volume, setVolume] = useState(1)

  useEffect(() => {
    if (!element.current) return
    element.current.muted = !on
    element.current.volume = volume
  }, [element, on, volume])

  useEffect(
    () => () => {
      void tones.current?.close()
      tones.current = null
    },
    [],
  )

  return {
    /** For the element that plays prompts. */
    element,
    on,
    volume,
    /** The browser did not let a prompt sound. */
    blocked,
    setOn(next: boolean) {
      setOn(next)
      if (next && blocked) tryAgain()
    },
    setVolume,
    /** To be called in the click that begins a call: browsers let nothing sound before a click. */
    unlock() {
      tones.current ??= new AudioContext()
      void tones.current.resume()
      element.current?.load()
    },
    play,
    /** Silences the prompt that sounds and those behind it. */
    stop,
    key(key: string) {
      if (on && tones.current) soundKey(tones.current, key, volume)
    },
  }
}

/** Prompts, each when the one before has ended. */
function usePrompts() {
  const element = useRef<HTMLAudioElement>(null)
  const waiting = useRef<string[]>([])
  const [blocked, setBlocked] = useState(false)

  const start = useCallback((audio: HTMLAudioElement) => {
    const next = waiting.current.shift()
    if (next === undefined) return
    audio.src = next
    audio.play().then(
      () => setBlocked(false),
      // A prompt that was stopped before it began is no fault.
      (error) => error instanceof DOMException && error.name === 'NotAllowedError' && setBlocked(true),
    )
  }, [])

  useEffect(() => {
    const audio = element.current
    if (!audio) return
    const ended = () => start(audio)
    audio.addEventListener('ended', ended)
    return () => {
      audio.removeEventListener('ended', ended)
      audio.pause()
    }
  }, [start])

  return {
    element,
    blocked,
    tryAgain() {
      element.current?.play().then(
        () => setBlocked(false),
        () => {},
      )
    },
    play(url: string) {
      const audio = element.current
      if (!audio) return
      waiting.current.push(url)
      // Ours may be a moment behind the telephone: its last word is let out before the next prompt begins.
      if (audio.paused || audio.ended) start(audio)
    },
    stop() {
      waiting.current = []
      element.current?.pause()
    },
  }
}
