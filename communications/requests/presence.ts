import { inPath, limit, limitCount } from '../road/limits.ts'
import { boolean, having, nullable, oneOf, type Read, type Reader, shape, text, withId } from '../wire/read.ts'
import { each, nothing, one, repeatable, type UserRef } from './ask.ts'
import { at, body, type Methods, ofTenant } from './operation.ts'

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

const ofUser = at<UserRef>(({ userId, tenantId }, operation) => ({
  path: `/users/${inPath(operation, 'user', userId)}/presence`,
  tenantId,
}))

function sessionBody(
  asked: SessionPresence & { sessionId: string; expirationDuration?: string },
  operation: string,
): object {
  const { sessionId, availability, activity, expirationDuration } = asked
  limit(operation, sessionId !== '', noSession)
  const pair = `${availability}/${activity}`
  limit(operation, sessionPairs.includes(pair), `availability and activity must be one of ${sessionPairs.join(', ')}`)
  const seconds = expirationDuration === undefined ? 300 : (secondsOf(expirationDuration) ?? 0)
  limit(operation, seconds >= 300 && seconds <= 14_400, 'expirationDuration must be a duration of PT5M to PT4H')
  return { sessionId, availability, activity, expirationDuration }
}

const noSession = 'sessionId is the id of the app, and empty'
function endOfSession({ sessionId }: { sessionId: string }, operation: string): object {
  limit(operation, sessionId !== '', noSession)
  return { sessionId }
}

function preferredBody(
  asked: { availability: string; activity: string; expirationDuration?: string },
  operation: string,
): object {
  const { availability, activity, expirationDuration } = asked
  limit(operation, availability !== '' && activity !== '', 'availability and activity are both needed')
  // The range of this one is not in the public record; its example has PT8H.
  const isOne = expirationDuration === undefined || (secondsOf(expirationDuration) ?? 0) > 0
  limit(operation, isOne, 'expirationDuration must be an ISO 8601 duration such as PT8H')
  return { availability, activity, expirationDuration }
}

function idsBody(ids: string[], operation: string): object {
  limitCount(operation, 'ids', ids, 1, 650)
  return { ids }
}

type Status = { statusMessage: Omit<StatusMessage, 'publishedDateTime'> }
const statusBody = ({ statusMessage }: Status) => ({ statusMessage })

/** Of an ISO 8601 duration of days, hours, minutes and seconds; undefined when it is none. */
function secondsOf(duration: string): number | undefined {
  const [whole, days = '0', hours = '0', minutes = '0', seconds = '0'] =
    /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(duration) ?? []
  if (whole === undefined) return undefined
  return Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)
}

const statusMessage = shape({
  message: nullable({ content: text, contentType: oneOf(['text', 'html']) }),
  /** `dateTime` is a time of `timeZone`, without an offset; see Graph's dateTimeTimeZone. */
  expiryDateTime: having<{ dateTime: string; timeZone?: string | null }>(
    ['dateTime'],
    shape({ dateTime: text, timeZone: text }),
  ),
  publishedDateTime: text,
})
/** What somebody tells those who look. */
export interface StatusMessage extends Read<typeof statusMessage> {}
const readStatusMessage: Reader<StatusMessage> = statusMessage

const presenceOf = withId(
  shape({
    id: text,
    availability: text,
    activity: text,
    outOfOfficeSettings: shape({ isOutOfOffice: boolean, message: text }),
    sequenceNumber: text,
    statusMessage: readStatusMessage,
    workLocation: shape({
      placeId: text,
      source: oneOf(['none', 'manual', 'scheduled', 'automatic'], 'unknownFutureValue'),
      workLocationType: oneOf(['unspecified', 'office', 'remote', 'timeOff'], 'unknownFutureValue'),
    }),
  }),
)
/** Whether somebody can be reached, and what they do. Both are words that Microsoft adds to: show them, branch on few. */
export interface Presence extends Read<typeof presenceOf> {}
export const readPresence: Reader<Presence> = presenceOf

/**
 * Every method throws GraphError; requests that break a documented limit are refused before sending, with code `badRequest`. All can be
 * repeated: they set, and do not add.
 */
export type Presences = Methods<typeof presence>

export const presence = {
  get: ofUser('GET', '', repeatable, one(readPresence)),
  /** 1 to 650 users of one tenant. */
  getByUserIds: ofTenant('POST', '/communications/getPresencesByUserId', repeatable, each(readPresence), body(idsBody)),
  /**
   * What this app says of a user. `sessionId` is the app's id. It holds for `expirationDuration`, an ISO 8601 duration from PT5M (which
   * Graph takes) to PT4H.
   */
  setPresence: ofUser('POST', '/setPresence', repeatable, nothing, body(sessionBody)),
  clearPresence: ofUser('POST', '/clearPresence', repeatable, nothing, body(endOfSession)),
  /** What the user is shown as, above all sessions; only while there is one. */
  setUserPreferredPresence: ofUser('POST', '/setUserPreferredPresence', repeatable, nothing, body(preferredBody)),
  clearUserPreferredPresence: ofUser('POST', '/clearUserPreferredPresence', repeatable, nothing),
  setStatusMessage: ofUser('POST', '/setStatusMessage', repeatable, nothing, body(statusBody)),
}
