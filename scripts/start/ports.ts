import { tryPort } from '#store/embedded.ts'

/** How many ports are tried after the one that was wished for. */
const tries = 50

/**
 * The first free port from `wished` on, leaving out those given away already. 0 asks for any.
 * @throws Error when none of the next fifty is free
 */
export async function freePort(wished: number, taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (let port = wished; port < wished + tries && port <= 65_535; port++) {
    if (taken.has(port)) continue
    const free = await tryPort(port)
    if (free !== null) return free
  }
  throw new Error(`No port from ${wished} to ${wished + tries - 1} is free. Set another one, or end what uses them.`)
}
