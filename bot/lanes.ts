import type { Soon } from '#ground/soon.ts'

type Waiting = (() => Soon<unknown>)[]

/**
 * One lane a call: what concerns one call is done one piece after another, in the order in which it came; different
 * calls go side by side. A lane that is empty takes no memory.
 */
export function createLanes(onTrouble: (error: unknown) => void) {
  /** The lanes in which something is being done, and what waits behind it. */
  const lanes = new Map<string, Waiting>()
  const whenEmpty: (() => void)[] = []

  function attempt<T>(lane: string, waiting: Waiting, work: () => Soon<T>): Soon<T | undefined> {
    try {
      const given = work()
      if (!(given instanceof Promise)) return given
      return given.then(
        (value) => {
          goOn(lane, waiting)
          return value
        },
        (error) => {
          onTrouble(error)
          goOn(lane, waiting)
          return undefined
        },
      )
    } catch (error) {
      onTrouble(error)
      return undefined
    }
  }

  /** One after the other, until something takes its time: that goes on by itself. */
  function goOn(lane: string, waiting: Waiting): void {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      if (next() instanceof Promise) return
    }
    lanes.delete(lane)
    if (lanes.size === 0) for (const tell of whenEmpty.splice(0)) tell()
  }

  return {
    /**
     * Does work: at once where nothing is being done in this lane, else behind all that waits there. Gives what the work gives,
     * undefined where it fails; never throws or rejects.
     */
    run<T>(lane: string, work: () => Soon<T>): Soon<T | undefined> {
      const ahead = lanes.get(lane)
      if (ahead) {
        return new Promise((resolve) => {
          ahead.push(() => {
            const given = attempt(lane, ahead, work)
            resolve(given)
            return given
          })
        })
      }
      const waiting: Waiting = []
      lanes.set(lane, waiting)
      const given = attempt(lane, waiting, work)
      if (!(given instanceof Promise)) goOn(lane, waiting)
      return given
    },
    /** Resolves when all lanes are empty. */
    async empty(): Promise<void> {
      if (lanes.size > 0) await new Promise<void>((resolve) => whenEmpty.push(resolve))
    },
    get busy() {
      return lanes.size
    },
  }
}

export type Lanes = ReturnType<typeof createLanes>
