import type { Ref } from 'react'
import type { Change } from '#flow/edit.ts'
import type { Drawing } from '../drawing.ts'
import type { Finding } from '../problems/finding.ts'
import type { Point } from './geometry.ts'
import type { Trace } from './trace.ts'
import type { Size } from './viewport.ts'

/** Changes that belong together. The same `gesture` again, shortly after, is the same undo step. */
export type Edit = (changes: readonly Change[], gesture?: string) => void

/** What others may ask of the canvas. */
export type CanvasHandle = {
  /** Brings a block into the free area, without moving the keyboard's focus; into its middle, unless `centre` is false. */
  show(block: string, centre?: boolean): void
  /** Brings a block into view and gives it the focus; without a block, the one that had it last. */
  focus(block?: string): void
  /** Where on the canvas something is put that has no place yet: where the pointer is, or the middle of what is seen. */
  spot(): Point
  zoomIn(): void
  zoomOut(): void
  /** Shows every block. */
  fit(): void
}

export type CanvasProps = {
  /** Under this name the view of the canvas is remembered; without one it is not. */
  viewKey?: string
  drawing: Drawing
  problems: readonly Finding[]
  mode: 'edit' | 'view'
  selected: readonly string[]
  onSelect(blocks: readonly string[]): void
  onChange?: Edit
  /** Enter on a block, or a double click. */
  onOpen?(block: string): void
  trace?: Trace | null
  /** Why nothing can be changed, in words, while `mode` is `view`. */
  readOnlyReason?: string | undefined
  /** The zoom in percent, whenever it changes. */
  onZoom?(percent: number): void
  /** A link that cannot be is refused, with the reason in words. */
  onRefuse?(reason: string): void
  ref?: Ref<CanvasHandle>
}

/** The same, once it is known how large the canvas is. */
export type SurfaceProps = CanvasProps & { size: Size }
