// @ts-check
import { once } from './control.js'
import { make, part, reconcile, setText } from './dom.js'
import { conversationOf, isLive, nameOf, rosterOf, say, wordsOfRoster } from './rows.js'

/**
 * Who is in the chosen call and whose telephone rings for it, with what they can do.
 *
 * @typedef {import('./rows.js').Call} Call
 * @typedef {import('./rows.js').Names} Names
 * @typedef {import('./rows.js').Person} Person
 * @typedef {import('../world/people.ts').Ring} Ring
 * @typedef {(action: string) => Promise<void>} Act
 * @typedef {{ post(path: string, body: unknown): Promise<void>, focusElsewhere(): void }} Page `post` says itself why something
 * failed; `focusElsewhere` is for when what had the focus is gone
 */

/** @param {Page} page */
export function createPeople(page) {
  const drawRoster = createRoster(page)
  const drawRings = createRings(page)

  /** @param {Call | undefined} call @param {Ring[]} rings of all calls @param {Names} names */
  return function drawPeople(call, rings, names) {
    // Only what waits for somebody is read out; the rest can be read.
    const waiting = drawRoster(call, names)
    const asks = drawRings(call ? rings.filter(({ callId }) => callId === call.id) : [], names)
    if (waiting > 0) asks.push(say('waitInLobby', { count: waiting }))
    setText(part('asks', HTMLElement), asks.join(' '))
  }
}

/** @param {Page} page */
function createRoster({ post, focusElsewhere }) {
  const roster = part('roster', HTMLElement)
  const list = part('rosterList', HTMLUListElement)
  const admitAll = part('admitAll', HTMLButtonElement)
  /** @type {Map<string, import('./dom.js').Drawn<Person>>} */
  const drawn = new Map()

  /** How many wait in the lobby. @param {Call | undefined} call @param {Names} names */
  return function drawRoster(call, names) {
    // Between two, the title names them both; of a call that is over, the rows tell.
    const here = call && isLive(call) && conversationOf(call) !== '' ? rosterOf(call, names) : []
    const path = `/emulator/conversations/${encodeURIComponent(call?.conversation.id ?? '')}/participants/`
    /** @param {string} id @returns {Act} */
    const actOf = (id) => (action) => post(path + encodeURIComponent(id), { action })
    const people = new Map(here.map((person) => [person.id, person]))
    const lost = reconcile(list, drawn, people, ({ id }) => buildPerson(actOf(id)))
    const waiting = here.filter(({ isInLobby }) => isInLobby)
    const lostAdmitAll = document.activeElement === admitAll && waiting.length < 2
    admitAll.hidden = waiting.length < 2
    // All at once: until the last is in, another call may be chosen.
    admitAll.onclick = (event) => once(event, () => Promise.all(waiting.map(({ id }) => actOf(id)('admit'))))
    roster.hidden = here.length === 0
    setText(part('rosterCount', HTMLElement), wordsOfRoster(here))
    // Not the next button: a key too many would do something to somebody else.
    if (roster.hidden && lost) focusElsewhere()
    else if (lost || lostAdmitAll) roster.querySelector('summary')?.focus()
    return waiting.length
  }
}

/** @param {Act} act @returns {import('./dom.js').Drawn<Person>} */
function buildPerson(act) {
  const name = make('span', { className: 'personName' })
  const notes = make('span', { className: 'personNotes' })
  const [admit, mute, leave] = [smallButton(), smallButton(), smallButton()]
  const element = make('li', {}, name, notes, make('span', { className: 'personDoes' }, admit, mute, leave))
  /** @param {Person} person */
  const update = (person) => {
    setText(name, person.name)
    if (notes.dataset.said !== person.notes.join()) {
      notes.dataset.said = person.notes.join()
      notes.replaceChildren(...person.notes.map(pill))
    }
    for (const [button, action] of /** @type {const} */ ([
      [admit, 'admit'],
      [mute, person.isMuted ? 'unmute' : 'mute'],
      [leave, 'leave'],
    ])) {
      label(button, say(action), person.name)
      button.onclick = (event) => once(event, () => act(action))
    }
    const focused = document.activeElement
    admit.hidden = !person.isInLobby
    mute.hidden = person.isInLobby
    // The bot hangs up by itself: that is what is tried out here.
    leave.hidden = person.isBot
    if (focused === admit && admit.hidden) mute.focus()
  }
  return { element, update }
}

/** @param {Page} page */
function createRings({ post, focusElsewhere }) {
  const list = part('rings', HTMLUListElement)
  /** @type {Map<string, import('./dom.js').Drawn<Ring>>} */
  const drawn = new Map()

  /** What is read out of them. @param {Ring[]} rings @param {Names} names */
  return function drawRings(rings, names) {
    const lost = reconcile(list, drawn, new Map(rings.map((ring) => [ring.id, ring])), ({ id, identity }) =>
      buildRing(nameOf(identity, names), (outcome) => post(`/emulator/rings/${encodeURIComponent(id)}`, { outcome })),
    )
    list.hidden = rings.length === 0
    const next = list.querySelector('button')
    if (lost && next) next.focus()
    else if (lost) focusElsewhere()
    if (rings.length > 2) return [say('ringCount', { count: rings.length })]
    return rings.map(({ identity }) => say('rings', { name: nameOf(identity, names) }))
  }
}

/** @param {string} name @param {Act} answer */
function buildRing(name, answer) {
  const answers = Object.entries({ accept: 'transferAccept', decline: 'transferDecline', noAnswer: 'ringNoAnswer' })
  const buttons = answers.map(([outcome, key]) => {
    const button = make('button', { type: 'button', onclick: (event) => once(event, () => answer(outcome)) })
    label(button, say(key), name)
    return button
  })
  return { element: make('li', { className: 'asks' }, make('span', {}, say('rings', { name })), ...buttons) }
}

const smallButton = () => make('button', { type: 'button', className: 'small' })

/** What it does, and to whom. @param {HTMLElement} button @param {string} action @param {string} name */
function label(button, action, name) {
  setText(button, action)
  button.ariaLabel = say('actionOn', { action, name })
}

/** @param {string} note */
function pill(note) {
  const made = make('span', { className: 'pill' }, say(`note_${note}`))
  made.dataset.tone = note === 'inLobby' ? 'warning' : note === 'bot' ? 'brand' : 'neutral'
  return made
}
