export type Endings = ReturnType<typeof createEndings>

/** What belongs to one start, so that all of it ends with it: last begun, first ended, and once. */
export function createEndings() {
  const endings: (() => Promise<void>)[] = []
  let ending: Promise<void> | undefined
  const endAll = async () => {
    for (const end of endings.reverse()) await end()
  }
  return {
    add(end: () => Promise<void>) {
      endings.push(end)
    },
    end: () => (ending ??= endAll()),
  }
}
