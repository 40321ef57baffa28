import type { VirtualClock } from '../virtualClock.ts'
import { answer, prompts, publicUrl, tenantId } from './testLine.ts'
import { invitation, outgoing as outgoingOf } from './testStates.ts'

/** Small bots that the example scripts in `scripts/` are about. For this room's tests. */

export type News = {
  '@odata.type'?: string
  state?: string
  status?: string
  clientContext?: string
  mediaState?: { audio: string }
  toneInfo?: { tone: string }
}
type Ask = (method: 'POST' | 'DELETE', path: string, body?: unknown) => Promise<{ body: unknown }>
type Tools = { ask: Ask; clock: VirtualClock }

/** What a bot does at the beginning, and with what it is told: of a call, by its id, or of who is in it (`roster`). */
export type ScriptBot = (tools: Tools) => {
  begin?: () => Promise<void>
  hear: (callId: string, news: News, roster: { isInLobby: boolean }[] | null) => Promise<unknown> | undefined
}

/** The file that says this text; see `saying`. */
const say = (text: string) => prompts(`/${encodeURIComponent(text)}.wav`)
export const saying = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1).replace(/\.wav$/, ''))

const play = (ask: Ask, id: string, text: string, clientContext: string) =>
  ask('POST', `/${id}/playPrompt`, { prompts: say(text), clientContext })

const sue = '550fae72-d251-43ec-868c-373732c2704f'
export const person = (user: string, more: object = {}) => invitation({ user: { id: user } }, more)
export const outgoing = (more: object) => outgoingOf({ callbackUri: `${publicUrl}/api/calls`, tenantId, ...more })
const meeting = (joinMeetingId: string, passcode: string) =>
  outgoing({ meetingInfo: { '@odata.type': '#microsoft.graph.joinMeetingIdMeetingInfo', joinMeetingId, passcode } })
const idOf = ({ body }: { body: unknown }): string => (body as { id: string }).id // the emulator's own answer

const hasSound = ({ mediaState }: News) => mediaState?.audio === 'active'
const isDone = ({ '@odata.type': type, status }: News) => type?.endsWith('Operation') && status === 'completed'

/** Says a menu, puts whoever presses 1 through to Sue, asks twice, and hangs up. */
export const menuBot: ScriptBot = ({ ask, clock }) => {
  const asked = new Map<string, number>()
  const menu = (id: string) => {
    asked.set(id, (asked.get(id) ?? 0) + 1)
    return play(ask, id, 'Press 1 for sales.', 'menu')
  }
  return {
    hear(id, news) {
      if (news.state === 'incoming') return ask('POST', `/${id}/answer`, answer)
      if (hasSound(news)) {
        return ask('POST', `/${id}/subscribeToTone`, { clientContext: 'keys' })
          .then(() => play(ask, id, 'Welcome.', 'welcome'))
          .then(() => menu(id))
      }
      if (news.toneInfo?.tone === 'tone1') return ask('POST', `/${id}/transfer`, { transferTarget: person(sue) })
      if (!isDone(news)) return
      if (news.clientContext === 'bye') return ask('DELETE', `/${id}`)
      if (news.clientContext !== 'menu') return
      clock.after(6000, () => {
        void (asked.get(id) === 2 ? play(ask, id, 'Goodbye.', 'bye') : menu(id))
      })
    },
  }
}

/** Takes a message, thanks, and hangs up. */
export const voicemailBot: ScriptBot = ({ ask }) => ({
  hear(id, news) {
    if (news.state === 'incoming') return ask('POST', `/${id}/answer`, answer)
    if (hasSound(news)) {
      return ask('POST', `/${id}/recordResponse`, {
        prompts: say('Speak after the beep.'),
        maxRecordDurationInSeconds: 60,
        initialSilenceTimeoutInSeconds: 5,
        maxSilenceTimeoutInSeconds: 2,
        playBeep: true,
        clientContext: 'message',
      })
    }
    if (!isDone(news)) return
    if (news.clientContext === 'message') {
      return play(ask, id, 'Thank you.', 'bye')
    }
    return news.clientContext === 'bye' ? ask('DELETE', `/${id}`) : undefined
  },
})

/** Calls people about an incident, and moves who presses 1 into the meeting (as Microsoft's incident sample does). */
export const incidentBot: ScriptBot = ({ ask }) => {
  const responders = [
    '278405a3-f568-4b3e-b684-009193463064',
    '550fae72-d251-43ec-868c-373732c2704f',
    '6c2ab2a5-9d5c-4b8f-a9e4-0f6fa2a5f6a1',
  ]
  const called = new Map<string, string>()
  let bridge = ''
  return {
    async begin() {
      bridge = idOf(await ask('POST', '', meeting('1234567890123', 'bridge')))
      for (const one of responders) called.set(idOf(await ask('POST', '', outgoing({ targets: [person(one)] }))), one)
    },
    hear(id, news) {
      const one = called.get(id)
      if (!one) return
      if (hasSound(news)) {
        return ask('POST', `/${id}/subscribeToTone`, { clientContext: 'keys' }).then(() =>
          play(ask, id, 'An incident. Press 1 to join.', 'incident'),
        )
      }
      if (news.toneInfo?.tone !== 'tone1') return
      return ask('POST', `/${bridge}/participants/invite`, {
        participants: [person(one, { replacesCallId: id })],
        clientContext: 'move',
      })
    },
  }
}

/** Joins a meeting, and speaks when three are there. */
export const meetingBot: ScriptBot = ({ ask }) => {
  let hasSpoken = false
  return {
    async begin() {
      await ask('POST', '', meeting('9876543210987', 'review'))
    },
    hear(id, _news, roster) {
      if (hasSpoken || roster?.filter(({ isInLobby }) => !isInLobby).length !== 3) return
      hasSpoken = true
      return play(ask, id, 'Everybody is here.', 'here')
    },
  }
}

/** Never answers. */
export const silentBot: ScriptBot = () => ({ hear: () => undefined })
/** Declines every call. */
export const busyBot: ScriptBot = ({ ask }) => ({
  hear: (id, news) => (news.state === 'incoming' ? ask('POST', `/${id}/reject`, { reason: 'busy' }) : undefined),
})
