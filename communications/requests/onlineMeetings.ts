import { GraphError } from '../road/error.ts'
import type { Content, Graph } from '../road/graph.ts'
import { inPath, limit } from '../road/limits.ts'
import type {
  AttendanceRecord,
  CallRecording,
  CallTranscript,
  JoinMeetingIdSettings,
  MeetingAttendanceReport,
  MeetingParticipants,
  OnlineMeeting,
  OnlineMeetingSettings,
} from '../wire/meetingTypes.ts'
import { isBag, listOf } from '../wire/read.ts'
import {
  readAttendanceRecord,
  readAttendanceReport,
  readOnlineMeeting,
  readRecording,
  readTranscript,
} from '../wire/readMeeting.ts'
import type { ChatInfo } from '../wire/types.ts'
import {
  end,
  entityIn,
  getOne,
  type How,
  listFrom,
  type Options,
  onceOnly,
  query,
  repeatable,
  type UserRef,
} from './ask.ts'

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

/**
 * Meetings and what is left of them. With the app's own token the tenant must have granted an application access policy for the user,
 * else Graph answers 403; a change of it takes up to 30 minutes. Every method throws GraphError; requests that break a documented rule
 * are refused before sending, with code `badRequest`.
 */
export type OnlineMeetings = {
  /** Stand-alone, on nobody's calendar. Never sent twice after a failure that may hide success: there would be two. */
  create(user: UserRef, meeting: NewOnlineMeeting, options?: Options): Promise<OnlineMeeting>
  /** The meeting with this `externalId`, made when there is none yet. */
  createOrGet(
    user: UserRef,
    meeting: {
      externalId: string
      subject?: string
      startDateTime?: string
      endDateTime?: string
      participants?: MeetingParticipants
      chatInfo?: ChatInfo
    },
    options?: Options,
  ): Promise<OnlineMeeting>
  get(meeting: MeetingRef, options?: Options): Promise<OnlineMeeting>
  /** By the link that people join with, as Graph wrote it. Null when the user has no such meeting. */
  findByJoinWebUrl(user: UserRef, joinWebUrl: string, options?: Options): Promise<OnlineMeeting | null>
  findByJoinMeetingId(user: UserRef, joinMeetingId: string, options?: Options): Promise<OnlineMeeting | null>
  /** By the id for conference devices: app token only, and no access policy. One meeting, or none. */
  listByVideoTeleconferenceId(
    tenantId: string,
    videoTeleconferenceId: string,
    options?: Options,
  ): Promise<OnlineMeeting[]>
  update(meeting: MeetingRef, changes: OnlineMeetingSettings, options?: Options): Promise<OnlineMeeting>
  /** A meeting that is gone already counts as deleted. */
  delete(meeting: MeetingRef, options?: Options): Promise<void>

  listAttendanceReports(meeting: MeetingRef, options?: Options): Promise<MeetingAttendanceReport[]>
  /** `expandRecords` brings who was there along. */
  getAttendanceReport(
    meeting: MeetingRef,
    reportId: string,
    options?: Options & { expandRecords?: boolean },
  ): Promise<MeetingAttendanceReport>
  listAttendanceRecords(meeting: MeetingRef, reportId: string, options?: Options): Promise<AttendanceRecord[]>

  /** Scheduled meetings only, while they have not expired. Reading transcripts and recordings is billed. */
  listTranscripts(meeting: MeetingRef, options?: Options): Promise<CallTranscript[]>
  getTranscript(meeting: MeetingRef, transcriptId: string, options?: Options): Promise<CallTranscript>
  /** text/vtt. Of a larger file than `maxBytes` the reading ends in GraphError `tooLarge`. */
  getTranscriptContent(meeting: MeetingRef, transcriptId: string, upTo: UpTo, options?: Options): Promise<Content>
  listRecordings(meeting: MeetingRef, options?: Options): Promise<CallRecording[]>
  getRecording(meeting: MeetingRef, recordingId: string, options?: Options): Promise<CallRecording>
  /** video/mp4, in the same way. */
  getRecordingContent(meeting: MeetingRef, recordingId: string, upTo: UpTo, options?: Options): Promise<Content>
}

/** The operations on online meetings, one a function. */
export function onlineMeetingsOver(graph: Graph): OnlineMeetings {
  const meetingsOf = (operation: string, { userId }: UserRef) =>
    `/users/${inPath(operation, 'user', userId)}/onlineMeetings`

  const pathOf = (operation: string, meeting: MeetingRef, below = '') =>
    `${meetingsOf(operation, meeting)}/${inPath(operation, 'meeting', meeting.meetingId)}${below}`

  async function write(
    { operation, method, path, how }: { operation: string; method: 'POST' | 'PATCH'; path: string; how: How },
    { tenantId }: UserRef,
    body: { startDateTime?: string | null; endDateTime?: string | null },
    options?: Options,
  ): Promise<OnlineMeeting> {
    limitTimes(operation, body)
    const answer = await graph.send({ operation, method, path, tenantId, body, ...how, ...options })
    return entityIn(operation, answer, readOnlineMeeting)
  }

  /** The one meeting that a $filter finds. */
  async function find(operation: string, user: UserRef, filter: string, options?: Options) {
    const path = `${meetingsOf(operation, user)}${query({ $filter: filter })}`
    const [meeting] = await listFrom(graph, { operation, path, tenantId: user.tenantId, ...options }, readOnlineMeeting)
    return meeting ?? null
  }

  async function content(
    operation: string,
    meeting: MeetingRef,
    path: string,
    { accept, maxBytes }: { accept: string } & UpTo,
    options?: Options,
  ): Promise<Content> {
    limit(operation, Number.isSafeInteger(maxBytes) && maxBytes > 0, 'maxBytes must be a number of bytes')
    const { content: found, status } = await graph.send({
      operation,
      method: 'GET',
      path,
      tenantId: meeting.tenantId,
      headers: { accept },
      streamUpTo: maxBytes,
      ...repeatable,
      ...options,
    })
    if (!found) throw new GraphError({ code: 'unreadableAnswer', operation, status })
    return found
  }

  return {
    async create(user, meeting, options) {
      const operation = 'onlineMeetings.create'
      const path = meetingsOf(operation, user)
      return write({ operation, method: 'POST', path, how: onceOnly }, user, meeting, options)
    },

    async createOrGet(user, meeting, options) {
      const operation = 'onlineMeetings.createOrGet'
      limit(operation, meeting.externalId !== '', 'externalId is empty')
      const path = `${meetingsOf(operation, user)}/createOrGet`
      return write({ operation, method: 'POST', path, how: repeatable }, user, meeting, options)
    },

    async get(meeting, options) {
      const operation = 'onlineMeetings.get'
      const path = pathOf(operation, meeting)
      return getOne(graph, { operation, path, tenantId: meeting.tenantId, ...options }, readOnlineMeeting)
    },

    findByJoinWebUrl(user, joinWebUrl, options) {
      // The link is stored percent-encoded, so that it is encoded twice on its way (example 3 of the page).
      const filter = `JoinWebUrl eq ${quoted(joinWebUrl)}`
      return find('onlineMeetings.findByJoinWebUrl', user, filter, options)
    },

    findByJoinMeetingId(user, joinMeetingId, options) {
      // That there is such a filter is documented; its words follow from where the id stands in the meeting (inferred).
      const filter = `joinMeetingIdSettings/joinMeetingId eq ${quoted(joinMeetingId)}`
      return find('onlineMeetings.findByJoinMeetingId', user, filter, options)
    },

    async listByVideoTeleconferenceId(tenantId, videoTeleconferenceId, options) {
      const operation = 'onlineMeetings.listByVideoTeleconferenceId'
      const filter = query({ $filter: `VideoTeleconferenceId eq ${quoted(videoTeleconferenceId)}` })
      const path = `/communications/onlineMeetings${filter}`
      const { body } = await graph.send({ operation, method: 'GET', path, tenantId, ...repeatable, ...options })
      // The page promises a collection, and its example prints the bare meeting.
      const raw = isBag(body) && body.value !== undefined ? body.value : body
      return listOf(raw).flatMap((one) => readOnlineMeeting(one) ?? [])
    },

    async update(meeting, changes, options) {
      const operation = 'onlineMeetings.update'
      const path = pathOf(operation, meeting)
      return write({ operation, method: 'PATCH', path, how: repeatable }, meeting, changes, options)
    },

    async delete(meeting, options) {
      const operation = 'onlineMeetings.delete'
      await end(graph, { operation, path: pathOf(operation, meeting), tenantId: meeting.tenantId, ...options })
    },

    async listAttendanceReports(meeting, options) {
      const operation = 'onlineMeetings.listAttendanceReports'
      const path = pathOf(operation, meeting, '/attendanceReports')
      return listFrom(graph, { operation, path, tenantId: meeting.tenantId, ...options }, readAttendanceReport)
    },

    async getAttendanceReport(meeting, reportId, { expandRecords = false, ...options } = {}) {
      const operation = 'onlineMeetings.getAttendanceReport'
      const expand = expandRecords ? query({ $expand: 'attendanceRecords' }) : ''
      const path = `${pathOf(operation, meeting, `/attendanceReports/${inPath(operation, 'report', reportId)}`)}${expand}`
      return getOne(graph, { operation, path, tenantId: meeting.tenantId, ...options }, readAttendanceReport)
    },

    async listAttendanceRecords(meeting, reportId, options) {
      const operation = 'onlineMeetings.listAttendanceRecords'
      const path = pathOf(
        operation,
        meeting,
        `/attendanceReports/${inPath(operation, 'report', reportId)}/attendanceRecords`,
      )
      return listFrom(graph, { operation, path, tenantId: meeting.tenantId, ...options }, readAttendanceRecord)
    },

    async listTranscripts(meeting, options) {
      const operation = 'onlineMeetings.listTranscripts'
      const path = pathOf(operation, meeting, '/transcripts')
      return listFrom(graph, { operation, path, tenantId: meeting.tenantId, ...options }, readTranscript)
    },

    async getTranscript(meeting, transcriptId, options) {
      const operation = 'onlineMeetings.getTranscript'
      const path = pathOf(operation, meeting, `/transcripts/${inPath(operation, 'transcript', transcriptId)}`)
      return getOne(graph, { operation, path, tenantId: meeting.tenantId, ...options }, readTranscript)
    },

    async getTranscriptContent(meeting, transcriptId, { maxBytes }, options) {
      const operation = 'onlineMeetings.getTranscriptContent'
      const path = pathOf(operation, meeting, `/transcripts/${inPath(operation, 'transcript', transcriptId)}/content`)
      return content(operation, meeting, path, { accept: 'text/vtt', maxBytes }, options)
    },

    async listRecordings(meeting, options) {
      const operation = 'onlineMeetings.listRecordings'
      const path = pathOf(operation, meeting, '/recordings')
      return listFrom(graph, { operation, path, tenantId: meeting.tenantId, ...options }, readRecording)
    },

    async getRecording(meeting, recordingId, options) {
      const operation = 'onlineMeetings.getRecording'
      const path = pathOf(operation, meeting, `/recordings/${inPath(operation, 'recording', recordingId)}`)
      return getOne(graph, { operation, path, tenantId: meeting.tenantId, ...options }, readRecording)
    },

    async getRecordingContent(meeting, recordingId, { maxBytes }, options) {
      const operation = 'onlineMeetings.getRecordingContent'
      const path = pathOf(operation, meeting, `/recordings/${inPath(operation, 'recording', recordingId)}/content`)
      return content(operation, meeting, path, { accept: 'video/mp4', maxBytes }, options)
    },
  }
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

/** A text inside a $filter: OData doubles its quotes. */
const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`
