// @ts-check
import { callPath, notify } from './control.js'
import { make, setText } from './dom.js'
import { say } from './rows.js'

/** Listening to prompts, one at a time. */

const audio = new Audio()
/** @type {(() => void) | null} */
let whenStopped = null

export function stopPlaying() {
  audio.pause()
  whenStopped?.()
  whenStopped = null
}
audio.onended = stopPlaying

/** @param {string} callId @param {number} media */
export function playButton(callId, media) {
  const button = make('button', { type: 'button', className: 'small play' })
  let sounds = false
  const show = (/** @type {boolean} */ isSounding) => {
    sounds = isSounding
    setText(button, say(sounds ? 'stop' : 'play'))
    button.ariaLabel = say(sounds ? 'stopPrompt' : 'playPrompt', { media })
  }
  button.onclick = () => {
    const wasThis = sounds
    stopPlaying()
    if (wasThis) return
    show(true)
    whenStopped = () => show(false)
    audio.src = `${callPath(callId)}/media/${media}.wav`
    audio.play().catch((error) => {
      // A second click, or another prompt, is no failure.
      if (error instanceof DOMException && error.name === 'AbortError') return
      stopPlaying()
      notify(say('cannotPlay'))
    })
  }
  show(false)
  return button
}
