import { useEffect, useState } from 'react'

/** A value that changes often, as it is when it has not changed for a moment. */
export function useRested<T>(value: T, restMs: number): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(() => value), restMs)
    return () => clearTimeout(timer)
  }, [value, restMs])
  return rested
}
