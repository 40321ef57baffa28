import { leave, type Outcome, stay, type Turn } from './block.ts'

/** Public samples begin to speak when media is active. A call that never says so is spoken to all the same. */
const mediaGraceMs = 3000

/** How far an answer has come: what its block keeps. */
export type Answering = 'waitsForMedia' | 'asksForKeys'

/**
 * Takes the call, unless that is done already, and goes on by `next` when the caller can hear and keys come. News of a call may come
 * twice: only the first counts. Refusals are left to the block.
 */
export function answering({ event, data, line, flowHearsKeys }: Turn<Answering>): Outcome<Answering> | undefined {
  const goOn = () =>
    flowHearsKeys
      ? stay<Answering>({ asks: [{ type: 'subscribeTones' }], again: true, data: 'asksForKeys' })
      : leave('next')
  const waitForMedia = () =>
    stay<Answering>({ asks: [{ type: 'startTimer', timer: 'block', ms: mediaGraceMs }], data: 'waitsForMedia' })
  switch (event.type) {
    case 'entered':
      if (line === 'audible') return goOn()
      if (line === 'established') return waitForMedia()
      return line === 'ringing' ? stay({ asks: [{ type: 'answer' }] }) : stay()
    case 'callEstablished':
      if (event.audio) return data === 'asksForKeys' ? undefined : goOn()
      return data === undefined ? waitForMedia() : undefined
    case 'timerElapsed':
      return data === 'waitsForMedia' ? goOn() : undefined
    case 'tonesSubscribed':
      return leave('next')
  }
}
