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

type State = {
  /** One for each app, by its id; the user's own Teams is one of them. */
  sessions: Map<string, Lasting<Shown>>
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

/** Of several sessions the one that is least to be disturbed counts. The order is not in the contract: project choice. */
const order = ['DoNotDisturb', 'Busy', 'BeRightBack', 'Available', 'Away', 'Offline']
const rankOf = ({ availability }: Shown) => {
  const rank = order.indexOf(availability)
  return rank === -1 ? order.length : rank
}

const offline: Shown = { availability: 'Offline', activity: 'Offline' }
const lasts = (now: number) => (one: Lasting<unknown & object>) => one.until === null || one.until > now

/** What others see at this time: without a session nobody is there, whatever they prefer to show. */
export function shownAt(state: Pick<State, 'sessions' | 'preferred'>, now: number): Shown {
  const [best] = [...state.sessions.values()].filter(lasts(now)).sort((a, b) => rankOf(a) - rankOf(b))
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
      void stateOf(userId).sessions.set(normalId(appId), { ...shown, until: after(ms) }),
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
