/** Short beside what a caller notices, and long beside a turn of the event loop. */
const sliceMs = 5

/** Carries out work that stops now and then: in slices of 5 ms, between which everything else in the process has its turn. */
export async function inSlices<T>(work: Iterator<unknown, T>): Promise<T> {
  for (;;) {
    const until = performance.now() + sliceMs
    do {
      const { done, value } = work.next()
      if (done) return value
    } while (performance.now() < until)
    await new Promise((next) => setImmediate(next))
  }
}

/** Carries out such work without stopping. */
export function atOnce<T>(work: Iterator<unknown, T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}
