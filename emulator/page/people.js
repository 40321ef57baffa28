// @ts-check
import { make, part, reconcile, setText } from './dom.js'
import { conversationOf, isLive, nameOf, rosterOf, say, waitingIn, wordsOfRoster } from './rows.js'

/**
 * Who is in the chosen call and whose telephone rings for it, with what they can do.
 *
 * @typedef {import('./dom.js').Drawn} Drawn
 * @typedef {import('./rows.js').Call} Call
 * @typedef {import('./rows.js').Names} Names
 * @typedef {import('./rows.js').Person} Person
 * @typedef {import('../world/people.ts').Ring} Ring
 */

/**
 * @param {{ post(path: string, body: unknown): Promise<void>, focusElsewhere(): void }} page `post` says itself why something failed;
 * `focusElsewhere` is for when what had the focus is gone
 */
export function createPeople({ post, focusElsewhere }) {
  const roster = part('roster', HTMLElement)
  const rosterList = part('rosterList', HTMLUListElement)
  const admitAll = part('admitAll', HTMLButtonElement)
  const ringList = part('rings', HTMLUListElement)
  /** @type {Map<string, Drawn>} */
  const drawnPeople = new Map()
  /** @type {Map<string, Drawn>} */
  const drawnRings = new Map()
  let conversationId = ''
  /** @type {Map<string, Person>} */
  let people = new Map()

  /** @param {string} id @param {string} action */
  const act = (id, action) =>
    post(`/emulator/conversations/${encodeURIComponent(conversationId)}/participants/${encodeURIComponent(id)}`, {
      action,
    })
  admitAll.onclick = () => {
    // All at once: until the last is in, another call may be chosen.
    for (const { id, isInLobby } of people.values()) if (isInLobby) void act(id, 'admit')
  }

  /** @param {string} id @returns {Drawn} */
  function buildPerson(id) {
    const name = make('span', { className: 'personName' })
    const notes = make('span', { className: 'personNotes' })
    const admit = button(() => act(id, 'admit'))
    const mute = button(() => act(id, people.get(id)?.isMuted ? 'unmute' : 'mute'))
    const leave = button(() => act(id, 'leave'))
    const element = make('li', {}, name, notes, make('span', { className: 'personDoes' }, admit, mute, leave))
    const update = () => {
      const person = people.get(id)
      if (!person) return
      setText(name, person.name)
      if (notes.dataset.said !== person.notes.join()) {
        notes.dataset.said = person.notes.join()
        notes.replaceChildren(...person.notes.map((note) => pill(note)))
      }
      label(admit, say('admit'), person.name)
      label(mute, say(person.isMuted ? 'unmute' : 'mute'), person.name)
      label(leave, say('leave'), person.name)
      const focused = document.activeElement
      admit.hidden = !person.isInLobby
      mute.hidden = person.isInLobby
      // The bot hangs up by itself: that is what is tried out here.
      leave.hidden = person.isBot
      if (focused === admit && admit.hidden) mute.focus()
    }
    return { element, update }
  }

  /** @param {Call | undefined} call @param {Names} names */
  function drawRoster(call, names) {
    // Between two, the title names them both; of a call that is over, the rows tell.
    const here = call && isLive(call) && conversationOf(call) !== '' ? rosterOf(call, names) : []
    people = new Map(here.map((person) => [person.id, person]))
    conversationId = call?.conversation.id ?? ''
    const lost = reconcile(rosterList, drawnPeople, [...people.keys()], buildPerson)
    const lostAdmitAll = document.activeElement === admitAll && waitingIn(here) < 2
    roster.hidden = here.length === 0
    admitAll.hidden = waitingIn(here) < 2
    setText(part('rosterCount', HTMLElement), wordsOfRoster(here))
    // Not the next button: a key too many would do something to somebody else.
    if (roster.hidden && lost) focusElsewhere()
    else if (lost || lostAdmitAll) roster.querySelector('summary')?.focus()
    return here
  }

  /** @param {Ring} ring @param {Names} names @returns {Drawn} */
  function buildRing({ id, identity }, names) {
    const name = nameOf(identity, names)
    const text = make('span', {}, say('rings', { name }))
    const answers = [
      { outcome: 'accept', words: say('transferAccept') },
      { outcome: 'decline', words: say('transferDecline') },
      { outcome: 'noAnswer', words: say('ringNoAnswer') },
    ].map(({ outcome, words }) => {
      const answer = button(() => post(`/emulator/rings/${encodeURIComponent(id)}`, { outcome }))
      answer.className = ''
      label(answer, words, name)
      return answer
    })
    return { element: make('li', { className: 'asks' }, text, ...answers), update() {} }
  }

  /** @param {Call | undefined} call @param {Ring[]} rings of all calls @param {Names} names */
  return function drawPeople(call, rings, names) {
    const here = drawRoster(call, names)
    const ours = new Map(rings.filter(({ callId }) => call && callId === call.id).map((ring) => [ring.id, ring]))
    const lost = reconcile(ringList, drawnRings, [...ours.keys()], (id) =>
      buildRing(/** @type {Ring} */ (ours.get(id)), names),
    ) // each key is of a ring
    ringList.hidden = ours.size === 0
    const next = ringList.querySelector('button')
    if (lost && next) next.focus()
    else if (lost) focusElsewhere()
    // Only what waits for somebody is read out; the rest can be read.
    const waiting = waitingIn(here)
    const asks =
      ours.size > 2
        ? [say('ringCount', { count: ours.size })]
        : [...ours.values()].map(({ identity }) => say('rings', { name: nameOf(identity, names) }))
    if (waiting > 0) asks.push(say('waitInLobby', { count: waiting }))
    setText(part('asks', HTMLElement), asks.join(' '))
  }
}

/** @param {() => unknown} onclick */
const button = (onclick) => make('button', { type: 'button', className: 'small', onclick })

/** What it does, and to whom. @param {HTMLElement} button @param {string} action @param {string} name */
function label(button, action, name) {
  setText(button, action)
  button.setAttribute('aria-label', say('actionOn', { action, name }))
}

/** @param {string} note */
function pill(note) {
  const made = make('span', { className: 'pill' }, say(`note_${note}`))
  made.dataset.tone = note === 'inLobby' ? 'warning' : note === 'bot' ? 'brand' : 'neutral'
  return made
}
