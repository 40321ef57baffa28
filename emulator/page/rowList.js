// @ts-check
import { focusOn, make, moveAmong, part, reconcile, setText } from './dom.js'
import { jsonOf } from './json.js'
import { maxRows, rowsShown } from './known.js'
import { playButton } from './player.js'
import { say, timeOf, titleOf } from './rows.js'

/**
 * What happened, a row each, with the newest in sight unless somebody reads an older one.
 *
 * @typedef {import('./rows.js').Row} Row
 * @typedef {import('./known.js').Known} Known
 */

/** Near enough to the end of the list to mean its end. */
const endSlack = 40

const list = part('rows', HTMLOListElement)
const scroll = part('scroll', HTMLElement)
const newest = part('newest', HTMLButtonElement)

const scroller = () => (getComputedStyle(scroll).overflowY === 'auto' ? scroll : document.documentElement)
const isAtEnd = () => {
  const { scrollHeight, scrollTop, clientHeight } = scroller()
  return scrollHeight - scrollTop - clientHeight < endSlack
}
const lastSummary = () => [...list.querySelectorAll('summary')].at(-1) ?? null

/** @param {Known} known */
export function createRowList(known) {
  /** @type {Map<string, import('./dom.js').Drawn<Row>>} */
  const drawn = new Map()
  /** True while the newest row is in sight: then new ones move it up. */
  let follows = true

  function scrollToEnd() {
    const box = scroller()
    // While the guide is what there is to read, it stays in sight.
    if (known.calls.size > 0) box.scrollTop = box.scrollHeight
    newest.hidden = true
  }
  /** Who opens something reads it: new rows do not take it away. */
  function stayHere() {
    follows = isAtEnd()
  }
  const noteScroll = () => {
    stayHere()
    if (follows) newest.hidden = true
  }
  scroll.addEventListener('scroll', noteScroll, { passive: true })
  document.addEventListener('scroll', noteScroll, { passive: true })
  newest.onclick = () => {
    scrollToEnd()
    follows = true
    focusOn(lastSummary())
  }
  hearKeys()

  return {
    stayHere,
    /** Another call is chosen: begins anew. */
    clear() {
      list.replaceChildren()
      drawn.clear()
      newest.hidden = true
      // Where the page scrolls as a whole, its end would hide who is on the call.
      follows = scroller() === scroll
      if (!follows) document.documentElement.scrollTop = 0
    },
    draw() {
      const shown = rowsShown(known)
      const byKey = new Map(shown.map((row) => [row.key, row]))
      const countBefore = list.childElementCount
      const lostFocus = reconcile(list, drawn, byKey, (row) => buildRow(known, row, stayHere))
      if (!list.querySelector('summary[tabindex="0"]')) list.querySelector('summary')?.setAttribute('tabindex', '0')
      if (lostFocus) focusOn(list.querySelector('summary'))
      const bound = part('bound', HTMLElement)
      bound.hidden = !known.isCut || shown.length === 0
      if (known.isCut) setText(bound, say('bound', { count: maxRows }))
      part('noRows', HTMLElement).hidden = shown.length > 0 || (!known.chosenId && known.calls.size === 0)
      if (follows) scrollToEnd()
      else if (list.childElementCount > countBefore) newest.hidden = false
    },
  }
}

function hearKeys() {
  list.addEventListener('keydown', (event) => {
    const { target } = event
    if (!(target instanceof HTMLElement) || target.tagName !== 'SUMMARY') return
    moveAmong(event, [...list.querySelectorAll('summary')])
    const details = target.parentElement
    if (!(details instanceof HTMLDetailsElement)) return
    if (event.key === 'ArrowRight') details.open = true
    if (event.key === 'ArrowLeft') details.open = false
  })
  list.addEventListener('click', ({ target }) => {
    if (target instanceof Element) focusOn(target.closest('summary'))
  })
}

/** @param {Known} known @param {Row} row @param {() => void} onOpen */
function buildRow({ calls, chosenId, names }, row, onOpen) {
  const startedAt = (chosenId && calls.get(chosenId)?.startedAt) || null
  const call = row.callId ? calls.get(row.callId) : undefined
  const time = make('time', { className: 'rowTime', dateTime: row.at, title: row.at }, timeOf(row.at, startedAt))
  const label = make('span', { className: 'rowLabel' }, row.label)
  label.dataset.kind = row.kind
  const caption = [!startedAt && call && titleOf(call, names), row.caption]
  const text = make(
    'span',
    { className: 'rowText' },
    make('span', { className: 'rowTitle' }, row.title),
    make('span', { className: 'caption rowCaption' }, caption.filter(Boolean).join(' · ')),
  )
  const status = make('span', { className: 'pill rowStatus', hidden: !row.status }, row.status?.text ?? '')
  status.dataset.tone = row.status?.tone ?? 'neutral'
  const summary = make('summary', { tabIndex: -1 }, time, label, text, status)
  const body = make('div', { className: 'rowBody' })
  const details = make('details', {}, summary, body)
  details.ontoggle = () => {
    if (!details.open) return
    if (!body.hasChildNodes()) body.append(factsOf(row), ...row.bodies.flatMap(([what, value]) => jsonOf(what, value)))
    onOpen()
  }
  const li = make('li', { className: 'row' }, details)
  if (row.media !== null && row.callId) li.append(playButton(row.callId, row.media))
  return { element: li }
}

/** @param {Row} row */
function factsOf({ facts }) {
  const list = make('dl', { className: 'facts' })
  for (const [label, value] of facts) list.append(make('dt', {}, label), make('dd', {}, value))
  return list
}
