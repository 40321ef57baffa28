// @ts-check
import { focusOn, make, moveAmong, part, reconcile, setText } from './dom.js'
import { maxRows, nowOf } from './known.js'
import { clockOf, conversationOf, endOf, fits, isLive, lengthOf, say, titleOf } from './rows.js'

/**
 * The calls to choose from.
 *
 * @typedef {import('./dom.js').Drawn<Call | null>} DrawnCall
 * @typedef {import('./rows.js').Call} Call
 * @typedef {import('./known.js').Known} Known
 */

const allKey = '*'
const list = part('callList', HTMLElement)
const filter = part('filter', HTMLInputElement)
const liveOnly = part('liveOnly', HTMLInputElement)
/** @type {Map<string, DrawnCall>} */
const drawn = new Map()

/** @param {Known} known @param {{ choose(id: string | null): void, draw(): void, readDetail(): void }} page */
export function createCallList(known, { choose, draw, readDetail }) {
  filter.oninput = draw
  liveOnly.onchange = draw
  part('clearFilter', HTMLButtonElement).onclick = () => {
    filter.value = ''
    liveOnly.checked = false
    filter.focus()
    draw()
  }
  list.addEventListener('keydown', (event) => {
    const options = [...list.children].filter((one) => one instanceof HTMLElement)
    const option = moveAmong(event, options)
    const isPick = event.key === 'Enter' || event.key === ' '
    if (isPick && event.target instanceof HTMLElement) {
      event.preventDefault()
      event.target.click()
      if (event.key === 'Enter') readDetail()
    } else if (option && getComputedStyle(part('detail', HTMLElement)).display !== 'none') option.click()
  })

  return function drawCalls() {
    const everyone = [...known.calls.values()].sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1))
    const shown = everyone.filter((call) => fits(call, filter.value) && (!liveOnly.checked || isLive(call)))
    /** @type {Map<string, Call | null>} */
    const options = new Map([[allKey, null]])
    for (const call of shown.slice(0, maxRows)) options.set(call.id, call)
    const lostFocus = reconcile(list, drawn, options, (_call, key) => buildCall(known, key, choose))
    if (!list.querySelector('[tabindex="0"]')) list.firstElementChild?.setAttribute('tabindex', '0')
    if (lostFocus) focusOn(list.querySelector('[tabindex="0"]'))
    const count = say('callsCount', { live: everyone.filter(isLive).length, all: everyone.length })
    setText(part('callsCount', HTMLElement), count)
    part('callsBound', HTMLElement).hidden = shown.length <= maxRows
    part('noHits', HTMLElement).hidden = shown.length > 0 || everyone.length === 0
  }
}

export const focusChosen = () => focusOn(list.querySelector('[aria-selected="true"]'))

/** @param {Known} known @param {string} key @param {(id: string | null) => void} choose @returns {DrawnCall} */
function buildCall(known, key, choose) {
  const title = make('span', { className: 'callTitle' })
  const length = make('span', { className: 'callLength' })
  const line = make('span', { className: 'caption callLine' })
  const state = make('span', { className: 'pill callState' })
  const option = make('div', { id: `call-${key}`, role: 'option', tabIndex: -1 }, title, length, line, state)
  option.onclick = () => {
    choose(key === allKey ? null : key)
    focusOn(option)
  }
  /** @param {Call | null} call */
  const update = (call) => {
    const isChosen = key === (known.chosenId ?? allKey)
    option.ariaSelected = String(isChosen)
    if (!list.contains(document.activeElement)) option.tabIndex = isChosen ? 0 : -1
    state.hidden = !call
    if (!call) {
      setText(title, say('allTraffic'))
      setText(line, say('allTrafficLine'))
      return
    }
    setText(title, titleOf(call, known.names))
    setText(line, [say(`direction_${call.direction}`), conversationOf(call), endOf(call)].filter(Boolean).join(' · '))
    setText(length, clockOf(lengthOf(call, nowOf(known))))
    setText(state, call.state)
    state.dataset.tone = isLive(call) ? (call.state === 'established' ? 'ok' : 'brand') : 'neutral'
  }
  return { element: option, update }
}
