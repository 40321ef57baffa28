import type { Read } from './read.ts'
import type {
  readAttendanceRecord,
  readAttendanceReport,
  readOnlineMeeting,
  readRecording,
  readTranscript,
  settings,
} from './readMeeting.ts'

/**
 * The types on the wire about online meetings, what was said and seen in them, and who was there: Microsoft Graph v1.0. Times are ISO
 * 8601 with an offset. See `types.ts` for those about calls.
 */

/** A meeting. The type is open: Graph may add members, which are left out here. */
export type OnlineMeeting = Read<typeof readOnlineMeeting>

/** The settings of a meeting that can be chosen when it is made, and changed later. */
export type OnlineMeetingSettings = Pick<OnlineMeeting, keyof typeof settings>

type Part<K extends keyof OnlineMeeting> = NonNullable<OnlineMeeting[K]>

export type OnlineMeetingPresenters = Part<'allowedPresenters'>
export type LobbyBypassSettings = Part<'lobbyBypassSettings'>
export type LobbyBypassScope = NonNullable<LobbyBypassSettings['scope']>
export type MeetingParticipants = Part<'participants'>
export type MeetingParticipantInfo = NonNullable<MeetingParticipants['organizer']>
export type OnlineMeetingRole = NonNullable<MeetingParticipantInfo['role']>
export type JoinMeetingIdSettings = Part<'joinMeetingIdSettings'>
export type AudioConferencing = Part<'audioConferencing'>

/** One who was there. */
export type AttendanceRecord = Read<typeof readAttendanceRecord>
export type AttendanceInterval = NonNullable<AttendanceRecord['attendanceIntervals']>[number]
export type MeetingAttendanceReport = Read<typeof readAttendanceReport>

export type CallTranscript = Read<typeof readTranscript>
export type CallRecording = Read<typeof readRecording>
