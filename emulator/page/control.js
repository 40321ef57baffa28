// @ts-check
import { part, setText } from './dom.js'
import { say } from './rows.js'

/** What the page asks of the emulator, and says when that fails. */

const notice = part('notice', HTMLElement)

/** A line above the rows; the empty text takes it away. @param {string} text */
export const notify = (text) => setText(notice, text)
/** Takes this line away, if it is still there. @param {string} text */
export const unnotify = (text) => notice.textContent === text && notify('')

/**
 * The answer of the control API; throws an Error with words for people.
 * @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} checked by the emulator, which sends it
 */
export async function ask(method, path, body) {
  /** @type {RequestInit} */
  const sent = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(path, { method, ...sent }).catch(() => null)
  if (!response) throw new Error(say('unreachable'))
  const answer = await response.json().catch(() => null)
  if (response.ok) return answer
  const { message = String(response.status), next = '' } = answer?.error ?? {}
  throw new Error(say('failed', { message, next }).trim())
}

/** @param {unknown} error */
export const wordsOf = (error) => (error instanceof Error ? error.message : String(error))

/** @param {() => Promise<unknown>} action */
export async function orSayWhy(action) {
  try {
    await action()
    notify('')
  } catch (error) {
    notify(wordsOf(error))
  }
}

/**
 * What a button does, once: neither a click before the answer nor the second of a double click does it again. Not `disabled`: the
 * focus would be lost.
 * @param {Event} event @param {() => Promise<unknown>} action
 */
export async function once(event, action) {
  const button = event instanceof SubmitEvent ? event.submitter : event.currentTarget
  if (!(button instanceof HTMLElement) || button.ariaDisabled === 'true') return
  if (event instanceof UIEvent && event.detail > 1) return
  button.ariaDisabled = 'true'
  await action().finally(() => button.removeAttribute('aria-disabled'))
}

/** @param {string} id */
export const callPath = (id) => `/emulator/calls/${encodeURIComponent(id)}`
