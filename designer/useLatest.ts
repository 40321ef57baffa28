import { useRef } from 'react'

/** What was given when the component was last drawn: for handlers that stay the same while it changes. */
export function useLatest<T>(value: T): { readonly current: T } {
  const latest = useRef(value)
  latest.current = value
  return latest
}
