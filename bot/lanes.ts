/**
 * One lane a call: what concerns one call is done one piece after another, in the order in which it came; different
 * calls go side by side. A lane that is empty takes no memory.
 */
export function createLanes(onTrouble: (error: unknown) => void) {
  const ends = new Map<string, Promise<void>>()
  return {
    /** Puts work behind everything that waits in this lane. Resolves when it is done; never rejects. */
    run(lane: string, work: () => void | Promise<void>): Promise<void> {
      const before = ends.get(lane)
      const done = (before ? before.then(work) : Promise.resolve().then(work)).catch(onTrouble)
      ends.set(lane, done)
      void done.then(() => {
        if (ends.get(lane) === done) ends.delete(lane)
      })
      return done
    },
    /** Resolves when all lanes are empty. */
    async empty(): Promise<void> {
      while (ends.size > 0) await Promise.all(ends.values())
    },
    get busy() {
      return ends.size
    },
  }
}

export type Lanes = ReturnType<typeof createLanes>
