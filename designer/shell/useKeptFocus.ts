import { useEffect } from 'react'

/** One place that had the focus, with what stood around it then: when it is gone, those who are left say where it was. */
type Place = { element: HTMLElement; around: readonly Element[] }

/** So many places are remembered; dialogs and menus lie a few deep. */
const mostPlaces = 20

/**
 * The keyboard's focus never falls to the page's body (H10): when what has it goes away (a dialog that closes, a menu, a row that is
 * removed, a panel that is folded), it returns to what had it before; and if that has gone as well, to the nearest thing that can have
 * it. One mechanism for all that opens and closes, so that nobody who adds a dialog has to think of it. Who clicks on an empty place
 * has left by themselves.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let places: Place[] = []
    let asked = 0
    const listening = new AbortController()

    const remember = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement) || target === document.body) return
      places = [
        ...places.filter(({ element }) => element !== target),
        { element: target, around: ancestorsOf(target) },
      ].slice(-mostPlaces)
    }
    function look() {
      asked = 0
      const last = places.at(-1)
      if (!last || !isLost() || canHave(last.element)) return
      for (const place of places.toReversed()) {
        if (giveTo(place)) return
      }
    }
    const ask = () => {
      asked ||= requestAnimationFrame(look)
    }
    const watching = new MutationObserver(ask)
    watching.observe(document.body, {
      childList: true,
      subtree: true,
      attributeFilter: ['disabled', 'hidden', 'inert'],
    })
    document.addEventListener('focusin', remember, listening)
    // What is folded away by a style leaves no trace in the tree.
    for (const type of ['click', 'keyup', 'transitionend']) document.addEventListener(type, ask, listening)
    return () => {
      cancelAnimationFrame(asked)
      watching.disconnect()
      listening.abort()
    }
  }, [])
}

const isLost = () => document.activeElement === null || document.activeElement === document.body

function ancestorsOf(element: Element): Element[] {
  const parent = element.parentElement
  return parent && parent !== document.body ? [parent, ...ancestorsOf(parent)] : []
}

const canHave = (element: HTMLElement): boolean =>
  element.isConnected &&
  element.checkVisibility({ visibilityProperty: true }) &&
  !element.matches(':disabled, [inert] *, [inert]')

/** Gives the focus back to a place, or to what is nearest to it. False: nothing of it is left. */
function giveTo({ element, around }: Place): boolean {
  // What is drawn anew, as a row under another heading, has the same id.
  const anew = element.id === '' ? null : document.getElementById(element.id)
  for (const one of [element, anew]) if (one && canHave(one)) return focused(one)
  const [left, ...gone] = [around.find((one) => one.isConnected), ...around.filter((one) => !one.isConnected)]
  // What was a part by itself has closed: whoever opened it goes on where they were, and not at what stands there now.
  if (!left || left.matches(whole) || gone.some((one) => one.matches(part))) return false
  const near = [...left.querySelectorAll<HTMLElement>(focusable)].find(canHave)
  return near !== undefined && focused(near)
}

/** What stands around everything says nothing of where the focus was. */
const whole = 'body, main, .root, .theme'
const part = 'aside, search, [role="dialog"], [role="alertdialog"], [role="menu"]'
const focusable = ':is(a[href], button, input, select, textarea, [tabindex]):not([data-tabster-dummy])'

function focused(element: HTMLElement): boolean {
  element.focus({ preventScroll: true })
  return !isLost()
}
