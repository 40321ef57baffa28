import { GraphError } from '../road/error.ts'
import type { Graph } from '../road/graph.ts'
import { inPath, limit, limitCount } from '../road/limits.ts'
import { boolean, isBag, listOf, oneOf, shape, text, withId } from '../wire/read.ts'
import { getOne, type Options, repeatable, type UserRef } from './ask.ts'

/** Whether somebody can be reached, and what they do. Both are words that Microsoft adds to: show them, branch on few. */
export type Presence = {
  id: string
  availability?: string
  activity?: string
  outOfOfficeSettings?: { isOutOfOffice?: boolean; message?: string }
  sequenceNumber?: string
  statusMessage?: StatusMessage
  workLocation?: {
    placeId?: string
    source?: 'none' | 'manual' | 'scheduled' | 'automatic' | 'unknownFutureValue'
    workLocationType?: 'unspecified' | 'office' | 'remote' | 'timeOff' | 'unknownFutureValue'
  }
}

/** What somebody tells those who look. `dateTime` is a time of `timeZone`, without an offset; see Graph's dateTimeTimeZone. */
export type StatusMessage = {
  message?: { content?: string | null; contentType?: 'text' | 'html' | null }
  expiryDateTime?: { dateTime: string; timeZone?: string | null }
  publishedDateTime?: string
}

/** The pairs that an app may set (setPresence page). */
export type SessionPresence =
  | { availability: 'Available'; activity: 'Available' }
  | { availability: 'Busy'; activity: 'InACall' | 'InAConferenceCall' }
  | { availability: 'Away'; activity: 'Away' }
  | { availability: 'DoNotDisturb'; activity: 'Presenting' }

const sessionPairs = [
  'Available/Available',
  'Busy/InACall',
  'Busy/InAConferenceCall',
  'Away/Away',
  'DoNotDisturb/Presenting',
]

/** Every method throws GraphError; requests that break a documented limit are refused before sending, with code `badRequest`. */
export type Presences = {
  get(user: UserRef, options?: Options): Promise<Presence>
  /** 1 to 650 users of one tenant. */
  getByUserIds(tenantId: string, ids: string[], options?: Options): Promise<Presence[]>
  /**
   * What this app says of a user. `sessionId` is the app's id. It holds for `expirationDuration`, an ISO 8601 duration from PT5M (which
   * Graph takes) to PT4H.
   */
  setPresence(
    user: UserRef,
    presence: SessionPresence & { sessionId: string; expirationDuration?: string },
    options?: Options,
  ): Promise<void>
  clearPresence(user: UserRef, session: { sessionId: string }, options?: Options): Promise<void>
  /** What the user is shown as, above all sessions; only while there is one. */
  setUserPreferredPresence(
    user: UserRef,
    presence: { availability: string; activity: string; expirationDuration?: string },
    options?: Options,
  ): Promise<void>
  clearUserPreferredPresence(user: UserRef, options?: Options): Promise<void>
  setStatusMessage(
    user: UserRef,
    status: { statusMessage: Omit<StatusMessage, 'publishedDateTime'> },
    options?: Options,
  ): Promise<void>
}

/** The operations on presence, one a function. All can be repeated: they set, and do not add. */
export function presenceOver(graph: Graph): Presences {
  async function post(user: UserRef, action: string, body?: object, options?: Options): Promise<void> {
    const operation = `presence.${action}`
    await graph.send({
      operation,
      method: 'POST',
      path: `${pathOf(operation, user)}/${action}`,
      tenantId: user.tenantId,
      ...(body && { body }),
      ...repeatable,
      ...options,
    })
  }

  return {
    async get(user, options) {
      const operation = 'presence.get'
      const path = pathOf(operation, user)
      return getOne(graph, { operation, path, tenantId: user.tenantId, ...options }, readPresence)
    },

    async getByUserIds(tenantId, ids, options) {
      const operation = 'presence.getByUserIds'
      limitCount(operation, 'ids', ids, 1, 650)
      const { body, status } = await graph.send({
        operation,
        method: 'POST',
        path: '/communications/getPresencesByUserId',
        tenantId,
        body: { ids },
        ...repeatable,
        ...options,
      })
      if (!isBag(body) || body.value === undefined)
        throw new GraphError({ code: 'unreadableAnswer', operation, status })
      return listOf(body.value).flatMap((raw) => readPresence(raw) ?? [])
    },

    async setPresence(user, { sessionId, availability, activity, expirationDuration }, options) {
      const operation = 'presence.setPresence'
      limit(operation, sessionId !== '', 'sessionId is the id of the app, and empty')
      limit(
        operation,
        sessionPairs.includes(`${availability}/${activity}`),
        `availability and activity must be one of ${sessionPairs.join(', ')}`,
      )
      if (expirationDuration !== undefined) {
        const seconds = secondsOf(expirationDuration) ?? 0
        limit(operation, seconds >= 300 && seconds <= 14_400, 'expirationDuration must be a duration of PT5M to PT4H')
      }
      await post(user, 'setPresence', { sessionId, availability, activity, expirationDuration }, options)
    },

    async clearPresence(user, { sessionId }, options) {
      limit('presence.clearPresence', sessionId !== '', 'sessionId is the id of the app, and empty')
      await post(user, 'clearPresence', { sessionId }, options)
    },

    async setUserPreferredPresence(user, { availability, activity, expirationDuration }, options) {
      const operation = 'presence.setUserPreferredPresence'
      limit(operation, availability !== '' && activity !== '', 'availability and activity are both needed')
      // The range of this one is not in the public record; its example has PT8H.
      limit(
        operation,
        expirationDuration === undefined || (secondsOf(expirationDuration) ?? 0) > 0,
        'expirationDuration must be an ISO 8601 duration such as PT8H',
      )
      await post(user, 'setUserPreferredPresence', { availability, activity, expirationDuration }, options)
    },

    clearUserPreferredPresence(user, options) {
      return post(user, 'clearUserPreferredPresence', undefined, options)
    },

    setStatusMessage(user, { statusMessage }, options) {
      return post(user, 'setStatusMessage', { statusMessage }, options)
    },
  }
}

function pathOf(operation: string, { userId }: UserRef): string {
  return `/users/${inPath(operation, 'user', userId)}/presence`
}

/** Of an ISO 8601 duration of days, hours, minutes and seconds; undefined when it is none. */
function secondsOf(duration: string): number | undefined {
  const [whole, days = '0', hours = '0', minutes = '0', seconds = '0'] =
    /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(duration) ?? []
  if (whole === undefined) return undefined
  return Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)
}

const readStatusMessage = shape<StatusMessage>({
  message: shape<NonNullable<StatusMessage['message']>>({
    content: text,
    contentType: oneOf<'text' | 'html'>(['text', 'html']),
  }),
  expiryDateTime(raw) {
    const dateTime = isBag(raw) ? text(raw.dateTime) : undefined
    if (!isBag(raw) || dateTime === undefined) return undefined
    return { dateTime, ...(text(raw.timeZone) !== undefined && { timeZone: text(raw.timeZone) }) }
  },
  publishedDateTime: text,
})

export const readPresence = withId<Presence>(
  shape<Presence>({
    id: text,
    availability: text,
    activity: text,
    outOfOfficeSettings: shape<NonNullable<Presence['outOfOfficeSettings']>>({ isOutOfOffice: boolean, message: text }),
    sequenceNumber: text,
    statusMessage: readStatusMessage,
    workLocation: shape<NonNullable<Presence['workLocation']>>({
      placeId: text,
      source: oneOf(['none', 'manual', 'scheduled', 'automatic'], 'unknownFutureValue'),
      workLocationType: oneOf(['unspecified', 'office', 'remote', 'timeOff'], 'unknownFutureValue'),
    }),
  }),
)
