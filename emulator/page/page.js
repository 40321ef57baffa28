// @ts-check
import { createCallList, focusChosen } from './callList.js'
import { ask, callPath, notify, orSayWhy } from './control.js'
import { createDetail } from './detail.js'
import { connectDial, offerApps } from './dial.js'
import { part, setText } from './dom.js'
import { drawGuide } from './guide.js'
import * as knowing from './known.js'
import { stopPlaying } from './player.js'
import { createRowList } from './rowList.js'
import { isLive, say } from './rows.js'

/**
 * The live page. It hears news over one stream of events, asks the control API for the rest, and draws at most once a frame.
 * Text is set as text only; the policy that the page comes with refuses anything else.
 */

const retryMs = 1500

const main = part('main', HTMLElement)
const detail = part('detail', HTMLElement)
const known = knowing.createKnown()
const rows = createRowList(known)
const drawDetail = createDetail(known, rows)
const drawCalls = createCallList(known, { choose, draw, readDetail: () => detail.focus() })

let willDraw = false
function draw() {
  if (willDraw) return
  willDraw = true
  requestAnimationFrame(() => {
    willDraw = false
    const call = knowing.chosenCall(known)
    drawCalls()
    drawDetail(call)
    rows.draw()
  })
}

/** @param {string | null} id null for all that happens */
function choose(id) {
  main.dataset.pane = 'detail'
  if (id === known.chosenId) return
  knowing.choose(known, id)
  stopPlaying()
  notify('')
  rows.clear()
  if (id) void fetchChosen(id)
  draw()
}
part('back', HTMLButtonElement).onclick = () => {
  main.dataset.pane = 'list'
  focusChosen()
}
connectDial((call) => {
  known.calls.set(call.id, call)
  choose(call.id)
  detail.focus()
})

/** What happened on the call before this page heard of it. @param {string} id */
const fetchChosen = (id) =>
  orSayWhy(async () => {
    const [call, exchanges] = await Promise.all([
      ask('GET', callPath(id)),
      ask('GET', `/emulator/requests?callId=${encodeURIComponent(id)}`),
    ])
    if (id !== known.chosenId) return
    knowing.learnOlder(known, call, exchanges)
    draw()
  })

/** @param {import('./pageRoutes.ts').News} news */
function hear(news) {
  knowing.hear(known, news)
  if (news.whole && news.apps) {
    offerApps(news.apps)
    drawGuide(news.apps, known.instance)
  }
  if (known.chosenId && news.whole) void fetchChosen(known.chosenId)
  draw()
}

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
  const connection = part('connection', HTMLElement)
  connection.dataset.state = state
  setText(connection, say(state))
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) return connect()
  clearTimeout(retry)
  source?.close()
  showConnection('paused')
})

setInterval(() => {
  // Only lengths change by themselves.
  if (!document.hidden && [...known.calls.values()].some(isLive)) draw()
}, 1000)

part('guide', HTMLDetailsElement).hidden = false
connect()
