import { isTyping, useKeyDown } from '../shell/keyboard.ts'

type Shortcuts = {
  /** Null while nothing can be looked for. */
  find: (() => void) | null
  step(direction: 'undo' | 'redo'): void
  /** True while a dialog is open: then nothing is undone behind it. */
  inDialog: boolean
}

/** Ctrl or Cmd with F finds, with Z undoes, with Shift and Z or with Y does again. A text field keeps its own undo. */
export function useShortcuts({ find, step, inDialog }: Shortcuts): void {
  useKeyDown((event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return
    const key = event.key.toLowerCase()
    if (key === 'f' && find) {
      event.preventDefault()
      find()
    }
    if (isTyping(event.target) || inDialog) return
    const undo = key === 'z' && !event.shiftKey
    const redo = (key === 'z' && event.shiftKey) || key === 'y'
    if (!undo && !redo) return
    event.preventDefault()
    step(undo ? 'undo' : 'redo')
  })
}
