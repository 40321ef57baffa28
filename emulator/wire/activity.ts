/**
 * What this process is in the middle of: requests being answered, notifications and downloads under way. A virtual clock stands
 * still meanwhile, so that nothing arrives later than it would in life.
 */
export type Activity = ReturnType<typeof createActivity>

export function createActivity() {
  let underWay = 0
  let count = 0
  let lastAt = performance.now()
  const move = (by: 1 | -1) => {
    underWay += by
    count += 1
    lastAt = performance.now()
  }
  return {
    /** Something has begun. Call what is given back once, when it is over or waits for the clock itself. */
    begin(): () => void {
      let isOver = false
      move(1)
      return () => {
        if (isOver) return
        isOver = true
        move(-1)
      }
    },
    /** How much is under way. */
    underWay: () => underWay,
    /** How much has ever begun or ended: two equal counts mean that nothing happened in between. */
    count: () => count,
    /** When something last began or ended, in milliseconds of `performance.now()`. */
    lastAt: () => lastAt,
  }
}
