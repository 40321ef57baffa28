import { useEffect, useState } from 'react'

/** A word on what has just happened; `canUndo` offers to take it back. */
export type Notice = { text: string; canUndo: boolean }

const shownMs = 6000

/** The notice over the canvas, which goes by itself. */
export function useNotice() {
  const [notice, setNotice] = useState<Notice | null>(null)
  useEffect(() => {
    if (!notice) return
    const timer = setTimeout(setNotice, shownMs, null)
    return () => clearTimeout(timer)
  }, [notice])
  return [notice, setNotice] as const
}
