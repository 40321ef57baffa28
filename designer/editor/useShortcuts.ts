import { isTyping, useKeyDown } from '../shell/keyboard.ts'

type Shortcuts = {
  /** Null while nothing can be looked for. */
  find: (() => void) | null
  step(direction: 'undo' | 'redo'): void
  duplicate(): void
  /** True while a dialog is open: then nothing is undone behind it. */
  inDialog: boolean
}

/**
 * Ctrl or Cmd with F finds, with D duplicates, with Z undoes, with Shift and Z or with Y does again. A text field keeps its own undo.
 * C, X and V are the browser's: see useClipboard.ts.
 */
export function useShortcuts({ find, step, duplicate, inDialog }: Shortcuts): void {
  useKeyDown((event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return
    const key = event.key.toLowerCase()
    if (key === 'f' && find) {
      event.preventDefault()
      find()
    }
    if (isTyping(event.target) || inDialog) return
    if (key === 'd' && !event.shiftKey) {
      event.preventDefault()
      duplicate()
    }
    const undo = key === 'z' && !event.shiftKey
    const redo = (key === 'z' && event.shiftKey) || key === 'y'
    if (!undo && !redo) return
    event.preventDefault()
    step(undo ? 'undo' : 'redo')
  })
}
