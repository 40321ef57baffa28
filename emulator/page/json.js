// @ts-check
import { notify, unnotify } from './control.js'
import { make, setText } from './dom.js'
import { say } from './rows.js'

/** Bodies to be read and copied. */

/** @param {string} what @param {unknown} value */
export function jsonOf(what, value) {
  const isEmpty = value === null || value === undefined
  const text = isEmpty ? say('noBody') : JSON.stringify(value, null, 2)
  const pre = make('pre', { tabIndex: 0, role: 'region', ariaLabel: what }, text)
  const copy = copyButton(what, pre)
  copy.hidden = isEmpty
  return [make('div', { className: 'jsonHead' }, make('span', { className: 'jsonTitle' }, what), copy), pre]
}

/** @param {HTMLElement} place @param {string} what @param {unknown} value */
export function drawJson(place, what, value) {
  const pre = place.querySelector('pre')
  if (pre) setText(pre, JSON.stringify(value, null, 2))
  else place.replaceChildren(...jsonOf(what, value))
}

/** @param {string} what @param {Node} place what is copied stands there */
export function copyButton(what, place) {
  const copy = make('button', { type: 'button', className: 'small', ariaLabel: say('copyThat', { what }) }, say('copy'))
  copy.onclick = () => copyText(place.textContent ?? '', place)
  return copy
}

/** Without a secure context there is no clipboard: then the text is selected. @param {string} text @param {Node} place */
export async function copyText(text, place) {
  try {
    await navigator.clipboard.writeText(text)
    notify(say('copied'))
    setTimeout(() => unnotify(say('copied')), 3000)
  } catch {
    getSelection()?.selectAllChildren(place)
    notify(say('copyByHand'))
  }
}
