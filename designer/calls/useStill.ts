import { type RefObject, useLayoutEffect, useRef } from 'react'

const rowsIn = (place: HTMLElement) => [...place.querySelectorAll<HTMLElement>('[data-call]')]
const idOf = (row: Element | null | undefined) => row?.closest<HTMLElement>('[data-call]')?.dataset.call

/**
 * New calls move neither the focus nor what is looked at. `place` is in what scrolls; whenever `shown` has changed, the row that has the
 * focus, else the first one in view, stands where it stood, and a row that was drawn anew under another heading has its focus back.
 */
export function useStill(place: RefObject<HTMLElement | null>, shown: unknown) {
  const held = useRef<{ id: string | undefined; focused: boolean; top: number } | null>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: it is `shown` that moves the rows
  useLayoutEffect(() => {
    const list = place.current
    const view = list?.parentElement
    if (!list || !view) return
    const topOf = (row: HTMLElement) => row.getBoundingClientRect().top

    const before = held.current
    const row = before?.id === undefined ? undefined : rowsIn(list).find(({ dataset }) => dataset.call === before.id)
    if (before && row) {
      // At the very top people want to see what is new, unless the keyboard is somewhere.
      if (view.scrollTop > 0 || before.focused) view.scrollTop += topOf(row) - before.top
      if (before.focused && !list.contains(document.activeElement)) row.focus({ preventScroll: true })
    }

    const hold = () => {
      const focused = idOf(list.contains(document.activeElement) ? document.activeElement : null)
      const edge = view.getBoundingClientRect().top
      const kept = rowsIn(list).find((one) =>
        focused === undefined ? one.getBoundingClientRect().bottom > edge : one.dataset.call === focused,
      )
      held.current = kept ? { id: kept.dataset.call, focused: focused !== undefined, top: topOf(kept) } : null
    }
    hold()
    view.addEventListener('scroll', hold, { passive: true })
    list.addEventListener('focusin', hold)
    list.addEventListener('focusout', hold)
    return () => {
      view.removeEventListener('scroll', hold)
      list.removeEventListener('focusin', hold)
      list.removeEventListener('focusout', hold)
    }
  }, [shown])
}
