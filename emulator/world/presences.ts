import type { Clock } from '#ground/clock.ts'
import { normalId } from '#ground/ids.ts'

/** What a user does, as apps and the user's own Teams tell it. */

export type Shown = { availability: string; activity: string }
/** Until when, in milliseconds since 1970. Null: until it is taken back. */
type Lasting<T> = T & { until: number | null }

export type StatusMessage = {
  message: { content?: string | null | undefined; contentType?: string | null | undefined } | null
  expiryDateTime: { dateTime: string; timeZone?: string | null | undefined } | null
  publishedDateTime: string
}

/** `since` is when an app set it: from then on it fades. The user's own Teams says itself when nobody is there. */
type Session = Shown & { since?: number }

type State = {
  /** One for each app, by its id; the user's own Teams is one of them. */
  sessions: Map<string, Lasting<Session>>
  preferred: Lasting<Shown> | null
  statusMessage: Lasting<StatusMessage> | null
}

/** The name of the session that is the user's own Teams. */
const ownTeams = 'teams'

/** Pairs that an app may set (contract: note of presence-setpresence). */
export const appPairs = pairs(
  'Available/Available Busy/InACall Busy/InAConferenceCall Away/Away DoNotDisturb/Presenting',
)

/** Pairs that may be preferred. The contract has no list; these are what Teams lets people choose. */
export const preferredPairs = pairs(
  'Available/Available Busy/Busy DoNotDisturb/DoNotDisturb BeRightBack/BeRightBack Away/Away Offline/OffWork',
)

function pairs(text: string): Shown[] {
  return text.split(' ').map((pair) => {
    const [availability = '', activity = ''] = pair.split('/')
    return { availability, activity }
  })
}

export const isOneOf = (known: Shown[], { availability, activity }: Shown): boolean =>
  known.some((pair) => pair.availability === availability && pair.activity === activity)

const idleMs = 5 * 60_000

/** An app's session that is Available fades in stages while it is not set again (presence-setpresence page). */
function fadedAt({ availability, activity, since }: Session, now: number): Shown {
  const idle = since === undefined || availability !== 'Available' ? 0 : now - since
  if (idle >= 2 * idleMs) return { availability: 'Away', activity: 'Away' }
  return { availability, activity: idle >= idleMs ? 'AvailableInactive' : activity }
}

/** Of several sessions the first of these counts (presence-setpresence page; BeRightBack and idleness are project choices). */
const order = ['DoNotDisturb', 'Busy', 'BeRightBack', 'Available', 'AvailableInactive', 'Away', 'Offline']
const rankOf = ({ availability, activity }: Shown) => {
  const rank = order.indexOf(activity === 'AvailableInactive' ? activity : availability)
  return rank === -1 ? order.length : rank
}

const offline: Shown = { availability: 'Offline', activity: 'Offline' }
const lasts = (now: number) => (one: Lasting<unknown & object>) => one.until === null || one.until > now

/** What others see at this time: without a session nobody is there, whatever they prefer to show. */
export function shownAt(state: Pick<State, 'sessions' | 'preferred'>, now: number): Shown {
  const live = [...state.sessions.values()].filter(lasts(now)).map((session) => fadedAt(session, now))
  const [best] = live.sort((a, b) => rankOf(a) - rankOf(b))
  if (!best) return offline
  const { availability, activity } = state.preferred && lasts(now)(state.preferred) ? state.preferred : best
  return { availability, activity }
}

export type Presences = ReturnType<typeof createPresences>

/** Everybody's presence, by user. What has expired is found out when somebody looks. */
export function createPresences(clock: Clock) {
  const states = new Map<string, State>()
  const stateOf = (userId: string): State => {
    const known = states.get(normalId(userId))
    if (known) return known
    const state: State = { sessions: new Map(), preferred: null, statusMessage: null }
    states.set(normalId(userId), state)
    return state
  }
  const after = (ms: number) => clock.now() + ms

  return {
    see(userId: string): Shown & { statusMessage: StatusMessage | null } {
      const state = states.get(normalId(userId))
      const now = clock.now()
      if (!state) return { ...offline, statusMessage: null }
      const { statusMessage } = state
      if (!statusMessage || !lasts(now)(statusMessage)) return { ...shownAt(state, now), statusMessage: null }
      const { until, ...shown } = statusMessage
      return { ...shownAt(state, now), statusMessage: shown }
    },
    setSession: (userId: string, appId: string, shown: Shown, ms: number) =>
      void stateOf(userId).sessions.set(normalId(appId), { ...shown, since: clock.now(), until: after(ms) }),
    clearSession: (userId: string, appId: string) =>
      void states.get(normalId(userId))?.sessions.delete(normalId(appId)),
    /** What the user's own Teams shows, until it shows something else. */
    setOwn: (userId: string, shown: Shown) => void stateOf(userId).sessions.set(ownTeams, { ...shown, until: null }),
    setPreferred(userId: string, shown: Shown, ms: number) {
      stateOf(userId).preferred = { ...shown, until: after(ms) }
    },
    clearPreferred(userId: string) {
      stateOf(userId).preferred = null
    },
    setStatusMessage(userId: string, message: Omit<StatusMessage, 'publishedDateTime'> | null, until: number | null) {
      const publishedDateTime = new Date(clock.now()).toISOString()
      stateOf(userId).statusMessage = message && { ...message, publishedDateTime, until }
    },
    forget: () => states.clear(),
  }
}
