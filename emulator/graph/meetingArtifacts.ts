import type { FastifyInstance } from 'fastify'
import type { Clock } from '#ground/clock.ts'
import {
  type AttendanceReport,
  isOnCalendar,
  type Media,
  type MediaKind,
  type MeetingArtifacts,
} from '../world/meetingArtifacts.ts'
import type { Meeting, Meetings } from '../world/meetings.ts'
import { contextOf } from './odata.ts'
import { meetingOf } from './onlineMeetings.ts'
import { type DoorDeps, openResourceDoor, type UserRequest } from './resourceDoor.ts'
import { badRequest, notFound } from './resourceRefusals.ts'

/** Transcripts, recordings and attendance reports of online meetings, as Microsoft Graph v1.0 shows them. */

type Deps = DoorDeps & { clock: Clock; meetings: Meetings; artifacts: MeetingArtifacts }

const kinds = {
  transcripts: {
    name: 'Transcript',
    type: 'text/vtt',
    urlMember: 'transcriptContentUrl',
    list: 'onlinemeeting-list-transcripts',
    get: 'calltranscript-get',
    content: 'calltranscript-get-content',
  },
  recordings: {
    name: 'Recording',
    type: 'video/mp4',
    urlMember: 'recordingContentUrl',
    list: 'onlinemeeting-list-recordings',
    get: 'callrecording-get',
    content: 'callrecording-get-content',
  },
} as const

export async function meetingArtifactRoutes(server: FastifyInstance, deps: Deps): Promise<void> {
  const { clock, meetings, artifacts } = deps
  const { onUser } = openResourceDoor(server, deps)
  const onMeeting = '/onlineMeetings/:meetingId'

  for (const kind of ['transcripts', 'recordings'] as const satisfies MediaKind[]) {
    const { name, type, urlMember, list, get, content } = kinds[kind]
    const pathOf = (meeting: Meeting) => `users/${meeting.organizer.id}/onlineMeetings/${meeting.id}/${kind}`
    const viewOf = (meeting: Meeting, media: Media, graph: string) => ({
      id: media.id,
      meetingId: meeting.id,
      callId: media.callId,
      contentCorrelationId: media.contentCorrelationId,
      createdDateTime: media.createdDateTime,
      endDateTime: media.endDateTime,
      meetingOrganizer: {
        application: null,
        device: null,
        user: {
          '@odata.type': '#Microsoft.Teams.GraphSvc.teamworkUserIdentity',
          id: meeting.organizer.id,
          displayName: null,
          userIdentityType: 'aadUser',
          tenantId: meeting.tenantId,
        },
      },
      [urlMember]: `${graph}/${pathOf(meeting)}/${media.id}/content`,
    })
    /** That it must be a scheduled, unexpired meeting is said of transcripts only; recordings come from the same meetings. */
    const calendarMeetingOf = (asked: UserRequest): Meeting => {
      const meeting = meetingOf(asked, meetings)
      if (isOnCalendar(meeting, clock.now())) return meeting
      // The contract has no code for it.
      throw notFound(`${name} of a scheduled meeting that has not expired`)
    }
    const mediaOf = (asked: UserRequest): { meeting: Meeting; media: Media } => {
      const meeting = calendarMeetingOf(asked)
      const media = artifacts.of(meeting.id)[kind].find(({ id }) => id === asked.params.mediaId)
      if (media) return { meeting, media }
      throw notFound(name)
    }

    onUser(list, 'GET', `${onMeeting}/${kind}`, (asked) => {
      const meeting = calendarMeetingOf(asked)
      const value = artifacts.of(meeting.id)[kind].map((media) => viewOf(meeting, media, asked.graph))
      return { status: 200, body: { ...contextOf(contextPath(meeting, kind)), '@odata.count': value.length, value } }
    })
    onUser(get, 'GET', `${onMeeting}/${kind}/:mediaId`, (asked) => {
      const { meeting, media } = mediaOf(asked)
      const body = { ...contextOf(`${contextPath(meeting, kind)}/$entity`), ...viewOf(meeting, media, asked.graph) }
      return { status: 200, body }
    })
    onUser(content, 'GET', `${onMeeting}/${kind}/:mediaId/content`, (asked) => {
      const { media } = mediaOf(asked)
      const { $format } = asked.query
      if ($format !== undefined && $format !== type) throw badRequest(`$format: must be ${type}.`)
      return { status: 200, type, body: media.content }
    })
  }

  const reportOf = (asked: UserRequest): { meeting: Meeting; report: AttendanceReport } => {
    const meeting = meetingOf(asked, meetings)
    const report = artifacts.of(meeting.id).attendanceReports.find(({ id }) => id === asked.params.reportId)
    if (report) return { meeting, report }
    throw notFound('Attendance report')
  }

  onUser('meetingattendancereport-list', 'GET', `${onMeeting}/attendanceReports`, (asked) => {
    const meeting = meetingOf(asked, meetings)
    const value = artifacts.of(meeting.id).attendanceReports.map((report) => reportView(report, false))
    return { status: 200, body: { ...contextOf(contextPath(meeting, 'attendanceReports')), value } }
  })
  onUser('meetingattendancereport-get', 'GET', `${onMeeting}/attendanceReports/:reportId`, (asked) => {
    const { meeting, report } = reportOf(asked)
    const { $expand } = asked.query
    if ($expand !== undefined && $expand !== 'attendanceRecords')
      throw badRequest('$expand: must be attendanceRecords.')
    const context = contextOf(`${contextPath(meeting, 'attendanceReports')}('${report.id}')`)
    return { status: 200, body: { ...context, ...reportView(report, $expand !== undefined) } }
  })
  onUser('attendancerecord-list', 'GET', `${onMeeting}/attendanceReports/:reportId/attendanceRecords`, (asked) => {
    const { meeting, report } = reportOf(asked)
    const path = `${contextPath(meeting, 'attendanceReports')}('${report.id}')/attendanceRecords`
    return { status: 200, body: { ...contextOf(path), value: report.attendanceRecords } }
  })
}

const contextPath = ({ id, organizer }: Meeting, collection: string) =>
  `users('${organizer.id}')/onlineMeetings('${id}')/${collection}`

function reportView({ attendanceRecords, ...report }: AttendanceReport, isExpanded: boolean) {
  const seen = { ...report, totalParticipantCount: attendanceRecords.length }
  return isExpanded ? { ...seen, attendanceRecords } : seen
}
