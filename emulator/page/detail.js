// @ts-check
import { ask, callPath, once, orSayWhy } from './control.js'
import { make, part, setText } from './dom.js'
import { copyText, drawJson } from './json.js'
import { nowOf } from './known.js'
import { createPeople } from './people.js'
import { clockOf, conversationOf, endingOf, endOf, isLive, lengthOf, say, titleOf } from './rows.js'

/**
 * The chosen call: what it is, and what can be done in it.
 *
 * @typedef {import('./rows.js').Call} Call
 * @typedef {import('./known.js').Known} Known
 */

const detail = part('detail', HTMLElement)
const more = part('more', HTMLDetailsElement)
const guide = part('guide', HTMLDetailsElement)
const keypad = part('keypad', HTMLElement)
const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']

/** @param {Known} known @param {{ stayHere(): void }} rows */
export function createDetail(known, { stayHere }) {
  const drawPeople = createPeople({
    post: (path, body) => orSayWhy(() => ask('POST', path, body)),
    focusElsewhere: () => detail.focus(),
  })
  const chosen = () => known.calls.get(known.chosenId ?? '')

  /** @param {Call | undefined} call */
  function drawDetail(call) {
    setText(part('detailTitle', HTMLElement), call ? titleOf(call, known.names) : say('allTraffic'))
    setText(part('detailLine', HTMLElement), call ? lineOf(call, nowOf(known)) : say('allTrafficLine'))
    part('copyId', HTMLElement).hidden = !call
    const ending = call && isLive(call) && call.state !== 'terminating' ? endingOf(call) : null
    const hangUp = part('hangUp', HTMLElement)
    hangUp.hidden = !ending
    if (ending) setText(hangUp, ending.label)
    drawControls(call)
    drawPeople(call, known.rings, known.names)
    more.hidden = !call
    if (call && more.open) drawJson(part('moreBody', HTMLElement), say('more'), call)
    guide.hidden = Boolean(call)
    const title = say(known.calls.size > 0 ? 'guideTitleAgain' : 'guideTitle')
    if (part('guideTitle', HTMLElement).textContent === title) return
    setText(part('guideTitle', HTMLElement), title)
    if (!guide.contains(document.activeElement)) guide.open = known.calls.size === 0
  }

  more.ontoggle = () => {
    drawDetail(chosen())
    if (more.open) stayHere()
  }
  guide.ontoggle = () => guide.open && stayHere()
  part('copyId', HTMLButtonElement).onclick = () =>
    void copyText(known.chosenId ?? '', part('detailTitle', HTMLElement))
  const endIt = () =>
    orSayWhy(async () => {
      const call = chosen()
      const ending = call && endingOf(call)
      if (ending) await ask('POST', ending.path)
      detail.focus()
    })
  part('hangUp', HTMLButtonElement).onclick = (event) => void once(event, endIt)
  hearPerson(known)
  return drawDetail
}

/** @param {Call} call @param {number} now */
function lineOf(call, now) {
  const direction = say(`direction_${call.direction}`)
  const started = say('startedAt', { time: new Date(call.startedAt).toLocaleTimeString() })
  const length = clockOf(lengthOf(call, now))
  const parts = [direction, conversationOf(call), call.state, started, length, endOf(call)]
  return parts.filter(Boolean).join(' · ')
}

/** @param {Call | undefined} call */
function drawControls(call) {
  part('controls', HTMLElement).hidden = !call || !isLive(call)
  if (!call) return
  const isEstablished = call.state === 'established'
  // Not `disabled`: the focus would be lost with the key that ends the menu.
  for (const key of keypad.children) key.setAttribute('aria-disabled', String(!isEstablished))
  const hint = !isEstablished ? say('keysNeedEstablished') : call.tonesHeard ? '' : say('nobodyHears')
  setText(part('keysHint', HTMLElement), hint)
  part('transfer', HTMLElement).hidden = !call.transferWaits
}

/** The keys of the telephone, and how a transfer goes. @param {Known} known */
function hearPerson(known) {
  /** @param {string} what @param {unknown} body */
  const post = async (what, body) => {
    if (known.chosenId) await ask('POST', `${callPath(known.chosenId)}/${what}`, body)
  }
  /** @param {string} tones */
  const press = (tones) => void orSayWhy(() => post('tones', { tones }))
  for (const key of keys) {
    keypad.append(
      make('button', { type: 'button', ariaLabel: say('pressKey', { key }), onclick: () => press(key) }, key),
    )
  }
  keypad.addEventListener('keydown', (event) => {
    if (keys.includes(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) press(event.key)
  })
  for (const button of part('transfer', HTMLElement).querySelectorAll('button')) {
    const decide = () =>
      orSayWhy(async () => {
        await post('transfer', { outcome: button.dataset.outcome })
        detail.focus()
      })
    button.onclick = (event) => void once(event, decide)
  }
}
