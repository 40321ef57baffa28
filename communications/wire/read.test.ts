import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { readPresence } from '../requests/presence.ts'
import { contract, contractIsHere } from '../testing/contract.ts'
import { dropped } from '../testing/dropped.ts'
import {
  readAudioRoutingGroup,
  readCall,
  readContentSharingSession,
  readIdentity,
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
  const read = withId(shape({ id: text, name: text }))

  it('is read from an object with an id only', () => {
    expect(read({ id: 'a', name: 5, other: 1 })).toEqual({ id: 'a' })
    for (const raw of [undefined, null, 'a', [], {}, { id: 7 }]) expect(read(raw)).toBeUndefined()
  })
})

describe.skipIf(!contractIsHere)('of the v1.0 metadata', () => {
  type Schema = z.output<typeof Schema>
  const Schema = z.looseObject({
    $ref: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    get anyOf() {
      return z.array(Schema).optional()
    },
    get oneOf() {
      return z.array(Schema).optional()
    },
    get items() {
      return Schema.optional()
    },
    get properties() {
      return z.record(z.string(), Schema).optional()
    },
  })
  const types = contractIsHere
    ? z.object({ $defs: z.record(z.string(), Schema) }).parse(contract('schemas/types.v1.json')).$defs
    : {}

  /** Where the metadata leaves the kind open: the one with the most members. */
  const kinds: Record<string, string> = {
    identitySet: 'communicationsIdentitySet',
    identity: 'communicationsUserIdentity',
    mediaConfig: 'serviceHostedMediaConfig',
    meetingInfo: 'joinMeetingIdMeetingInfo',
    callOptions: 'outgoingCallOptions',
    prompt: 'mediaPrompt',
  }
  /** Only `$expand` brings the lists, which no operation asks for; the metadata does not say what the last one is. */
  const notOfCalls = [
    'audioRoutingGroups',
    'contentSharingSessions',
    'operations',
    'participants',
    'isModeratedMeeting',
  ]
  /** Files, which have operations of their own, and lists that have them. */
  const apart = ['attendanceReports', 'attendeeReport', 'recordings', 'transcripts', 'content', 'metadataContent']

  function sample(schema: Schema): unknown {
    const name = schema.$ref?.replace('#/$defs/microsoft.graph.', '')
    if (name !== undefined) return sampleOf(kinds[name] ?? name)
    const [first] = schema.anyOf ?? schema.oneOf ?? []
    if (first) return sample(first)
    if (schema.enum) return schema.enum[0]
    const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
    if (type === 'array') return schema.items ? [sample(schema.items)] : []
    if (type === 'object' || schema.properties)
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, sample(one)]))
    return { string: 'x', boolean: true, integer: 1, number: 1 }[type ?? 'string']
  }
  function sampleOf(name: string): unknown {
    const schema = types[`microsoft.graph.${name}`]
    if (!schema) throw new Error(`The contract has no type ${name}.`)
    const value = sample(schema)
    return typeof value === 'object' ? { ...value, '@odata.type': `#microsoft.graph.${name}` } : value
  }

  it.each<[string, (raw: unknown) => unknown, string[]?]>([
    ['call', readCall, notOfCalls],
    ['participant', readParticipant],
    ['recordOperation', readOperation],
    ['sendDtmfTonesOperation', readOperation],
    ['inviteParticipantsOperation', readOperation],
    ['audioRoutingGroup', readAudioRoutingGroup],
    ['contentSharingSession', readContentSharingSession],
    ['presence', readPresence],
    ['onlineMeeting', readOnlineMeeting, apart],
    ['meetingAttendanceReport', readAttendanceReport],
    ['callTranscript', readTranscript, apart],
    ['callRecording', readRecording, apart],
  ])('every member of %s is read', (name, read, besides = []) => {
    const raw = Object.entries(sampleOf(name) as object).filter(([member]) => !besides.includes(member))
    expect(dropped(Object.fromEntries(raw), read(Object.fromEntries(raw)))).toEqual([])
  })

  it.each([
    'communicationsApplicationIdentity',
    'communicationsApplicationInstanceIdentity',
    'communicationsGuestIdentity',
    'azureCommunicationServicesUserIdentity',
  ])('every member of %s is read', (name) => {
    expect(dropped(sampleOf(name), readIdentity(sampleOf(name)))).toEqual([])
  })
})
