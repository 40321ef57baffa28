import { type RefObject, useEffect } from 'react'
import type { CanvasHandle, Edit } from '../canvas/canvasProps.ts'
import { copyText, pasted, readCopied } from '../canvas/copied.ts'
import { bounds, boxOfBlock, measures, type Point } from '../canvas/geometry.ts'
import type { Drawing } from '../drawing.ts'
import { designerMessages } from '../messages/designer.ts'
import { isTyping } from '../shell/keyboard.ts'
import { useLatest } from '../useLatest.ts'
import type { Notice } from './useNotice.ts'

const { clipboard: words } = designerMessages

type Deps = {
  drawing: Drawing
  selected: readonly string[]
  edit: Edit
  select(blocks: readonly string[]): void
  remove(heal: boolean): void
  canvas: RefObject<CanvasHandle | null>
  /** Why nothing may be changed now, in words; then blocks can still be copied. */
  fixed: string | undefined
  inDialog: boolean
  say(notice: Notice): void
}

/**
 * Copy, cut, paste and duplicate of blocks, by the system's own clipboard: so they go to other flows, tabs and programs. Keys are the browser's
 * (its copy, cut and paste events need no permission); the menus ask it for the clipboard, which it may refuse.
 */
export function useClipboard(deps: Deps) {
  const latest = useLatest(deps)
  const acts = actsOf(latest)

  useEffect(() => {
    const listening = new AbortController()
    const on = (type: 'copy' | 'cut' | 'paste', hear: (event: ClipboardEvent) => void) =>
      document.addEventListener(type, (event) => isForBlocks(event, latest.current.inDialog) && hear(event), listening)
    const give = (event: ClipboardEvent, text: string | null, given: (text: string) => void) => {
      if (text === null) return
      event.clipboardData?.setData('text/plain', text)
      event.preventDefault()
      given(text)
    }
    const { toCopy, toCut, copied, cut, paste } = actsOf(latest)
    on('copy', (event) => give(event, toCopy(), copied))
    on('cut', (event) => give(event, toCut(), cut))
    on('paste', (event) => {
      event.preventDefault()
      paste(event.clipboardData?.getData('text/plain') ?? '')
    })
    return () => listening.abort()
  }, [latest])

  /** Nothing is cut that did not reach the clipboard. */
  const write = (text: string | null, written: (text: string) => void) => {
    if (text === null) return
    const refused = () => latest.current.say({ text: words.writeRefused, canUndo: false })
    void (navigator.clipboard?.writeText(text) ?? Promise.reject()).then(() => written(text), refused)
  }
  return {
    copy: () => write(acts.toCopy(), acts.copied),
    cut: () => write(acts.toCut(), acts.cut),
    duplicate: acts.duplicate,
    paste() {
      const refused = () => latest.current.say({ text: words.readRefused, canUndo: false })
      void (navigator.clipboard?.readText() ?? Promise.reject()).then(acts.paste, refused)
    },
  }
}

/** Text that is typed or marked is the browser's own matter, and behind a dialog nothing happens. */
const isForBlocks = ({ target }: Event, inDialog: boolean): boolean =>
  !inDialog && !isTyping(target) && (document.getSelection()?.isCollapsed ?? true)

/** What is done about blocks and a text that holds them; what cannot be done is said. */
function actsOf(latest: { readonly current: Deps }) {
  const say = (text: string, canUndo = false) => latest.current.say({ text, canUndo })

  function toCopy(): string | null {
    const { drawing, selected } = latest.current
    if (selected.length === 0) return null
    const text = copyText(drawing, selected)
    if (text === null) say(words.onlyStart)
    return text
  }
  function isFixed(): boolean {
    const { fixed } = latest.current
    if (fixed !== undefined) say(fixed)
    return fixed !== undefined
  }
  function put(text: string, at: Point) {
    const { drawing, edit, select, canvas } = latest.current
    const read = readCopied(text)
    const done = typeof read === 'string' ? read : pasted(drawing, read, at)
    if (typeof done === 'string') return say(words.faults[done])
    edit(done.changes)
    select(done.ids)
    canvas.current?.focus(done.ids[0])
  }
  const countOf = (text: string) => Object.keys(JSON.parse(text).blocks).length

  return {
    /** The text of what is selected; null if there is none, or it cannot be taken. */
    toCopy,
    toCut: () => (isFixed() ? null : toCopy()),
    copied: (text: string) => say(words.copied(countOf(text))),
    cut(text: string) {
      latest.current.remove(false)
      say(words.wasCut(countOf(text)), true)
    },
    paste(text: string) {
      const { canvas } = latest.current
      if (!isFixed()) put(text, canvas.current?.spot() ?? { x: 0, y: 0 })
    },
    /** Beside what is copied, and not by the clipboard: what lies there stays. */
    duplicate() {
      if (isFixed()) return
      const text = toCopy()
      if (text === null) return
      const { drawing, selected } = latest.current
      const all = bounds(selected.flatMap((id) => boxOfBlock(drawing, id) ?? []))
      put(text, { x: all.x + all.width + measures.columnGap, y: all.y })
    },
  }
}
