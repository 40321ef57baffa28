/** What work comes to, and how often everything else in the process had its turn meanwhile. */
export async function turnsDuring<T>(work: Promise<T>): Promise<{ came: T; turns: number }> {
  let turns = 0
  let next: NodeJS.Immediate
  const turn = () => {
    turns += 1
    next = setImmediate(turn)
  }
  next = setImmediate(turn)
  const came = await work
  clearImmediate(next)
  return { came, turns }
}
