import { randomUUID } from 'node:crypto'
import type { Meeting } from './meetings.ts'

/** What is left of a meeting: transcripts, recordings and reports of who attended. The control API puts them there. */

export type Media = {
  readonly id: string
  readonly callId: string
  readonly contentCorrelationId: string
  readonly createdDateTime: string
  readonly endDateTime: string
  readonly content: Buffer
}

export type AttendanceReport = ReturnType<typeof reportOf>

type Artifacts = { transcripts: Media[]; recordings: Media[]; attendanceReports: AttendanceReport[] }
export type MediaKind = 'transcripts' | 'recordings'

type NewReport = {
  meetingStartDateTime: string
  meetingEndDateTime: string
  attendanceRecords: {
    emailAddress: string | null
    role: string
    identity: { id: string; displayName: string | null; tenantId: string | null }
    attendanceIntervals: { joinDateTime: string; leaveDateTime: string }[]
  }[]
}

export type MeetingArtifacts = ReturnType<typeof createMeetingArtifacts>

export function createMeetingArtifacts() {
  const artifacts = new Map<string, Artifacts>()
  const none: Artifacts = { transcripts: [], recordings: [], attendanceReports: [] }
  const change = (meetingId: string, more: (now: Artifacts) => Partial<Artifacts>) => {
    const now = artifacts.get(meetingId) ?? none
    artifacts.set(meetingId, { ...now, ...more(now) })
  }

  return {
    /** Newest first, as the documented list is. */
    of: (meetingId: string): Artifacts => artifacts.get(meetingId) ?? none,
    addMedia(meetingId: string, kind: MediaKind, media: Omit<Media, 'id' | 'contentCorrelationId'>): Media {
      const added = { ...media, id: mediaId(), contentCorrelationId: randomUUID() }
      change(meetingId, (now) => ({ [kind]: newestFirst([...now[kind], added]) }))
      return added
    },
    addReport(meetingId: string, report: NewReport): AttendanceReport {
      const added = reportOf(report)
      change(meetingId, ({ attendanceReports }) => ({ attendanceReports: [added, ...attendanceReports] }))
      return added
    },
    remove: (meetingId: string) => void artifacts.delete(meetingId),
    forget: () => artifacts.clear(),
  }
}

/** The form that the documented ids decode to. */
const mediaId = () => Buffer.from(`1##0##${randomUUID()}`).toString('base64')

const newestFirst = (all: Media[]) => all.sort((a, b) => Date.parse(b.createdDateTime) - Date.parse(a.createdDateTime))

const reportOf = (report: NewReport) => ({
  ...report,
  id: randomUUID(),
  attendanceRecords: report.attendanceRecords.map(recordOf),
})

/** Counts whole seconds, as the documented report does. */
function recordOf(record: NewReport['attendanceRecords'][number]) {
  const attendanceIntervals = record.attendanceIntervals.map((interval) => ({
    ...interval,
    durationInSeconds: Math.floor((Date.parse(interval.leaveDateTime) - Date.parse(interval.joinDateTime)) / 1000),
  }))
  const totalAttendanceInSeconds = attendanceIntervals.reduce((sum, one) => sum + one.durationInSeconds, 0)
  return { id: randomUUID(), ...record, totalAttendanceInSeconds, attendanceIntervals }
}

/**
 * Whether the meeting was put on the calendar and has not expired. Only such meetings have transcripts; one that was made through
 * the onlineMeetings API stands alone (documented). `meetingType` and `expiryDateTime` are Graph's own members for it.
 */
export function isOnCalendar({ more }: Meeting, now: number): boolean {
  const { meetingType, expiryDateTime } = more
  return meetingType === 'scheduled' && (typeof expiryDateTime !== 'string' || Date.parse(expiryDateTime) > now)
}
