import { type Clock, realClock } from './clock.ts'

/**
 * What `work` comes to, or what `late` gives or throws when it takes longer than `ms` milliseconds. The work itself goes on, and how
 * it ends then is nobody's business. Nothing is left running when the work was in time.
 */
export async function withTimeout<T, L>(
  work: Promise<T>,
  ms: number,
  late: () => L,
  clock: Pick<Clock, 'after'> = realClock,
): Promise<T | L> {
  let cancel = () => {}
  const limit = new Promise<L>((resolve, reject) => {
    cancel = clock.after(ms, () => {
      try {
        resolve(late())
      } catch (error) {
        reject(error)
      }
    })
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    cancel()
  }
}
