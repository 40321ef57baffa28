import { useEffect, useState } from 'react'
import { useLatest } from '../useLatest.ts'
import { addresses } from './api.ts'

/**
 * Calls `onChange` whenever calls have changed; without ids when some changes may have been missed. Says whether the line
 * to the server stands; the browser itself tries again.
 */
export function useCallEvents(onChange: (ids: readonly string[]) => void): { connected: boolean } {
  const [connected, setConnected] = useState(true)
  const listener = useLatest(onChange)

  useEffect(() => {
    let source: EventSource
    let retry: ReturnType<typeof setTimeout> | undefined
    let broken = false
    const open = () => {
      source = new EventSource(addresses.calls)
      source.onopen = () => {
        setConnected(true)
        if (broken) listener.current([]) // what happened meanwhile went unheard
        broken = false
      }
      source.onerror = () => {
        setConnected(false)
        broken = true
        // The browser gives up when the server answers with an error; a server that restarts does that.
        if (source.readyState === EventSource.CLOSED) retry = setTimeout(open, 2_000)
      }
      source.addEventListener('calls', ({ data }) => listener.current((JSON.parse(data) as { ids: string[] }).ids))
    }
    open()
    // The line may stand through a time without a network, in which what was asked for because of it failed.
    const again = () => listener.current([])
    window.addEventListener('online', again)
    return () => {
      window.removeEventListener('online', again)
      clearTimeout(retry)
      source.close()
    }
  }, [listener])
  return { connected }
}
