import type { Drawer } from '../draft/unsaved.ts'

/**
 * The browser's storage. It may be full, or refused altogether (a private window, a frame whose cookies are blocked): reading finds
 * nothing then, and `set` says that nothing was kept. https://html.spec.whatwg.org/multipage/webstorage.html#dom-localstorage
 */
export const browserStorage: Drawer = {
  get: (key) => attempt(() => localStorage.getItem(key)) ?? null,
  set: (key, text) =>
    attempt(() => {
      localStorage.setItem(key, text)
      return true
    }) ?? false,
  remove: (key) => void attempt(() => localStorage.removeItem(key)),
  keys: () => attempt(() => Object.keys(localStorage)) ?? [],
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
