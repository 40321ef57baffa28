/**
 * One lane a call: what concerns one call is done one piece after another, in the order in which it came; different
 * calls go side by side. A lane that is empty takes no memory.
 */
export function createLanes(onTrouble: (error: unknown) => void) {
  const ends = new Map<string, Promise<unknown>>()

  async function turn<T>(before: Promise<unknown> | undefined, work: () => T | Promise<T>): Promise<T | undefined> {
    // Also where nothing waits: whoever puts work in goes on first.
    await before
    try {
      return await work()
    } catch (error) {
      onTrouble(error)
    }
  }

  return {
    /** Puts work behind everything that waits in this lane. Resolves with what it gives when it is done; never rejects. */
    async run<T>(lane: string, work: () => T | Promise<T>): Promise<T | undefined> {
      const done = turn(ends.get(lane), work)
      ends.set(lane, done)
      const given = await done
      if (ends.get(lane) === done) ends.delete(lane)
      return given
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
