// @ts-check

/** What all drawing of the page stands on. Text is set as text only. */

/** Something as it is drawn; where it can change, `update` shows what it is now. @template T @typedef {{ element: HTMLElement, update?(item: T): void }} Drawn */

/** The element of index.html with that id. @template {HTMLElement} T @param {string} id @param {new () => T} type @returns {T} */
export function part(id, type) {
  const found = document.getElementById(id)
  if (found instanceof type) return found
  throw new Error(`The page has no ${id}.`)
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Partial<HTMLElementTagNameMap[K]>} [fields]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, fields = {}, ...children) {
  const element = Object.assign(document.createElement(tag), fields)
  element.append(...children)
  return element
}

/** Says it only where it is not said yet, so that nothing is read out or laid out twice. @param {Node} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text
}

/**
 * Makes the children of the list those of `items`, in their order. An element that stays is not moved, for that would take its focus.
 * True when the focus was lost with an element that is gone.
 * @template T
 * @param {HTMLElement} list @param {Map<string, Drawn<T>>} known elements by key, so that what is focused or opened stays so
 * @param {Map<string, T>} items @param {(item: T, key: string) => Drawn<T>} build
 */
export function reconcile(list, known, items, build) {
  const lost = list.contains(document.activeElement)
  for (const [key, { element }] of known) {
    if (items.has(key)) continue
    element.remove()
    known.delete(key)
  }
  let cursor = list.firstElementChild
  for (const [key, item] of items) {
    const one = known.get(key) ?? build(item, key)
    known.set(key, one)
    one.update?.(item)
    if (one.element === cursor) cursor = cursor.nextElementSibling
    else list.insertBefore(one.element, cursor)
  }
  return lost && !list.contains(document.activeElement)
}

/** Gives the focus to an element of a list, and makes it the one that Tab comes to. @param {Element | null} element */
export function focusOn(element) {
  if (!(element instanceof HTMLElement)) return
  const list = element.closest('#callList, #rows')
  for (const other of list?.querySelectorAll('[tabindex="0"]:not(pre)') ?? []) other.setAttribute('tabindex', '-1')
  element.tabIndex = 0
  element.focus()
}

/** Up, Down, Home and End among those. @param {KeyboardEvent} event @param {HTMLElement[]} stops */
export function moveAmong(event, stops) {
  const here = stops.indexOf(/** @type {HTMLElement} */ (event.target)) // what has the focus is an element
  const last = stops.length - 1
  const places = new Map([
    ['ArrowDown', Math.min(here + 1, last)],
    ['ArrowUp', Math.max(here - 1, 0)],
    ['Home', 0],
    ['End', last],
  ])
  const there = stops[places.get(event.key) ?? -1]
  if (here < 0 || !there) return null
  event.preventDefault()
  focusOn(there)
  return there
}
