// @ts-check
import { ask, once, wordsOf } from './control.js'
import { make, part, setText } from './dom.js'
import { say } from './rows.js'

/**
 * Calling the bot.
 *
 * @typedef {import('./rows.js').Call} Call
 */

const dial = part('dial', HTMLDialogElement)
const form = part('dialForm', HTMLFormElement)
const failure = part('dialError', HTMLElement)

/** @param {string} name @returns {HTMLInputElement | HTMLSelectElement} */
function field(name) {
  const found = form.elements.namedItem(name)
  if (found instanceof HTMLInputElement || found instanceof HTMLSelectElement) return found
  throw new Error(`The form has no ${name}.`)
}
const isUser = () => new FormData(form).get('who') === 'user'

/** A GUID; crypto.randomUUID is there in secure contexts only. */
function newId() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5')
}

function showWho() {
  part('dialUserFields', HTMLElement).hidden = !isUser()
  part('dialPhoneFields', HTMLElement).hidden = isUser()
}

/** Opens the form. */
export function openDial() {
  if (field('userId').value === '') field('userId').value = newId()
  if (field('name').value === '') field('name').value = say('newName')
  setText(failure, '')
  showWho()
  dial.showModal()
}

/** The bots to choose from, where there are several. @param {{ appId: string, displayName: string }[]} apps */
export function offerApps(apps) {
  const choice = field('app')
  part('dialApp', HTMLElement).hidden = apps.length < 2
  const options = apps.map(({ appId, displayName }) => make('option', { value: appId }, displayName))
  if (choice.children.length !== options.length) choice.replaceChildren(...options)
}

function callerOf() {
  if (!isUser()) return { phone: field('phone').value.replace(/[\s()-]/g, '') }
  return { user: { id: field('userId').value.trim(), displayName: field('name').value.trim() || undefined } }
}

/** @param {(call: Call) => void} onCalled the call is there */
export function connectDial(onCalled) {
  part('openDial', HTMLButtonElement).onclick = openDial
  part('dialCancel', HTMLButtonElement).onclick = () => dial.close()
  for (const radio of form.querySelectorAll('input[type=radio]')) radio.addEventListener('change', showWho)
  const place = async () => {
    try {
      const call = await ask('POST', '/emulator/calls', {
        from: callerOf(),
        appId: field('app').value || undefined,
        transfers: field('transfers').value || undefined,
      })
      dial.close()
      onCalled(call)
    } catch (error) {
      setText(failure, wordsOf(error))
    }
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void once(event, place)
  })
}
