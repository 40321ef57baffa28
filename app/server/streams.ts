import { AppError } from './appError.ts'
import type { Who } from './who.ts'

/** A window has one for the list of calls and one for its test call; a browser opens six at most. */
export const mostOfOne = 50
/** Of one process. Each is a socket, and is written to whenever a call changes. */
export const mostInAll = 500

/** Counts the event streams that are open: without an end they would leave no time for other requests. */
export function openStreams() {
  const open = new Map<string, number>()
  let all = 0
  return {
    /** @returns how to leave @throws AppError `tooManyWindows`, `tooManyWatch` */
    enter({ tenantId, name }: Who): () => void {
      const key = `${tenantId} ${name}`
      const own = open.get(key) ?? 0
      if (own >= mostOfOne) throw new AppError('tooManyWindows')
      if (all >= mostInAll) throw new AppError('tooManyWatch')
      open.set(key, own + 1)
      all += 1
      let isIn = true
      return () => {
        if (!isIn) return
        isIn = false
        all -= 1
        const left = (open.get(key) ?? 0) - 1
        if (left > 0) open.set(key, left)
        else open.delete(key)
      }
    },
  }
}

export type Streams = ReturnType<typeof openStreams>
