import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPresence } from '../requests/presence.ts'
import {
  readAudioRoutingGroup,
  readCall,
  readContentSharingSession,
  readOperation,
  readParticipant,
  shape,
  text,
  withId,
} from './read.ts'
import {
  readAttendanceRecord,
  readAttendanceReport,
  readOnlineMeeting,
  readRecording,
  readTranscript,
} from './readMeeting.ts'

describe('what was read', () => {
  const members = [
    'id',
    '@odata.type',
    'state',
    'source',
    'targets',
    'identity',
    'user',
    'resultInfo',
    'code',
    'subcode',
    'mediaConfig',
    'meetingInfo',
    'participants',
    'mediaStreams',
    'recordingInfo',
    'removedState',
    'sequenceNumber',
    'sources',
    'receivers',
    'routingMode',
    'lobbyBypassSettings',
    'scope',
    'audioConferencing',
    'conferenceId',
    'attendanceRecords',
    'attendanceIntervals',
    'organizer',
    'attendees',
    'statusMessage',
    'message',
    'content',
    'contentType',
    'expiryDateTime',
    'dateTime',
    'workLocation',
  ]
  const words = fc.constantFrom('Active', 'audio', 'everyone', '#microsoft.graph.tokenMeetingInfo', 'html', '7')
  /** Objects whose members have the right names, and any value at any depth. */
  const { anything } = fc.letrec((tie) => ({
    anything: fc.oneof(
      { depthSize: 'small' },
      words,
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('anything'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...members), tie('anything'), { maxKeys: 8 }),
    ),
  }))

  it.each<[string, (raw: unknown) => unknown]>([
    ['call', readCall],
    ['operation', readOperation],
    ['participant', readParticipant],
    ['contentSharingSession', readContentSharingSession],
    ['audioRoutingGroup', readAudioRoutingGroup],
    ['onlineMeeting', readOnlineMeeting],
    ['attendanceReport', readAttendanceReport],
    ['attendanceRecord', readAttendanceRecord],
    ['transcript', readTranscript],
    ['recording', readRecording],
    ['presence', readPresence],
  ])('of a %s says the same when it is read again, whatever was sent', (_name, read) => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...members), anything), (raw) => {
        const once = read(raw)
        if (once === undefined) return
        expect(read(once)).toEqual(once)
        // Nothing that is null or undefined is left in it, at any depth.
        expect(JSON.stringify(once)).not.toMatch(/:null[,}]/)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a shape', () => {
  const read = withId<{ id: string; name?: string }>(shape<{ id: string; name?: string }>({ id: text, name: text }))

  it('is read from an object with an id only', () => {
    expect(read({ id: 'a', name: 5, other: 1 })).toEqual({ id: 'a' })
    for (const raw of [undefined, null, 'a', [], {}, { id: 7 }]) expect(read(raw)).toBeUndefined()
  })
})
