import { GraphError } from '../road/error.ts'
import { inPath, limit } from '../road/limits.ts'
import { isBag, listOf } from '../wire/read.ts'
import {
  type JoinMeetingIdSettings,
  type MeetingParticipants,
  type OnlineMeeting,
  type OnlineMeetingSettings,
  readAttendanceRecord,
  readAttendanceReport,
  readOnlineMeeting,
  readRecording,
  readTranscript,
} from '../wire/readMeeting.ts'
import type { ChatInfo } from '../wire/types.ts'
import { answered, each, ended, type Outcome, onceOnly, one, query, repeatable, type UserRef } from './ask.ts'
import { at, body, type Methods, ofTenant } from './operation.ts'

/** A meeting of a user's. */
export type MeetingRef = UserRef & { meetingId: string }

export type NewOnlineMeeting = OnlineMeetingSettings & {
  /** Asks for a passcode, which is Graph's own. */
  joinMeetingIdSettings?: Pick<JoinMeetingIdSettings, 'isPasscodeRequired'>
  isBroadcast?: boolean
  meetingTemplateId?: string
}

/** No more than this of a file is read. */
export type UpTo = { maxBytes: number }

/** A meeting with a name of the app's own. */
export type NamedOnlineMeeting = {
  externalId: string
  subject?: string
  startDateTime?: string
  endDateTime?: string
  participants?: MeetingParticipants
  chatInfo?: ChatInfo
}

const pathOf = (operation: string, { userId }: UserRef) => `/users/${inPath(operation, 'user', userId)}/onlineMeetings`

const ofUser = at<UserRef>((user, operation) => ({ path: pathOf(operation, user), tenantId: user.tenantId }))

const onMeeting = at<MeetingRef>((meeting, operation) => ({
  path: `${pathOf(operation, meeting)}/${inPath(operation, 'meeting', meeting.meetingId)}`,
  tenantId: meeting.tenantId,
}))

/** The one meeting that a $filter finds. */
const found: Outcome<OnlineMeeting | null> = async (graph, request) =>
  (await each(readOnlineMeeting)(graph, request))[0] ?? null

/** The page promises a collection, and its example prints the bare meeting. */
const oneOrSeveral = answered(({ body }) =>
  listOf(isBag(body) && body.value !== undefined ? body.value : body).flatMap((raw) => readOnlineMeeting(raw) ?? []),
)

/** A text inside a $filter: OData doubles its quotes. */
const filter =
  (name: string) =>
  (value: string): { below: string } => ({ below: query({ $filter: `${name} eq '${value.replaceAll("'", "''")}'` }) })

/** A file, while it arrives. */
const content = answered(({ content, status }, operation) => {
  if (!content) throw new GraphError({ code: 'unreadableAnswer', operation, status })
  return content
})

const asFile =
  (accept: string) =>
  ({ maxBytes }: UpTo, operation: string) => {
    limit(operation, Number.isSafeInteger(maxBytes) && maxBytes > 0, 'maxBytes must be a number of bytes')
    return { headers: { accept }, streamUpTo: maxBytes }
  }

function meetingBody<M extends OnlineMeetingSettings>(meeting: M, operation: string): M {
  limitTimes(operation, meeting)
  return meeting
}

function namedBody(meeting: NamedOnlineMeeting, operation: string): NamedOnlineMeeting {
  limit(operation, meeting.externalId !== '', 'externalId is empty')
  return meetingBody(meeting, operation)
}

/**
 * Meetings and what is left of them. With the app's own token the tenant must have granted an application access policy for the user,
 * else Graph answers 403; a change of it takes up to 30 minutes. Every method throws GraphError; requests that break a documented rule
 * are refused before sending, with code `badRequest`.
 */
export type OnlineMeetings = Methods<typeof onlineMeetings>

const reports = '/attendanceReports'

export const onlineMeetings = {
  /** Stand-alone, on nobody's calendar. Never sent twice after a failure that may hide success: there would be two. */
  create: ofUser('POST', '', onceOnly, one(readOnlineMeeting), body(meetingBody<NewOnlineMeeting>)),
  /** The meeting with this `externalId`, made when there is none yet. */
  createOrGet: ofUser('POST', '/createOrGet', repeatable, one(readOnlineMeeting), body(namedBody)),
  get: onMeeting('GET', '', repeatable, one(readOnlineMeeting)),
  /**
   * By the link that people join with, as Graph wrote it. Null when the user has no such meeting. The link is stored percent-encoded, so
   * that it is encoded twice on its way (example 3 of the page).
   */
  findByJoinWebUrl: ofUser('GET', '', repeatable, found, filter('JoinWebUrl')),
  /** That there is such a filter is documented; its words follow from where the id stands in the meeting (inferred). */
  findByJoinMeetingId: ofUser('GET', '', repeatable, found, filter('joinMeetingIdSettings/joinMeetingId')),
  /** By the id for conference devices: app token only, and no access policy. One meeting, or none. */
  listByVideoTeleconferenceId: ofTenant(
    'GET',
    '/communications/onlineMeetings',
    repeatable,
    oneOrSeveral,
    filter('VideoTeleconferenceId'),
  ),
  update: onMeeting('PATCH', '', repeatable, one(readOnlineMeeting), body(meetingBody<OnlineMeetingSettings>)),
  /** A meeting that is gone already counts as deleted. */
  delete: onMeeting('DELETE', '', repeatable, ended),

  listAttendanceReports: onMeeting('GET', reports, repeatable, each(readAttendanceReport)),
  /** `expandRecords` brings who was there along. */
  getAttendanceReport: {
    ...onMeeting('GET', `${reports}/{report}`, repeatable, one(readAttendanceReport)),
    own: ({ expandRecords }: { expandRecords?: boolean }) => ({
      below: query({ $expand: expandRecords ? 'attendanceRecords' : undefined }),
    }),
  },
  listAttendanceRecords: onMeeting(
    'GET',
    `${reports}/{report}/attendanceRecords`,
    repeatable,
    each(readAttendanceRecord),
  ),

  /** Scheduled meetings only, while they have not expired. Reading transcripts and recordings is billed. */
  listTranscripts: onMeeting('GET', '/transcripts', repeatable, each(readTranscript)),
  getTranscript: onMeeting('GET', '/transcripts/{transcript}', repeatable, one(readTranscript)),
  /** text/vtt. Of a larger file than `maxBytes` the reading ends in GraphError `tooLarge`. */
  getTranscriptContent: onMeeting('GET', '/transcripts/{transcript}/content', repeatable, content, asFile('text/vtt')),
  listRecordings: onMeeting('GET', '/recordings', repeatable, each(readRecording)),
  getRecording: onMeeting('GET', '/recordings/{recording}', repeatable, one(readRecording)),
  /** video/mp4, in the same way. */
  getRecordingContent: onMeeting('GET', '/recordings/{recording}/content', repeatable, content, asFile('video/mp4')),
}

const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(Z|[+-]\d{2}:\d{2})$/

/** Times are OData DateTimeOffset: without an offset they would say nothing certain. That the end comes after the start is inferred. */
function limitTimes(
  operation: string,
  { startDateTime, endDateTime }: { startDateTime?: string | null; endDateTime?: string | null },
): void {
  for (const [name, value] of Object.entries({ startDateTime, endDateTime })) {
    const kept = value === undefined || value === null || (time.test(value) && !Number.isNaN(Date.parse(value)))
    limit(operation, kept, `${name} must be a time with an offset, such as 2026-11-20T14:30:00Z`)
  }
  if (!startDateTime || !endDateTime) return
  limit(operation, Date.parse(endDateTime) >= Date.parse(startDateTime), 'the meeting would end before it begins')
}
