import { useCallback, useEffect, useState } from 'react'

type Loaded<T> = { value: T | null; error: unknown }

/**
 * Loads something for a page, anew when `key` changes or `reload` is called. What was loaded stays while it is loaded again,
 * so that nothing blinks; an error of a reload stands beside it. `put` is for who knows what the next load will bring, having just saved it.
 */
export function useLoaded<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
): Loaded<T> & { reload: () => void; put: (value: T) => void } {
  const [loaded, setLoaded] = useState<Loaded<T> & { key: string }>({ key, value: null, error: null })
  const [round, setRound] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for all that `load` depends on
  useEffect(() => {
    const leaving = new AbortController()
    load(leaving.signal).then(
      (value) => !leaving.signal.aborted && setLoaded({ key, value, error: null }),
      (error) => {
        if (leaving.signal.aborted) return
        setLoaded((before) => ({ key, value: before.key === key ? before.value : null, error }))
      },
    )
    return () => leaving.abort()
  }, [key, round])

  const reload = useCallback(() => setRound((before) => before + 1), [])
  const put = useCallback((value: T) => setLoaded({ key, value, error: null }), [key])
  const { value, error } = loaded.key === key ? loaded : { value: null, error: null }
  return { value, error, reload, put }
}
