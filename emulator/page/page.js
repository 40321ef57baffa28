// @ts-check
import { make, part, reconcile, setText } from './dom.js'
import { createPeople } from './people.js'
import {
  clockOf,
  conversationOf,
  endingOf,
  endOf,
  fits,
  isLive,
  learnNames,
  lengthOf,
  plainId,
  rowOfEntry,
  rowOfExchange,
  say,
  timeOf,
  titleOf,
} from './rows.js'

/**
 * The live page. It hears news over one stream of events, asks the control API for the rest, and draws at most once a frame.
 * Text is set as text only; the policy that the page comes with refuses anything else.
 *
 * @typedef {import('./rows.js').Row} Row
 * @typedef {import('./rows.js').Call} Call
 * @typedef {import('./pageRoutes.ts').News} News
 */

/** More rows than this are not kept, or the page would grow for ever. */
const maxRows = 500
const retryMs = 1500
/** Near enough to the end of the list to mean its end. */
const endSlack = 40

const main = part('main', HTMLElement)
const connection = part('connection', HTMLElement)
const callList = part('callList', HTMLElement)
const filter = part('filter', HTMLInputElement)
const liveOnly = part('liveOnly', HTMLInputElement)
const detail = part('detail', HTMLElement)
const rowList = part('rows', HTMLOListElement)
const scroll = part('scroll', HTMLElement)
const newest = part('newest', HTMLButtonElement)
const more = part('more', HTMLDetailsElement)
const guide = part('guide', HTMLDetailsElement)
const notice = part('notice', HTMLElement)
const keypad = part('keypad', HTMLElement)
const dial = part('dial', HTMLDialogElement)
const dialForm = part('dialForm', HTMLFormElement)

// What is known

/** @type {Map<string, Call>} */
const calls = new Map()
/** @type {Map<string, Row>} */
const rows = new Map()
/** Rows of the chosen call that `rows` does not hold any more. @type {Map<string, Row>} */
const olderRows = new Map()
/** @type {import('./rows.js').Names} */
const names = new Map()
/** Telephones that ring now, for any call. @type {News['rings']} */
let rings = []
let instance = ''
/** How far the emulator's clock is ahead of ours; it may run in a time of its own. */
let ahead = 0
const now = () => Date.now() + ahead
/** @type {string | null} */
let chosenId = null
/** Whether rows were left out of what is shown. */
let isCut = false

/** @param {Map<string, Row>} kept @param {Row[]} added */
function keep(kept, added) {
  for (const row of added) kept.set(row.key, row)
  if (kept.size <= maxRows) return
  const inOrder = [...kept.values()].sort(byTime)
  for (const { key } of inOrder.slice(0, inOrder.length - maxRows)) kept.delete(key)
  isCut = true
}

/** Of one moment, what happened on the call comes before what was said about it. @param {Row} one @param {Row} other */
const byTime = (one, other) =>
  one.at < other.at ? -1 : one.at > other.at ? 1 : Number(other.key.startsWith('e')) - Number(one.key.startsWith('e'))

/** @param {News} news */
function hear(news) {
  if (news.instance !== instance) {
    instance = news.instance
    for (const kept of [calls, rows, olderRows, names]) kept.clear()
    isCut = false
  }
  ahead = news.now - Date.now()
  if (news.whole) {
    const told = new Set(news.calls.map(({ id }) => id))
    for (const id of calls.keys()) if (!told.has(id)) forget(id)
    if (news.apps) drawGuide(news.apps)
  }
  if (news.whole && (news.traffic[0]?.n ?? 0) > news.firstKept) isCut = true
  rings = news.rings
  learnNames(names, [news.calls, news.traffic, news.entries, news.rings])
  for (const call of news.calls) calls.set(call.id, call)
  for (const id of news.gone) forget(id)
  for (const kept of [rows, olderRows]) {
    for (const key of kept.keys()) if (key.startsWith('x') && Number(key.slice(1)) < news.firstKept) kept.delete(key)
  }
  keep(rows, [...news.traffic.map(rowOfExchange), ...news.entries.map((entry) => rowOfEntry(entry, names))])
  if (chosenId && news.whole) void fetchChosen(chosenId)
  draw()
}

/** @param {string} id */
function forget(id) {
  calls.delete(id)
  for (const kept of [rows, olderRows]) {
    for (const [key, { kind }] of kept) if (key.startsWith(`e${id}:`) && kind !== 'request') kept.delete(key)
  }
}

/** @returns {Row[]} */
function rowsShown() {
  if (!chosenId) return [...rows.values()].sort(byTime)
  const id = plainId(chosenId)
  const all = new Map(olderRows)
  for (const [key, row] of rows) if (plainId(row.callId) === id) all.set(key, row)
  const inOrder = [...all.values()].sort(byTime)
  if (inOrder.length > maxRows) isCut = true
  return inOrder.slice(-maxRows)
}

// Asking the emulator

/**
 * The answer of the control API; throws an Error with words for people.
 * @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} checked by the emulator, which sends it
 */
async function ask(method, path, body) {
  /** @type {RequestInit} */
  const sent = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(path, { method, ...sent }).catch(() => null)
  if (!response) throw new Error(say('unreachable'))
  const answer = await response.json().catch(() => null)
  if (response.ok) return answer
  const { message = String(response.status), next = '' } = answer?.error ?? {}
  throw new Error(say('failed', { message, next }).trim())
}

/** @param {() => Promise<unknown>} action */
async function orSayWhy(action) {
  try {
    await action()
    setText(notice, '')
  } catch (error) {
    setText(notice, error instanceof Error ? error.message : String(error))
  }
}

/** @param {string} id */
const callPath = (id) => `/emulator/calls/${encodeURIComponent(id)}`

/** What happened on the call before this page heard of it. @param {string} id */
const fetchChosen = (id) =>
  orSayWhy(async () => {
    const [call, exchanges] = await Promise.all([
      ask('GET', callPath(id)),
      ask('GET', `/emulator/requests?callId=${encodeURIComponent(id)}`),
    ])
    if (id !== chosenId) return
    learnNames(names, [call, exchanges])
    const entries = call.transcript.map((/** @type {any} */ entry) => rowOfEntry({ ...entry, callId: id }, names))
    keep(olderRows, [...entries, ...exchanges.map(rowOfExchange)])
    draw()
  })

/** @param {string | null} id */
function choose(id) {
  main.dataset.pane = 'detail'
  if (id === chosenId) return
  chosenId = id
  olderRows.clear()
  isCut = false
  stopPlaying()
  setText(notice, '')
  rowList.replaceChildren()
  drawn.clear()
  newest.hidden = true
  // Where the page scrolls as a whole, its end would hide who is on the call.
  follows = scroller() === scroll
  if (!follows) document.documentElement.scrollTop = 0
  if (id) void fetchChosen(id)
  draw()
}

// Hearing

/** @type {EventSource | null} */
let source = null
let retry = 0

function connect() {
  clearTimeout(retry)
  source?.close()
  source = new EventSource('/emulator/events')
  source.onmessage = ({ data }) => {
    showConnection('connected')
    hear(JSON.parse(data))
  }
  source.onerror = () => {
    source?.close()
    showConnection('lost')
    retry = window.setTimeout(connect, retryMs)
  }
}

/** @param {'connected' | 'lost' | 'paused'} state */
function showConnection(state) {
  connection.dataset.state = state
  setText(connection, say(state))
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) return connect()
  clearTimeout(retry)
  source?.close()
  showConnection('paused')
})

// Drawing

let willDraw = false
function draw() {
  if (willDraw) return
  willDraw = true
  requestAnimationFrame(() => {
    willDraw = false
    drawCalls()
    drawDetail()
    drawRows()
  })
}

/** Elements by key, so that what is focused or opened stays so. @type {Map<string, { element: HTMLElement, update(): void }>} */
const drawn = new Map()
/** @type {Map<string, { element: HTMLElement, update(): void }>} */
const drawnCalls = new Map()

const allKey = '*'

function drawCalls() {
  const everyone = [...calls.values()].sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1))
  const shown = everyone.filter((call) => fits(call, filter.value) && (!liveOnly.checked || isLive(call)))
  const keys = [allKey, ...shown.slice(0, maxRows).map(({ id }) => id)]
  const lostFocus = reconcile(callList, drawnCalls, keys, buildCall)
  if (!callList.querySelector('[tabindex="0"]')) callList.firstElementChild?.setAttribute('tabindex', '0')
  if (lostFocus) focusOn(callList.querySelector('[tabindex="0"]'))
  setText(
    part('callsCount', HTMLElement),
    say('callsCount', { live: everyone.filter(isLive).length, all: everyone.length }),
  )
  part('callsBound', HTMLElement).hidden = shown.length <= maxRows
  part('noHits', HTMLElement).hidden = shown.length > 0 || everyone.length === 0
}

/** @param {string} key */
function buildCall(key) {
  const title = make('span', { className: 'callTitle' })
  const length = make('span', { className: 'callLength' })
  const line = make('span', { className: 'callLine' })
  const state = make('span', { className: 'pill callState' })
  const option = make('div', { id: `call-${key}` }, title, length, line, state)
  option.setAttribute('role', 'option')
  option.tabIndex = -1
  option.onclick = () => {
    choose(key === allKey ? null : key)
    focusOn(option)
  }
  const update = () => {
    const isChosen = key === (chosenId ?? allKey)
    option.setAttribute('aria-selected', String(isChosen))
    if (!callList.contains(document.activeElement)) option.tabIndex = isChosen ? 0 : -1
    const call = calls.get(key)
    state.hidden = !call
    if (!call) {
      setText(title, say('allTraffic'))
      setText(line, say('allTrafficLine'))
      return
    }
    setText(title, titleOf(call, names))
    setText(line, [say(`direction_${call.direction}`), conversationOf(call), endOf(call)].filter(Boolean).join(' · '))
    setText(length, clockOf(lengthOf(call, now())))
    setText(state, call.state)
    state.dataset.tone = isLive(call) ? (call.state === 'established' ? 'ok' : 'brand') : 'neutral'
  }
  return { element: option, update }
}

function drawDetail() {
  const call = chosenId ? calls.get(chosenId) : undefined
  if (chosenId && !call) {
    chosenId = null
    olderRows.clear()
  }
  setText(part('detailTitle', HTMLElement), call ? titleOf(call, names) : say('allTraffic'))
  const started = call && say('startedAt', { time: new Date(call.startedAt).toLocaleTimeString() })
  const line = call
    ? [
        say(`direction_${call.direction}`),
        conversationOf(call),
        call.state,
        started,
        clockOf(lengthOf(call, now())),
        endOf(call),
      ]
    : [say('allTrafficLine')]
  setText(part('detailLine', HTMLElement), line.filter(Boolean).join(' · '))
  part('copyId', HTMLElement).hidden = !call
  const ending = call && isLive(call) && call.state !== 'terminating' ? endingOf(call) : null
  const hangUp = part('hangUp', HTMLElement)
  hangUp.hidden = !ending
  if (ending) setText(hangUp, ending.label)
  drawControls(call)
  drawPeople(call, rings, names)
  more.hidden = !call
  if (call && more.open) drawJson(part('moreBody', HTMLElement), say('more'), call)
  guide.hidden = Boolean(call)
  const title = say(calls.size > 0 ? 'guideTitleAgain' : 'guideTitle')
  if (part('guideTitle', HTMLElement).textContent === title) return
  setText(part('guideTitle', HTMLElement), title)
  if (!guide.contains(document.activeElement)) guide.open = calls.size === 0
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

const drawPeople = createPeople({
  post: (path, body) => orSayWhy(() => ask('POST', path, body)),
  focusElsewhere: () => detail.focus(),
})

/** True while the newest row is in sight: then new ones move it up. */
let follows = true

function drawRows() {
  const shown = rowsShown()
  const byKey = new Map(shown.map((row) => [row.key, row]))
  const startedAt = (chosenId && calls.get(chosenId)?.startedAt) || null
  const countBefore = rowList.childElementCount
  const lostFocus = reconcile(rowList, drawn, [...byKey.keys()], (key) =>
    buildRow(/** @type {Row} */ (byKey.get(key)), startedAt),
  ) // each key is of a row
  if (!rowList.querySelector('summary[tabindex="0"]')) rowList.querySelector('summary')?.setAttribute('tabindex', '0')
  if (lostFocus) focusOn(rowList.querySelector('summary'))
  const bound = part('bound', HTMLElement)
  bound.hidden = !isCut || shown.length === 0
  if (isCut) setText(bound, say('bound', { count: maxRows }))
  part('noRows', HTMLElement).hidden = shown.length > 0 || (!chosenId && calls.size === 0)
  if (follows) scrollToEnd()
  else if (rowList.childElementCount > countBefore) newest.hidden = false
}

/** @param {Row} row @param {string | null} startedAt */
function buildRow(row, startedAt) {
  const call = row.callId ? calls.get(row.callId) : undefined
  const time = make('time', { className: 'rowTime', dateTime: row.at, title: row.at }, timeOf(row.at, startedAt))
  const label = make('span', { className: 'rowLabel' }, row.label)
  label.dataset.kind = row.kind
  const caption = [!startedAt && call && titleOf(call, names), row.caption]
  const text = make(
    'span',
    { className: 'rowText' },
    make('span', { className: 'rowTitle' }, row.title),
    make('span', { className: 'rowCaption' }, caption.filter(Boolean).join(' · ')),
  )
  const status = make('span', { className: 'pill rowStatus', hidden: !row.status }, row.status?.text ?? '')
  status.dataset.tone = row.status?.tone ?? 'neutral'
  const summary = make('summary', { tabIndex: -1 }, time, label, text, status)
  const body = make('div', { className: 'rowBody' })
  const details = make('details', {}, summary, body)
  details.ontoggle = () => {
    if (!details.open) return
    if (!body.hasChildNodes()) body.append(factsOf(row), ...row.bodies.flatMap(([what, value]) => jsonOf(what, value)))
    stayHere()
  }
  const li = make('li', { className: 'row' }, details)
  if (row.media !== null && row.callId) li.append(playButton(row.callId, row.media))
  return { element: li, update() {} }
}

/** @param {Row} row */
function factsOf({ facts }) {
  const list = make('dl', { className: 'facts' })
  for (const [label, value] of facts) list.append(make('dt', {}, label), make('dd', {}, value))
  return list
}

/** @param {string} what @param {unknown} value */
function jsonOf(what, value) {
  const isEmpty = value === null || value === undefined
  const pre = make('pre', { tabIndex: 0 }, isEmpty ? say('noBody') : JSON.stringify(value, null, 2))
  pre.setAttribute('role', 'region')
  pre.setAttribute('aria-label', what)
  const copy = make('button', { type: 'button', className: 'small', hidden: isEmpty }, say('copy'))
  copy.setAttribute('aria-label', say('copyThat', { what }))
  copy.onclick = () => copyText(pre.textContent ?? '', pre)
  return [make('div', { className: 'jsonHead' }, make('span', { className: 'jsonTitle' }, what), copy), pre]
}

/** @param {HTMLElement} place @param {string} what @param {unknown} value */
function drawJson(place, what, value) {
  const pre = place.querySelector('pre')
  if (pre) setText(pre, JSON.stringify(value, null, 2))
  else place.replaceChildren(...jsonOf(what, value))
}

/** Without a secure context there is no clipboard: then the text is selected. @param {string} text @param {Node} place */
async function copyText(text, place) {
  try {
    await navigator.clipboard.writeText(text)
    setText(notice, say('copied'))
    setTimeout(() => notice.textContent === say('copied') && setText(notice, ''), 3000)
  } catch {
    getSelection()?.selectAllChildren(place)
    setText(notice, say('copyByHand'))
  }
}

/** @param {Element | null} element */
function focusOn(element) {
  if (!(element instanceof HTMLElement)) return
  const list = element.closest('#callList, #rows')
  for (const other of list?.querySelectorAll('[tabindex="0"]:not(pre)') ?? []) other.setAttribute('tabindex', '-1')
  element.tabIndex = 0
  element.focus()
}

// Keys and clicks

/** Up, Down, Home and End among those. @param {KeyboardEvent} event @param {HTMLElement[]} stops */
function moveAmong(event, stops) {
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

callList.addEventListener('keydown', (event) => {
  const options = [...callList.children].filter((one) => one instanceof HTMLElement)
  const option = moveAmong(event, options)
  const isPick = event.key === 'Enter' || event.key === ' '
  if (isPick && event.target instanceof HTMLElement) {
    event.preventDefault()
    event.target.click()
    if (event.key === 'Enter') detail.focus()
  } else if (option && getComputedStyle(detail).display !== 'none') option.click()
})

rowList.addEventListener('keydown', (event) => {
  const { target } = event
  if (!(target instanceof HTMLElement) || target.tagName !== 'SUMMARY') return
  moveAmong(event, [...rowList.querySelectorAll('summary')])
  const details = target.parentElement
  if (!(details instanceof HTMLDetailsElement)) return
  if (event.key === 'ArrowRight') details.open = true
  if (event.key === 'ArrowLeft') details.open = false
})
rowList.addEventListener('click', ({ target }) => {
  if (target instanceof Element) focusOn(target.closest('summary'))
})

const scroller = () => (getComputedStyle(scroll).overflowY === 'auto' ? scroll : document.documentElement)
const isAtEnd = () => {
  const { scrollHeight, scrollTop, clientHeight } = scroller()
  return scrollHeight - scrollTop - clientHeight < endSlack
}
function scrollToEnd() {
  const box = scroller()
  // While the guide is what there is to read, it stays in sight.
  if (calls.size > 0) box.scrollTop = box.scrollHeight
  newest.hidden = true
}
/** Who opens something reads it: new rows do not take it away. */
function stayHere() {
  follows = isAtEnd()
}
const noteScroll = () => {
  follows = isAtEnd()
  if (follows) newest.hidden = true
}
scroll.addEventListener('scroll', noteScroll, { passive: true })
document.addEventListener('scroll', noteScroll, { passive: true })
newest.onclick = () => {
  scrollToEnd()
  follows = true
  focusOn([...rowList.querySelectorAll('summary')].at(-1) ?? null)
}

filter.oninput = draw
liveOnly.onchange = draw
part('clearFilter', HTMLButtonElement).onclick = () => {
  filter.value = ''
  liveOnly.checked = false
  filter.focus()
  draw()
}
part('back', HTMLButtonElement).onclick = () => {
  main.dataset.pane = 'list'
  focusOn(callList.querySelector('[aria-selected="true"]'))
}
more.ontoggle = () => {
  drawDetail()
  if (more.open) stayHere()
}
guide.ontoggle = () => guide.open && stayHere()
part('copyId', HTMLButtonElement).onclick = () => void copyText(chosenId ?? '', part('detailTitle', HTMLElement))
part('hangUp', HTMLButtonElement).onclick = () =>
  void orSayWhy(async () => {
    const call = calls.get(chosenId ?? '')
    const ending = call && endingOf(call)
    if (ending) await ask('POST', ending.path)
    detail.focus()
  })

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']
/** @param {string} tones */
const press = (tones) =>
  void orSayWhy(async () => {
    if (chosenId) await ask('POST', `${callPath(chosenId)}/tones`, { tones })
  })
for (const key of keys) {
  const button = make('button', { type: 'button', onclick: () => press(key) }, key)
  button.setAttribute('aria-label', say('pressKey', { key }))
  keypad.append(button)
}
keypad.addEventListener('keydown', (event) => {
  if (keys.includes(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) press(event.key)
})
for (const button of part('transfer', HTMLElement).querySelectorAll('button')) {
  button.onclick = () =>
    void orSayWhy(async () => {
      if (chosenId) await ask('POST', `${callPath(chosenId)}/transfer`, { outcome: button.dataset.outcome })
      detail.focus()
    })
}

// Listening

const audio = new Audio()
/** @type {(() => void) | null} */
let whenStopped = null
function stopPlaying() {
  audio.pause()
  whenStopped?.()
  whenStopped = null
}
audio.onended = stopPlaying

/** @param {string} callId @param {number} media */
function playButton(callId, media) {
  const button = make('button', { type: 'button', className: 'small play' })
  const show = (/** @type {boolean} */ sounds) => {
    setText(button, say(sounds ? 'stop' : 'play'))
    button.setAttribute('aria-label', say(sounds ? 'stopPrompt' : 'playPrompt', { media }))
  }
  let sounds = false
  const ended = () => {
    sounds = false
    show(false)
  }
  button.onclick = () => {
    const wasThis = sounds
    stopPlaying()
    if (wasThis) return
    sounds = true
    show(true)
    whenStopped = ended
    audio.src = `${callPath(callId)}/media/${media}.wav`
    audio.play().catch((error) => {
      // A second click, or another prompt, is no failure.
      if (error instanceof DOMException && error.name === 'AbortError') return
      stopPlaying()
      setText(notice, say('cannotPlay'))
    })
  }
  show(false)
  return button
}

// Calling the bot

/** @param {string} name @returns {HTMLInputElement | HTMLSelectElement} */
function field(name) {
  const found = dialForm.elements.namedItem(name)
  if (found instanceof HTMLInputElement || found instanceof HTMLSelectElement) return found
  throw new Error(`The form has no ${name}.`)
}
const whoCalls = () => String(new FormData(dialForm).get('who'))

/** A GUID; crypto.randomUUID is there in secure contexts only. */
function newId() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5')
}

function showWho() {
  const isUser = whoCalls() === 'user'
  part('dialUserFields', HTMLElement).hidden = !isUser
  part('dialPhoneFields', HTMLElement).hidden = isUser
}

/** Opens the form. */
function openDial() {
  if (field('userId').value === '') field('userId').value = newId()
  if (field('name').value === '') field('name').value = say('newName')
  setText(part('dialError', HTMLElement), '')
  showWho()
  dial.showModal()
}
part('openDial', HTMLButtonElement).onclick = openDial
part('dialCancel', HTMLButtonElement).onclick = () => dial.close()
for (const radio of dialForm.querySelectorAll('input[type=radio]')) radio.addEventListener('change', showWho)
dialForm.addEventListener('submit', async (event) => {
  event.preventDefault()
  const from =
    whoCalls() === 'user'
      ? { user: { id: field('userId').value.trim(), displayName: field('name').value.trim() || undefined } }
      : { phone: field('phone').value.replace(/[\s()-]/g, '') }
  try {
    const call = await ask('POST', '/emulator/calls', {
      from,
      appId: field('app').value || undefined,
      transfers: field('transfers').value || undefined,
    })
    dial.close()
    calls.set(call.id, call)
    choose(call.id)
    detail.focus()
  } catch (error) {
    setText(part('dialError', HTMLElement), error instanceof Error ? error.message : String(error))
  }
})

// How a bot is pointed here

/** @param {NonNullable<News['apps']>} apps */
function drawGuide(apps) {
  const { origin } = location
  const appChoice = field('app')
  part('dialApp', HTMLElement).hidden = apps.length < 2
  const choices = apps.map(({ appId, displayName }) => make('option', { value: appId }, displayName))
  if (appChoice.children.length !== choices.length) appChoice.replaceChildren(...choices)
  const steps = part('guideSteps', HTMLElement)
  if (steps.dataset.instance === instance) return
  steps.dataset.instance = instance
  steps.replaceChildren(
    make('h4', {}, say('guideAddresses')),
    addressList([
      [say('guideLogin'), origin],
      [say('guideGraph'), origin],
      [say('guideOpenId'), `${origin}/v1/.well-known/OpenIdConfiguration`],
      [say('guideChatKeys'), `${origin}/messages/v1/.well-known/openidconfiguration`],
    ]),
    make('p', { className: 'caption' }, say('guideVariables')),
    make('h4', {}, say('guideBot')),
    addressList(
      apps.flatMap(({ appId, tenantId }) => [
        [say('guideAppId'), appId],
        [say('guideTenant'), tenantId],
        [say('guideSecret'), null, say('guideSecretText')],
      ]),
    ),
    make('h4', {}, say('guideListen')),
    addressList(
      apps.flatMap(({ webhook, local }) => [
        [say('guideWebhook'), webhook, say('guideNoWebhook')],
        [say('guideLocal'), local, say(webhook ? 'guideNotMapped' : 'guideNoWebhook')],
      ]),
    ),
    make('h4', {}, say('guideCall')),
    make('button', { type: 'button', onclick: openDial }, say('callTheBot')),
  )
}

/** @param {(string | null)[][]} lines label, value to copy, and words for where there is none */
function addressList(lines) {
  const list = make('dl', { className: 'addresses' })
  for (const [label, value, otherwise] of lines) {
    const said = make('span', { className: value ? 'address' : '' }, value ?? otherwise ?? '')
    const there = make('dd', {}, said)
    if (value) {
      const copy = make(
        'button',
        { type: 'button', className: 'small', onclick: () => copyText(value, said) },
        say('copy'),
      )
      copy.setAttribute('aria-label', say('copyThat', { what: label ?? '' }))
      there.append(copy)
    }
    list.append(make('dt', {}, label ?? ''), there)
  }
  return list
}

setInterval(() => {
  // Only lengths change by themselves.
  if (!document.hidden && [...calls.values()].some(isLive)) draw()
}, 1000)

guide.hidden = false
connect()
