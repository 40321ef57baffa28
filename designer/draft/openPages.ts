/**
 * Which pages of this browser are open: each holds a lock of its name while it lives, and the browser lets go of it also when a page
 * crashes. https://w3c.github.io/web-locks/
 */
export async function openPages(): Promise<ReadonlySet<string>> {
  const { held = [] } = (await navigator.locks?.query()) ?? {}
  return new Set(held.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : [])))
}

/** Tells the other pages that this one is open, until what is given back is called or the page ends. */
export function standOpen(page: string): () => void {
  let leave = () => {}
  const left = new Promise<void>((done) => {
    leave = done
  })
  // Without locks (a page that is not served securely) every other page counts as closed: its work is offered too often, never lost.
  void navigator.locks?.request(prefix + page, () => left).catch(() => {})
  return () => leave()
}

const prefix = 'open page '
