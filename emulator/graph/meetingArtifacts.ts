import { badRequest, notFound, refuse } from '../wire/refusal.ts'
import { type AttendanceReport, isOnCalendar, type Media } from '../world/meetingArtifacts.ts'
import type { Meeting } from '../world/meetings.ts'
import type { World } from '../world/world.ts'
import type { Needs } from './needs.ts'
import { onMeeting } from './onResource.ts'
import { contextOf, listOf } from './operation.ts'

/** What is left of online meetings: transcripts, recordings and attendance reports. */

const toRead = (name: string): Needs => ({
  application: [`${name}.Read.All`, `${name}.Read.Chat`],
  delegated: [`${name}.Read.All`],
})

const transcripts = {
  kind: 'transcripts',
  name: 'Transcript',
  type: 'text/vtt',
  urlMember: 'transcriptContentUrl',
  needs: toRead('OnlineMeetingTranscript'),
  list: 'onlinemeeting-list-transcripts',
  get: 'calltranscript-get',
  content: 'calltranscript-get-content',
} as const
const recordings = {
  kind: 'recordings',
  name: 'Recording',
  type: 'video/mp4',
  urlMember: 'recordingContentUrl',
  needs: toRead('OnlineMeetingRecording'),
  list: 'onlinemeeting-list-recordings',
  get: 'callrecording-get',
  content: 'callrecording-get-content',
} as const
type Kept = typeof transcripts | typeof recordings

/** Transcripts and recordings are asked for in the same way. */
const keptOperations = (kept: Kept) => [
  onMeeting(kept.list, 'GET', `/${kept.kind}`, {
    needs: kept.needs,
    act({ world, meeting, origin }) {
      const value = allOf(world, meeting, kept).map((media) => mediaView(meeting, media, kept, origin))
      return { body: { ...contextOf(pathOf(meeting, kept.kind)), '@odata.count': value.length, value } }
    },
  }),
  onMeeting(kept.get, 'GET', `/${kept.kind}/:mediaId`, {
    needs: kept.needs,
    act({ world, meeting, params, origin }) {
      const media = mediaOf(world, meeting, kept, params.mediaId)
      const context = contextOf(`${pathOf(meeting, kept.kind)}/$entity`)
      return { body: { ...context, ...mediaView(meeting, media, kept, origin) } }
    },
  }),
  onMeeting(kept.content, 'GET', `/${kept.kind}/:mediaId/content`, {
    needs: kept.needs,
    act({ world, meeting, params, query: { $format } }) {
      const { content } = mediaOf(world, meeting, kept, params.mediaId)
      if ($format !== undefined && $format !== kept.type) throw badRequest(`$format: must be ${kept.type}.`)
      return { type: kept.type, body: content }
    },
  }),
]

const toReadReports = toRead('OnlineMeetingArtifact')

export const meetingArtifactOperations = [
  ...keptOperations(transcripts),
  ...keptOperations(recordings),

  onMeeting('meetingattendancereport-list', 'GET', '/attendanceReports', {
    needs: toReadReports,
    act({ world, meeting }) {
      const value = world.artifacts.of(meeting.id).attendanceReports.map((report) => reportView(report, false))
      return listOf(pathOf(meeting, 'attendanceReports'), value)
    },
  }),
  onMeeting('meetingattendancereport-get', 'GET', '/attendanceReports/:reportId', {
    needs: toReadReports,
    act({ world, meeting, params, query: { $expand } }) {
      const report = reportOf(world, meeting, params.reportId)
      if ($expand !== undefined && $expand !== 'attendanceRecords')
        throw badRequest('$expand: must be attendanceRecords.')
      const context = contextOf(`${pathOf(meeting, 'attendanceReports')}('${report.id}')`)
      return { body: { ...context, ...reportView(report, $expand !== undefined) } }
    },
  }),
  onMeeting('attendancerecord-list', 'GET', '/attendanceReports/:reportId/attendanceRecords', {
    needs: toReadReports,
    act({ world, meeting, params }) {
      const report = reportOf(world, meeting, params.reportId)
      return listOf(
        `${pathOf(meeting, 'attendanceReports')}('${report.id}')/attendanceRecords`,
        report.attendanceRecords,
      )
    },
  }),
]

const pathOf = ({ id, organizer }: Meeting, collection: string) =>
  `users('${organizer.id}')/onlineMeetings('${id}')/${collection}`

/** That it must be a scheduled, unexpired meeting is said of transcripts only; recordings come from the same meetings. */
function allOf({ clock, artifacts }: World, meeting: Meeting, { kind, name }: Kept): Media[] {
  if (isOnCalendar(meeting, clock.now())) return artifacts.of(meeting.id)[kind]
  // The contract has no code for it.
  throw notFound(`${name} of a scheduled meeting that has not expired`)
}

const mediaOf = (world: World, meeting: Meeting, kept: Kept, mediaId: string): Media =>
  allOf(world, meeting, kept).find(({ id }) => id === mediaId) ?? refuse(notFound(kept.name))

const mediaView = (meeting: Meeting, media: Media, { kind, urlMember }: Kept, origin: string) => ({
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
  [urlMember]: `${origin}/v1.0/users/${meeting.organizer.id}/onlineMeetings/${meeting.id}/${kind}/${media.id}/content`,
})

const reportOf = ({ artifacts }: World, meeting: Meeting, reportId: string): AttendanceReport =>
  artifacts.of(meeting.id).attendanceReports.find(({ id }) => id === reportId) ?? refuse(notFound('Attendance report'))

function reportView({ attendanceRecords, ...report }: AttendanceReport, isExpanded: boolean) {
  const seen = { ...report, totalParticipantCount: attendanceRecords.length }
  return isExpanded ? { ...seen, attendanceRecords } : seen
}
