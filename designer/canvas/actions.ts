import { createContext, type PointerEvent as ReactPointerEvent } from 'react'

/** What a block on the canvas can ask for. The object stays the same, so that no block is drawn again because of it. */
export type CanvasActions = {
  /** Opens the list of a port: where it leads, or what to insert behind it. */
  openList(purpose: 'link' | 'insert', block: string, exit: string): void
  /** A hand takes hold of a port: from here a link can be drawn. */
  pull(event: ReactPointerEvent, block: string, exit: string): void
  goTo(block: string): void
  /** Draws the line of a link that words stand for, while the pointer is on it. */
  peek(link: string | null): void
  /** Null leaves the name as it was. */
  rename(block: string, name: string | null): void
}

export const CanvasActionsContext = createContext<CanvasActions>({
  openList: () => {},
  pull: () => {},
  goTo: () => {},
  peek: () => {},
  rename: () => {},
})
