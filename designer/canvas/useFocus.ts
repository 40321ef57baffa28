import { type FocusEvent, type RefObject, useCallback, useRef, useState } from 'react'
import type { SurfaceProps } from './canvasProps.ts'
import type { Spot } from './keys.ts'

/** How many frames a block may need until it is drawn. */
const patience = 30

/** The keyboard's focus on the canvas: one stop of Tab outside, and on a block or a port inside. */
export function useFocus(
  surface: RefObject<HTMLElement | null>,
  { drawing: { flow }, selected }: SurfaceProps,
  reveal: (block: string) => void,
) {
  const wanted = useRef<Spot | null>(null)
  const last = useRef<Spot>({ block: flow.start })
  const [inside, setInside] = useState(false)

  // Focus may be asked for on a block that is drawn only later: it was just added, or stood outside the view.
  const focusOn = useCallback(
    (spot: Spot) => {
      wanted.current = spot
      reveal(spot.block)
      let frames = patience
      const again = () => {
        const element = wanted.current && elementOf(surface.current, wanted.current)
        if (element) {
          wanted.current = null
          element.focus({ preventScroll: true })
          // A block that was just added has a place only now.
          reveal(spot.block)
        } else if (frames-- > 0) requestAnimationFrame(again)
      }
      again()
    },
    [surface, reveal],
  )

  function onFocus(event: FocusEvent<HTMLDivElement>) {
    const spot = spotOf(event.target)
    setInside(event.target !== event.currentTarget)
    if (spot) last.current = spot
    else if (event.target === event.currentTarget && event.currentTarget.matches(':focus-visible')) {
      const [only] = selected
      const { block } = last.current
      if (only !== undefined && block !== only) focusOn({ block: only })
      else focusOn(flow.blocks[block] ? last.current : { block: flow.start })
    }
  }

  return {
    focusOn,
    /** Where the focus is, or was last. */
    spotAt: (target: EventTarget) => spotOf(target) ?? last.current,
    focusAgain: () => focusOn(last.current),
    attributes: { tabIndex: inside ? -1 : 0, onFocus, onBlur: () => setInside(false) },
  }
}

function elementOf(surface: HTMLElement | null, { block, exit }: Spot): HTMLElement | null | undefined {
  const element = surface?.querySelector<HTMLElement>(`[data-block="${block}"]`)
  const port = exit === undefined ? null : element?.querySelector<HTMLElement>(`[data-exit="${CSS.escape(exit)}"]`)
  return port ?? element
}

function spotOf(target: EventTarget): Spot | null {
  if (!(target instanceof Element)) return null
  const block = target.closest<HTMLElement>('[data-block]')?.dataset.block
  const exit = target.closest<HTMLElement>('[data-exit]')?.dataset.exit
  return block === undefined ? null : { block, ...(exit === undefined ? {} : { exit }) }
}
