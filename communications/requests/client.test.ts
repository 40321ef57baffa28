import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { realClock } from '#ground/clock.ts'
import { GraphError } from '../road/error.ts'
import type { Content } from '../road/graph.ts'
import { contract, contractIsHere, requestChecker } from '../testing/contract.ts'
import { reply, serve } from '../testing/server.ts'
import { type Client, createClient } from './client.ts'
import { downloadRecording } from './recordings.ts'

const tenantId = '1fdd12d0-4620-44ed-baec-459b611f84b2'
const call = { id: '57DAB8B1894C409AB240BD8BEAE78896', tenantId }
const participantId = '2765eb15-01f8-47c6-b12b-c32111a4a86f'
const user = { userId: 'dc17674c-81d9-4adb-bfb2-8f6a442e4622', tenantId }
const meeting = { ...user, meetingId: 'MSpkYzE3Njc0Yy04MWQ5' }
const admin = { tenantId, token: async () => 'token-of-the-admin' }
const callbackUri = 'https://bot.contoso.com/api/calls'
const clientContext = 'd45324c1-fcb5-430a-902c-f20af696537c'
const prompts = [{ uri: 'https://bot.contoso.com/a.wav', resourceId: 'a' }]
const target = { user: { id: '550fae72-d251-43ec-868c-373732c2704f' } }
const group = { id: 'oneToOne', routingMode: 'oneToOne' as const, sources: ['p1'], receivers: ['p2'] }
const zip = Buffer.from('PK\u0003\u0004 an app package', 'latin1')
const quality = {
  callChainId: '0622673d-9f69-49b3-9d4f-5ec64f42ecce',
  participantId: 'ea078406-b5d4-4d3c-b85e-90103dcec7f6',
  mediaLegId: 'bd9ee398-4b9d-42c7-8b8d-4e8efad9435f',
  deviceName: 'TestAgent',
  deviceDescription: 'TestDescription',
  mediaQualityList: [
    {
      '@odata.type': '#microsoft.graph.teleconferenceDeviceAudioQuality' as const,
      channelIndex: 1,
      mediaDuration: 'PT20M',
    },
  ],
}

const textOf = async ({ contentType, body }: Content) => {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return { contentType, text: Buffer.concat(chunks).toString() }
}

/** The ids that stand for the names in the paths of the contract. */
const pathIds: Record<string, string> = {
  participantId,
  operationId: 'op-1',
  groupId: group.id,
  sessionId: 's-1',
  userId: user.userId,
  meetingId: meeting.meetingId,
  reportId: 'r-1',
  transcriptId: 't-1',
  recordingId: 'rec-1',
}

type Covered = {
  does: (client: Client) => Promise<unknown>
  /** What is read of the documented answer. Undefined is nothing. */
  reads?: unknown
  /** Instead of the contract's, which is a placeholder. */
  path?: string
  /** What follows the path. */
  query?: string
  /** Where the contract has no example. */
  answers?: (response: ServerResponse) => void
  /** Sent again when an unanswered one may have been carried out. */
  again: boolean
}

const operation = (name: string, status = 'running') => ({ '@odata.type': `#microsoft.graph.${name}Operation`, status })

/** Every v1.0 operation of the contract, by its name there. */
const covered: Record<string, Covered> = {
  'create-call': {
    does: ({ calls }) => calls.create({ tenantId, callbackUri, targets: [target] }),
    reads: { state: 'establishing', direction: 'outgoing', id: '2e1a0b00-2db4-4022-9570-243709c565ab' },
    again: false,
  },
  'call-get': {
    does: ({ calls }) => calls.get(call),
    reads: { state: 'established', source: { identity: { application: { displayName: 'Calling Bot' } } } },
    again: true,
  },
  'call-delete': { does: ({ calls }) => calls.hangUp(call), again: true },
  'call-keepalive': { does: ({ calls }) => calls.keepAlive(call), again: true },
  'call-answer': {
    does: ({ calls }) =>
      calls.answer(call, {
        callbackUri,
        mediaConfig: { '@odata.type': '#microsoft.graph.appHostedMediaConfig', blob: '<blob>' },
        callOptions: { isContentSharingNotificationEnabled: true },
        participantCapacity: 200,
      }),
    again: true,
  },
  'call-reject': { does: ({ calls }) => calls.reject(call, { reason: 'busy', callbackUri }), again: true },
  'call-redirect': {
    does: ({ calls }) =>
      calls.redirect(call, {
        targets: [target, { phone: { id: '+12345678901' } }, { application: { id: 'a1', displayName: 'bot 2' } }],
        timeoutSeconds: 30,
        callbackUri,
      }),
    again: true,
  },
  'call-transfer': {
    does: ({ calls }) =>
      calls.transfer(call, {
        target,
        transferee: { party: { user: { id: 'u2', tenantId } }, participantId },
        replacesCallId: 'e5d39592-99bd-4db8-bca8-30fb894ec51d',
        clientContext,
      }),
    again: false,
  },
  'call-playprompt': {
    does: ({ calls }) => calls.playPrompt(call, { prompts, clientContext }),
    reads: operation('playPrompt'),
    again: false,
  },
  'call-recordresponse': {
    does: ({ calls }) =>
      calls.recordResponse(call, {
        clientContext,
        prompt: { uri: 'https://bot.contoso.com/a.wav', resourceId: 'a' },
        bargeInAllowed: true,
        initialSilenceTimeoutInSeconds: 5,
        maxSilenceTimeoutInSeconds: 2,
        maxRecordDurationInSeconds: 120,
        playBeep: false,
        stopTones: ['#', '1', '*', 'A'],
      }),
    reads: operation('record'),
    again: false,
  },
  'recording-download': {
    does: async () =>
      textOf(await downloadRecording({ recordingLocation: `${graph.url}/recordings/1`, recordingAccessToken: 't' })),
    path: '/recordings/1',
    answers(response) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' })
      response.end('RIFF')
    },
    reads: { contentType: 'application/octet-stream', text: 'RIFF' },
    // It has a client of its own, which tries nothing twice.
    again: false,
  },
  'call-subscribetotone': {
    does: ({ calls }) => calls.subscribeToTone(call, { clientContext }),
    reads: operation('subscribeToTone', 'completed'),
    again: true,
  },
  'call-cancelmediaprocessing': {
    does: ({ calls }) => calls.cancelMediaProcessing(call, { clientContext }),
    reads: operation('cancelMediaProcessing', 'completed'),
    again: false,
  },
  'call-senddtmftones': {
    does: ({ calls }) =>
      calls.sendDtmfTones(call, { tones: ['tone1', 'star', 'pound'], delayBetweenTonesMs: 1000, clientContext }),
    reads: operation('sendDtmfTones'),
    again: false,
  },
  'call-mute': {
    does: ({ calls }) => calls.mute(call, { clientContext }),
    reads: operation('muteParticipant', 'completed'),
    again: true,
  },
  'call-unmute': {
    does: ({ calls }) => calls.unmute(call, { clientContext }),
    reads: operation('unmuteParticipant', 'completed'),
    again: true,
  },
  'call-changescreensharingrole': {
    does: ({ calls }) => calls.changeScreenSharingRole(call, { role: 'viewer' }),
    again: true,
  },
  'call-updaterecordingstatus': {
    does: ({ calls }) => calls.updateRecordingStatus(call, { status: 'recording', clientContext }),
    reads: operation('updateRecordingStatus', 'completed'),
    again: true,
  },
  'call-addlargegalleryview': {
    does: ({ calls }) => calls.addLargeGalleryView(call, { clientContext }),
    reads: operation('addLargeGalleryView'),
    again: false,
  },
  'call-logteleconferencedevicequality': {
    does: ({ calls }) => calls.logTeleconferenceDeviceQuality(tenantId, quality),
    again: false,
  },
  'call-get-operation': {
    does: ({ calls }) => calls.getOperation(call, 'op-1'),
    answers: (response) => reply(response, 200, { ...operation('playPrompt', 'Completed'), id: 'op-1' }),
    reads: { ...operation('playPrompt', 'completed'), id: 'op-1' },
    again: true,
  },
  'call-list-participants': {
    does: ({ participants }) => participants.list(call),
    reads: expect.arrayContaining([
      expect.objectContaining({
        id: 'a7ebfb2d-871e-419c-87af-27290b22e8db',
        isInLobby: false,
        mediaStreams: [{ mediaType: 'audio', sourceId: '3', direction: 'sendReceive', serverMuted: false }],
      }),
    ]),
    again: true,
  },
  'participant-get': {
    does: ({ participants }) => participants.get(call, participantId),
    reads: {
      id: '7e1b4346-85a6-4bdd-abe3-d11c5d420efe',
      info: { identity: { application: { displayName: 'Display Name' } } },
      isMuted: false,
    },
    again: true,
  },
  'participant-invite': {
    does: ({ participants }) =>
      participants.invite(call, {
        participants: [{ party: target, replacesCallId: 'a7ebfb2d-871e-419c-87af-27290b22e8db', participantId }],
        clientContext,
      }),
    // The page prints Running, with a capital.
    reads: { ...operation('inviteParticipants'), participants: [{ identity: { user: { displayName: 'string' } } }] },
    again: false,
  },
  'participant-mute': {
    does: ({ participants }) => participants.mute(call, participantId, { clientContext }),
    reads: operation('muteParticipant', 'completed'),
    again: true,
  },
  'participant-delete': { does: ({ participants }) => participants.remove(call, participantId), again: true },
  'participant-startholdmusic': {
    does: ({ participants }) =>
      participants.startHoldMusic(call, participantId, {
        clientContext,
        customPrompt: { uri: 'https://bot.contoso.com/onHold.wav' },
      }),
    reads: operation('startHoldMusic'),
    again: false,
  },
  'participant-stopholdmusic': {
    does: ({ participants }) => participants.stopHoldMusic(call, participantId, { clientContext }),
    reads: operation('stopHoldMusic'),
    again: true,
  },
  'call-list-audioroutinggroups': {
    does: ({ audioRoutingGroups }) => audioRoutingGroups.list(call),
    reads: [{ id: 'oneToOne', routingMode: 'oneToOne', sources: ['632899f8-2ea1-4604-8413-27bd2892079f'] }],
    again: true,
  },
  'call-post-audioroutinggroups': {
    does: ({ audioRoutingGroups }) => audioRoutingGroups.create(call, group),
    reads: { id: 'oneToOne', receivers: ['550fae72-d251-43ec-868c-373732c2704f'] },
    again: false,
  },
  'audioroutinggroup-get': {
    does: ({ audioRoutingGroups }) => audioRoutingGroups.get(call, group.id),
    reads: { id: 'oneToOne', routingMode: 'oneToOne' },
    again: true,
  },
  'audioroutinggroup-update': {
    does: ({ audioRoutingGroups }) =>
      audioRoutingGroups.update(call, { ...group, routingMode: 'multicast', receivers: ['p2', 'p3'] }),
    reads: {
      id: 'oneToOne',
      receivers: ['550fae72-d251-43ec-868c-373732c2704f', '72f988bf-86f1-41af-91ab-2d7cd011db47'],
    },
    again: true,
  },
  'audioroutinggroup-delete': {
    does: ({ audioRoutingGroups }) => audioRoutingGroups.delete(call, group.id),
    again: true,
  },
  'call-list-contentsharingsessions': {
    does: ({ contentSharingSessions }) => contentSharingSessions.list(call),
    reads: [{ id: 'a7ebfb2d-871e-419c-87af-27290b22e8db' }, { id: '278405a3-f568-4b3e-b684-009193463064' }],
    again: true,
  },
  'contentsharingsession-get': {
    does: ({ contentSharingSessions }) => contentSharingSessions.get(call, 's-1'),
    reads: { id: '7e1b4346-85a6-4bdd-abe3-d11c5d420efe' },
    again: true,
  },
  'onlinemeeting-create': {
    does: ({ onlineMeetings }) =>
      onlineMeetings.create(user, {
        subject: 'A meeting',
        startDateTime: '2026-11-20T14:30:34.2444915-07:00',
        endDateTime: '2026-11-20T22:00:34Z',
        lobbyBypassSettings: { scope: 'everyone', isDialInBypassEnabled: true },
        joinMeetingIdSettings: { isPasscodeRequired: true },
      }),
    reads: { audioConferencing: { conferenceId: '2425999' }, chatInfo: { messageId: '0' } },
    again: false,
  },
  'onlinemeeting-createorget': {
    does: ({ onlineMeetings }) =>
      onlineMeetings.createOrGet(user, {
        externalId: '7eb8263f-d0e0-4149-bb1c-1f0476083c56',
        startDateTime: '2020-02-06T01:49:21.3524945+00:00',
        participants: { attendees: [{ identity: { user: { id: 'u1' } }, upn: 'test1@contoso.com' }] },
      }),
    reads: { isBroadcast: false, isEntryExitAnnounced: true, allowedPresenters: 'everyone' },
    again: true,
  },
  'onlinemeeting-get': {
    does: ({ onlineMeetings }) => onlineMeetings.get(meeting),
    reads: {
      id: 'MSpkYzE3Njc0Yy04MWQ5LTRhZGItYmZiMi04ZdFpHRTNaR1F6WGhyZWFkLnYy',
      participants: {
        organizer: { role: 'presenter', identity: { user: { identityProvider: 'AAD' } } },
        attendees: [],
      },
      lobbyBypassSettings: { scope: 'organization', isDialInBypassEnabled: false },
    },
    again: true,
  },
  'onlinemeeting-list-by-vtcid': {
    does: ({ onlineMeetings }) => onlineMeetings.listByVideoTeleconferenceId(tenantId, '123456789'),
    query: '?$filter=VideoTeleconferenceId%20eq%20%27123456789%27',
    reads: [{ id: '112f7296-5fa4-42ca-bae8-6a692b15d4b8_19:cbee7c1c860e465f8258e3cebf7bee0d@thread.skype' }],
    again: true,
  },
  'onlinemeeting-update': {
    does: ({ onlineMeetings }) => onlineMeetings.update(meeting, { subject: 'Patch Meeting Subject' }),
    reads: { subject: 'Patch Meeting Subject', audioConferencing: { conferenceId: 'id' } },
    again: true,
  },
  'onlinemeeting-delete': { does: ({ onlineMeetings }) => onlineMeetings.delete(meeting), again: true },
  'meetingattendancereport-list': {
    does: ({ onlineMeetings }) => onlineMeetings.listAttendanceReports(meeting),
    answers: (response) => reply(response, 200, { value: [{ id: 'r-1', totalParticipantCount: 2 }] }),
    reads: [{ id: 'r-1', totalParticipantCount: 2 }],
    again: true,
  },
  'meetingattendancereport-get': {
    does: ({ onlineMeetings }) => onlineMeetings.getAttendanceReport(meeting, 'r-1', { expandRecords: true }),
    query: '?$expand=attendanceRecords',
    reads: {
      totalParticipantCount: 1,
      attendanceRecords: [{ totalAttendanceInSeconds: 1152, identity: { displayName: 'Frederick Cormier' } }],
    },
    again: true,
  },
  'attendancerecord-list': {
    does: ({ onlineMeetings }) => onlineMeetings.listAttendanceRecords(meeting, 'r-1'),
    reads: expect.arrayContaining([
      expect.objectContaining({
        role: 'Organizer',
        attendanceIntervals: [expect.objectContaining({ durationInSeconds: 322 })],
      }),
    ]),
    again: true,
  },
  'onlinemeeting-list-transcripts': {
    does: ({ onlineMeetings }) => onlineMeetings.listTranscripts(meeting),
    reads: [
      { createdDateTime: '2021-09-17T06:09:24.8968037Z' },
      { createdDateTime: '2021-09-16T18:58:58.6760692Z' },
      { createdDateTime: '2021-09-16T18:56:00.9038309Z' },
    ],
    again: true,
  },
  'calltranscript-get': {
    does: ({ onlineMeetings }) => onlineMeetings.getTranscript(meeting, 't-1'),
    reads: { callId: 'af630fe0-04d3-4559-8cf9-91fe45e36296', meetingOrganizer: { user: { id: expect.any(String) } } },
    again: true,
  },
  'calltranscript-get-content': {
    does: async ({ onlineMeetings }) =>
      textOf(await onlineMeetings.getTranscriptContent(meeting, 't-1', { maxBytes: 1000 })),
    answers(response) {
      response.writeHead(200, { 'content-type': 'text/vtt' })
      response.end('WEBVTT\n')
    },
    reads: { contentType: 'text/vtt', text: 'WEBVTT\n' },
    again: true,
  },
  'onlinemeeting-list-recordings': {
    does: ({ onlineMeetings }) => onlineMeetings.listRecordings(meeting),
    answers: (response) => reply(response, 200, { value: [{ id: 'rec-1', callId: 'c1' }] }),
    reads: [{ id: 'rec-1', callId: 'c1' }],
    again: true,
  },
  'callrecording-get': {
    does: ({ onlineMeetings }) => onlineMeetings.getRecording(meeting, 'rec-1'),
    answers: (response) => reply(response, 200, { id: 'rec-1', recordingContentUrl: 'https://graph.example/content' }),
    reads: { id: 'rec-1', recordingContentUrl: 'https://graph.example/content' },
    again: true,
  },
  'callrecording-get-content': {
    does: async ({ onlineMeetings }) =>
      textOf(await onlineMeetings.getRecordingContent(meeting, 'rec-1', { maxBytes: 1000 })),
    answers(response) {
      response.writeHead(200, { 'content-type': 'video/mp4' })
      response.end('mp4')
    },
    reads: { contentType: 'video/mp4', text: 'mp4' },
    again: true,
  },
  getpresencesbyuserid: {
    does: ({ presence }) => presence.getByUserIds(tenantId, ['u1', 'u2']),
    reads: [
      { availability: 'Busy', activity: 'InAMeeting' },
      { availability: 'Away', activity: 'Away' },
    ],
    again: true,
  },
  'presence-get': {
    does: ({ presence }) => presence.get(user),
    reads: { id: 'fa8bf3dc-eca7-46b7-bad1-db199b62afc3', availability: 'Available', activity: 'Available' },
    again: true,
  },
  'presence-setpresence': {
    does: ({ presence }) =>
      presence.setPresence(user, {
        sessionId: 'app',
        availability: 'Busy',
        activity: 'InACall',
        expirationDuration: 'PT4H',
      }),
    again: true,
  },
  'presence-clearpresence': { does: ({ presence }) => presence.clearPresence(user, { sessionId: 'app' }), again: true },
  'presence-setuserpreferredpresence': {
    does: ({ presence }) =>
      presence.setUserPreferredPresence(user, {
        availability: 'DoNotDisturb',
        activity: 'DoNotDisturb',
        expirationDuration: 'PT8H',
      }),
    again: true,
  },
  'presence-clearuserpreferredpresence': {
    does: ({ presence }) => presence.clearUserPreferredPresence(user),
    again: true,
  },
  'presence-setstatusmessage': {
    does: ({ presence }) =>
      presence.setStatusMessage(user, {
        statusMessage: {
          message: { content: 'At lunch', contentType: 'text' },
          expiryDateTime: { dateTime: '2026-11-20T13:00:00', timeZone: 'UTC' },
        },
      }),
    again: true,
  },
  'teamsapp-list': {
    does: ({ appCatalog }) => appCatalog.list({ tenantId }, { filter: "distributionMethod eq 'organization'" }),
    query: '?$filter=distributionMethod%20eq%20%27organization%27',
    reads: [
      { id: 'b1c5353a-7aca-41b3-830f-27d5218fe0e5', displayName: 'Test App', distributionMethod: 'organization' },
    ],
    again: true,
  },
  'teamsapp-publish': {
    does: ({ appCatalog }) => appCatalog.publish(admin, zip, { requiresReview: true }),
    query: '?requiresReview=true',
    reads: { id: 'e3e29acb-8c79-412b-b746-e6c39ff4cd22', displayName: 'Test App' },
    again: false,
  },
  'teamsapp-update': { does: ({ appCatalog }) => appCatalog.update(admin, call.id, zip), reads: null, again: false },
  'teamsapp-delete': { does: ({ appCatalog }) => appCatalog.delete(admin, call.id), again: true },
}

const Answered = z.object({ headers: z.record(z.string(), z.string()), body: z.unknown() })
const Operations = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    method: z.string(),
    path: z.string(),
    successStatus: z.number().nullable(),
    requestSchema: z.string().nullable(),
    responseExample: Answered.nullable().catch(null),
    examples: z.array(z.object({ request: z.object({ body: z.unknown() }), response: Answered.optional() })),
  }),
)
const recorded = contractIsHere
  ? Operations.parse(contract('operations.json')).filter(({ version }) => version === 'v1.0')
  : []
const named = recorded.flatMap((one) => {
  const mine = covered[one.name]
  const example = one.responseExample ?? one.examples[0]?.response
  return mine ? [{ ...one, example, place: one.path, ...mine }] : []
})

let act: (response: ServerResponse, url: string) => void
let graph: Awaited<ReturnType<typeof serve>>
let client: Client

// One for all, since a server and its connection take longer than a request.
beforeAll(async () => {
  graph = await serve(({ path }, response) => act(response, path))
  client = clientOf()
})
beforeEach(() => {
  graph.heard.length = 0
})
afterAll(async () => {
  await graph.close()
  await client.close()
})

function clientOf(timeoutMs = 2_000): Client {
  return createClient({
    tokens: { forTenant: async (id) => `token-of-${id}` },
    graphUrl: graph.url,
    timeoutMs,
    // The waits between tries are retry.test.ts's subject.
    clock: { now: Date.now, after: (_ms, act) => realClock.after(0, act) },
  })
}

const errorOf = (promise: Promise<unknown>): Promise<GraphError> =>
  promise.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error) => (error instanceof GraphError ? error : Promise.reject(error)),
  )

describe.skipIf(!contractIsHere)('the v1.0 operations of the contract', () => {
  const wrong = contractIsHere ? requestChecker() : () => null
  it('are 61, and each is a function', () => {
    expect(recorded).toHaveLength(61)
    expect(Object.keys(covered).sort()).toEqual(recorded.map(({ name }) => name).sort())
  })

  it.each(named)('$name is sent and read as documented', async (one) => {
    act = (response) => {
      if (one.answers) return one.answers(response)
      const { headers = {}, body } = one.example ?? {}
      reply(response, one.successStatus ?? 200, body ?? undefined, headers)
    }
    const read = await one.does(client)
    expect({ read }).toMatchObject({ read: one.reads })

    const [heard, ...others] = graph.heard
    expect(others).toEqual([])
    const path = one.place.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(pathIds[name] ?? call.id))
    expect(heard?.method).toBe(one.method)
    expect(heard?.path).toBe(one.place === one.path ? `/v1.0${path}${one.query ?? ''}` : one.path)
    const schema = one.requestSchema?.split('/').at(-1)
    if (schema) expect(wrong(schema, heard?.body ? JSON.parse(heard.body) : null)).toBeNull()
    else if (heard?.headers['content-type'] !== 'application/zip') expect(heard?.body).toBe('')
  })

  it.each(named)('$name is sent again after a lost answer, or never: it keeps to the policy', async (one) => {
    let first = true
    act = (response) => {
      if (first) {
        first = false
        return void response.destroy()
      }
      if (one.answers) return one.answers(response)
      reply(response, one.successStatus ?? 200, one.example?.body ?? undefined)
    }
    const outcome = await Promise.allSettled([one.does(client)])
    expect(outcome[0].status).toBe(one.again ? 'fulfilled' : 'rejected')
    expect(graph.heard).toHaveLength(one.again ? 2 : 1)
  })
})

describe('refused before sending, with the reason', () => {
  const meetingWith = (startDateTime: string, endDateTime?: string) => (one: Client) =>
    one.onlineMeetings.create(user, { startDateTime, endDateTime })
  const record = (more: object) => (one: Client) => one.calls.recordResponse(call, { clientContext, ...more })
  const invite =
    (count: number, more: object = {}) =>
    (one: Client) => {
      const participants = Array.from({ length: count }, (_, n) => ({ party: { user: { id: `u${n}` } }, ...more }))
      return one.participants.invite(call, { participants, clientContext })
    }
  const redirect =
    (count: number, more: object = {}) =>
    (one: Client) =>
      one.calls.redirect(call, { targets: Array.from({ length: count }, () => target), ...more })
  const grouped = (more: object) => (one: Client) => one.audioRoutingGroups.create(call, { ...group, ...more })
  const present = (more: object) => (one: Client) =>
    one.presence.setPresence(user, { sessionId: 'a', availability: 'Away', activity: 'Away', ...more })
  const joins = (more: object) => (one: Client) =>
    one.calls.create({ tenantId, callbackUri, targets: [target], ...more })
  // What types forbid is refused as well, for those who write JavaScript.
  const loose = (value: unknown) => value as never

  it.each<[string, (client: Client) => Promise<unknown>]>([
    ['redirect to nobody', redirect(0)],
    ['redirect to 26', redirect(26)],
    ['redirect for 14 s', redirect(1, { timeoutSeconds: 14 })],
    ['redirect for 91 s', redirect(1, { timeoutSeconds: 91 })],
    ['redirect for half seconds', redirect(1, { timeoutSeconds: 20.5 })],
    ['redirect with a callbackUri without TLS', redirect(1, { callbackUri: 'http://bot.contoso.com' })],
    ['reject with a callbackUri without TLS', (one) => one.calls.reject(call, { reason: 'busy', callbackUri: 'x' })],
    ["reject for a reason of one's own", (one) => one.calls.reject(call, { reason: loose('Busy') })],
    ['a recording of 0 s', record({ maxRecordDurationInSeconds: 0 })],
    ['a recording of 121 s', record({ maxRecordDurationInSeconds: 121 })],
    ['a first silence of 0 s', record({ initialSilenceTimeoutInSeconds: 0 })],
    ['a silence of 300 s', record({ maxSilenceTimeoutInSeconds: 300 })],
    ['a stop tone in the words of the other direction', record({ stopTones: ['pound'] })],
    ['a recording after a prompt without an address', record({ prompt: { uri: 'a.wav', resourceId: 'a' } })],
    ['a recording with a clientContext of 257 characters', record({ clientContext: 'x'.repeat(257) })],
    ['no tones', (one) => one.calls.sendDtmfTones(call, { tones: [], clientContext })],
    ['a tone that is none', (one) => one.calls.sendDtmfTones(call, { tones: [loose('tone10')], clientContext })],
    [
      'a delay that is negative',
      (one) => one.calls.sendDtmfTones(call, { tones: ['a'], delayBetweenTonesMs: -1, clientContext }),
    ],
    ['mute with a long clientContext', (one) => one.calls.mute(call, { clientContext: 'x'.repeat(257) })],
    ['a role that is none', (one) => one.calls.changeScreenSharingRole(call, { role: loose('presenter') })],
    [
      'the placeholder of the page as a recording status',
      (one) =>
        one.calls.updateRecordingStatus(call, { status: loose('notRecording | recording | failed'), clientContext }),
    ],
    ['a replacesCallId that is empty', (one) => one.calls.transfer(call, { target, replacesCallId: '' })],
    [
      'a quality of a call that is no GUID',
      (one) => one.calls.logTeleconferenceDeviceQuality(tenantId, { ...quality, callChainId: 'x' }),
    ],
    ['a call without a modality', joins({ requestedModalities: [] })],
    ['a guest without a name', joins({ source: { guest: { id: 'g' } } })],
    [
      'a meeting by token without the token',
      (one) =>
        one.calls.create({
          tenantId,
          callbackUri,
          meetingInfo: { '@odata.type': '#microsoft.graph.tokenMeetingInfo', token: '' },
        }),
    ],
    ['an invitation of nobody', invite(0)],
    ['an invitation of six', invite(6)],
    ['an invitation of two that replaces a call', invite(2, { replacesCallId: 'c2' })],
    ['an invitation of two bots', invite(2, { party: { application: { id: 'b' } } })],
    ['an invitation of a participant of no call', invite(1, { participantId })],
    [
      'hold music without an address',
      (one) => one.participants.startHoldMusic(call, participantId, { clientContext, customPrompt: { uri: 'x' } }),
    ],
    ['a group with two sources', grouped({ sources: ['p1', 'p2'] })],
    ['a oneToOne group with two receivers', grouped({ receivers: ['p1', 'p2'] })],
    ['a group without a receiver', grouped({ routingMode: 'multicast', receivers: [] })],
    ['a group without a known mode', grouped({ routingMode: 'unknownFutureValue' })],
    ['no ids', (one) => one.presence.getByUserIds(tenantId, [])],
    [
      '651 ids',
      (one) =>
        one.presence.getByUserIds(
          tenantId,
          Array.from({ length: 651 }, (_, n) => `u${n}`),
        ),
    ],
    ['a presence for 4 minutes', present({ expirationDuration: 'PT4M' })],
    ['a presence for more than 4 hours', present({ expirationDuration: 'PT4H1S' })],
    ['a presence for a time that is none', present({ expirationDuration: '4 hours' })],
    ['a presence that no app may set', present({ activity: 'InACall' })],
    ['a presence without a session', present({ sessionId: '' })],
    ['a meeting without an offset', meetingWith('2026-11-20T10:00:00')],
    ['a meeting on a day that does not exist', meetingWith('2026-13-40T10:00:00Z')],
    ['a meeting that ends before it begins', meetingWith('2026-11-20T10:00:00Z', '2026-11-20T09:00:00Z')],
    ['a meeting without its externalId', (one) => one.onlineMeetings.createOrGet(user, { externalId: '' })],
    ['a file of any size', (one) => one.onlineMeetings.getRecordingContent(meeting, 'r', { maxBytes: Infinity })],
    ['an app package that is no zip', (one) => one.appCatalog.publish(admin, Buffer.from('hello'))],
    [
      'a review without an etag',
      (one) => one.appCatalog.review(admin, { teamsAppId: 'a', id: 'd', etag: '' }, 'published'),
    ],
    [
      'a ringing time of 116 s',
      (one) => one.beta.create({ tenantId, callbackUri, targets: [target], ringingTimeoutInSeconds: 116 }),
    ],
  ])('%s', async (_what, does) => {
    const error = await errorOf(does(client))
    expect(error).toMatchObject({ code: 'badRequest', status: null, worthRetrying: false })
    expect(error.message).toMatch(/was not sent: .+\. Correct the request/)
    expect(graph.heard).toHaveLength(0)
  })

  it.each(['', '.', '..', 'half \ud83d'])('an id that is "%s", wherever there is one', async (id) => {
    const wrongCall = { id, tenantId }
    const wrongUser = { userId: id, tenantId }
    for (const does of [
      () => client.calls.mute(wrongCall, { clientContext }),
      () => client.calls.getOperation(call, id),
      () => client.participants.list(wrongCall),
      () => client.participants.remove(call, id),
      () => client.participants.startHoldMusic(call, id, { clientContext }),
      () => client.audioRoutingGroups.list(wrongCall),
      () => client.audioRoutingGroups.delete(call, id),
      () => client.contentSharingSessions.get(call, id),
      () => client.onlineMeetings.get({ ...meeting, meetingId: id }),
      () => client.onlineMeetings.findByJoinWebUrl(wrongUser, 'https://teams.microsoft.com/l/meetup-join/x'),
      () => client.onlineMeetings.getTranscript(meeting, id),
      () => client.presence.get(wrongUser),
      () => client.presence.clearUserPreferredPresence(wrongUser),
      () => client.appCatalog.delete(admin, id),
      () => client.beta.admitFromLobby(call, id),
      () => client.beta.raiseHand(wrongCall),
    ]) {
      expect((await errorOf(does())).code).toBe('badRequest')
    }
    expect(graph.heard).toHaveLength(0)
  })
})

/** A documented body in the terms of our functions: without the types, the nulls, and what Graph does not need. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(
    ([name, member]) =>
      member !== null && (name !== '@odata.type' || /Config$|MeetingInfo$|Prompt$/.test(String(member))),
  )
  return Object.fromEntries(kept.map(([name, member]) => [name, plain(member)]))
}

describe.skipIf(!contractIsHere)('the documented requests can be sent', () => {
  const Bag = z.record(z.string(), z.unknown())
  const Identified = z.object({
    identity: z.unknown(),
    replacesCallId: z.string().optional(),
    participantId: z.string().optional(),
  })
  const examplesOf = (name: string) =>
    recorded
      .filter((one) => one.name === name)
      .flatMap(({ examples }) =>
        examples.flatMap(({ request }) => (request.body ? [Bag.parse(plain(request.body))] : [])),
      )
  const sentBody = () => plain(JSON.parse(graph.heard[0]?.body ?? ''))
  // What the page writes is what our types say, or the comparison of what was sent fails.
  const as = <T>(value: unknown) => value as T
  beforeEach(() => {
    act = (response) => reply(response, 200, { id: 'x', status: 'running' })
  })

  it.each(examplesOf('create-call').map((body, n) => [n + 1, body] as const))('call %i', async (_n, body) => {
    const { source, targets, direction: _, ...rest } = body
    await client.calls.create(
      as({
        tenantId: 'of-the-token',
        ...rest,
        ...(source !== undefined && { source: Identified.parse(source).identity }),
        ...(targets !== undefined && {
          targets: z
            .array(Identified)
            .parse(targets)
            .map(({ identity }) => identity),
        }),
      }),
    )
    expect(sentBody()).toEqual({
      tenantId: 'of-the-token',
      ...rest,
      ...(source ? { source } : {}),
      ...(targets ? { targets } : {}),
    })
  })

  it.each(examplesOf('participant-invite').map((body, n) => [n + 1, body] as const))(
    'invitation %i',
    async (n, body) => {
      const participants = z.array(Identified).parse(body.participants)
      const invite = {
        participants: participants.map(({ identity, ...more }) => ({
          party: as<{ user: { id: string } }>(identity),
          ...more,
        })),
        clientContext,
      }
      // The second example replaces a call with two; Graph would read the first alone.
      if (n === 2) return expect((await errorOf(client.participants.invite(call, invite))).code).toBe('badRequest')
      await client.participants.invite(call, invite)
      expect(sentBody()).toEqual({ ...body, clientContext })
    },
  )

  it.each(examplesOf('call-transfer').map((body, n) => [n + 1, body] as const))('transfer %i', async (_n, body) => {
    const { transferTarget, transferee, ...rest } = body
    const { identity, endpointType: _, ...more } = z.looseObject({ identity: z.unknown() }).parse(transferTarget)
    const moved = transferee === undefined ? undefined : Identified.parse(transferee)
    await client.calls.transfer(
      call,
      as({
        target: identity,
        ...more,
        ...(moved && { transferee: { party: moved.identity, participantId: moved.participantId } }),
        ...rest,
      }),
    )
    expect(sentBody()).toEqual(body)
  })

  it.each(examplesOf('call-redirect').map((body, n) => [n + 1, body] as const))('redirect %i', async (_n, body) => {
    // routingPolicies stands in one example, and in no metadata of v1.0.
    const { targets, timeout, routingPolicies: _, ...rest } = body
    const parties = z
      .array(Identified)
      .parse(targets)
      .map(({ identity }) => identity)
    await client.calls.redirect(
      call,
      as({ targets: parties, ...(timeout !== undefined && { timeoutSeconds: timeout }), ...rest }),
    )
    expect(sentBody()).toEqual({ targets, ...(timeout !== undefined && { timeout }), ...rest })
  })

  it.each(examplesOf('call-playprompt').map((body, n) => [n + 1, body] as const))('prompt %i', async (_n, body) => {
    const prompts = z.array(z.object({ mediaInfo: z.unknown() })).parse(body.prompts)
    await client.calls.playPrompt(call, as({ ...body, prompts: prompts.map(({ mediaInfo }) => mediaInfo) }))
    expect(sentBody()).toEqual(body)
  })

  it.each(examplesOf('call-recordresponse').map((body, n) => [n + 1, body] as const))(
    'recording %i',
    async (_n, body) => {
      const {
        prompts: [prompt],
      } = z.object({ prompts: z.array(z.object({ mediaInfo: z.unknown() })) }).parse(body)
      const { prompts: _, ...rest } = body
      await client.calls.recordResponse(call, as({ ...rest, prompt: prompt?.mediaInfo }))
      expect(sentBody()).toEqual(body)
    },
  )

  it.each([
    ['onlinemeeting-create', (body: object) => client.onlineMeetings.create(user, body)],
    ['onlinemeeting-createorget', (body: object) => client.onlineMeetings.createOrGet(user, as(body))],
    ['onlinemeeting-update', (body: object) => client.onlineMeetings.update(meeting, body)],
    ['getpresencesbyuserid', (body: object) => client.presence.getByUserIds(tenantId, as<{ ids: string[] }>(body).ids)],
    ['presence-setpresence', (body: object) => client.presence.setPresence(user, as(body))],
    ['presence-setuserpreferredpresence', (body: object) => client.presence.setUserPreferredPresence(user, as(body))],
    ['call-senddtmftones', (body: object) => client.calls.sendDtmfTones(call, as(body))],
    ['call-post-audioroutinggroups', (body: object) => client.audioRoutingGroups.create(call, as(body))],
    [
      'call-logteleconferencedevicequality',
      (body: object) => client.calls.logTeleconferenceDeviceQuality(tenantId, as<{ quality: never }>(body).quality),
    ],
  ])('%s', async (name, does) => {
    const bodies = examplesOf(name)
    expect(bodies.length).toBeGreaterThan(0)
    for (const body of bodies) {
      graph.heard.length = 0
      // Some of these answers are lists, and nobody asks here what was read.
      await does(body).catch(() => {})
      expect(sentBody()).toEqual(body)
    }
  })
})

describe('beta', () => {
  const bodies: [string, (beta: Client['beta']) => Promise<unknown>, string, object | null][] = [
    [
      'beta.call-playprompt',
      (beta) => beta.playPrompt(call, { prompts, clientContext, loop: true }),
      '/playPrompt',
      { loop: true },
    ],
    [
      'beta.call-recordresponse',
      (beta) => beta.recordResponse(call, { clientContext, streamWhileRecording: true }),
      '/recordResponse',
      { streamWhileRecording: true },
    ],
    [
      'beta.participant-muteall',
      (beta) => beta.muteAll(call, { clientContext }),
      '/participants/muteAll',
      { participants: [] },
    ],
    [
      'beta.participant-configuremixer',
      (beta) =>
        beta.configureMixer(call, {
          clientContext,
          participantMixerLevels: [
            {
              participant: 'p1',
              exclusive: true,
              ducking: { rampActive: 50, rampInactive: 50, lowerLevel: 10, upperLevel: 50 },
              sourceLevels: [{ participant: 'p2', level: 50, duckOthers: false }],
            },
          ],
        }),
      '/participants/configureMixer',
      { clientContext },
    ],
    ['beta.call-startrecording', (beta) => beta.startRecording(call), '/startRecording', null],
    ['beta.call-stoprecording', (beta) => beta.stopRecording(call), '/stopRecording', null],
    [
      'beta.call-starttranscription',
      (beta) => beta.startTranscription(call, { language: 'en-us' }),
      '/startTranscription',
      { language: 'en-us' },
    ],
    ['beta.call-stoptranscription', (beta) => beta.stopTranscription(call), '/stopTranscription', null],
    ['beta.call-raisehand', (beta) => beta.raiseHand(call), '/raiseHand', null],
    ['beta.call-lowerhand', (beta) => beta.lowerHand(call), '/lowerHand', null],
    [
      'beta.participants-admitallfromlobby',
      (beta) => beta.admitAllFromLobby(call),
      '/participants/admitAllFromLobby',
      null,
    ],
    ['beta.participants-lowerallhands', (beta) => beta.lowerAllHands(call), '/participants/lowerAllHands', null],
    [
      'beta.participant-admitfromlobby',
      (beta) => beta.admitFromLobby(call, 'p1'),
      '/participants/p1/admitFromLobby',
      null,
    ],
    [
      'beta.participant-removefromlobby',
      (beta) => beta.removeFromLobby(call, 'p1'),
      '/participants/p1/removeFromLobby',
      null,
    ],
    ['beta.participant-lowerhand', (beta) => beta.lowerParticipantHand(call, 'p1'), '/participants/p1/lowerHand', null],
    [
      'beta.participant-reportsyntheticmedia',
      (beta) => beta.reportSyntheticMedia(call, 'p1'),
      '/participants/p1/reportSyntheticMedia',
      null,
    ],
  ]

  it.each(bodies)('%s', async (_name, does, below, body) => {
    act = (response) => reply(response, 202, { '@odata.type': '#microsoft.graph.commsOperation', status: 'running' })
    expect(await does(client.beta)).toMatchObject({ status: 'running' })
    expect(graph.heard).toMatchObject([{ method: 'POST', path: `/beta/communications/calls/${call.id}${below}` }])
    if (body) expect(JSON.parse(graph.heard[0]?.body ?? '')).toMatchObject(body)
    else expect(graph.heard[0]?.body).toBe('')
  })

  it('calls ring for as long as they are told', async () => {
    act = (response) => reply(response, 201, { id: 'c1' })
    const more = { ringingTimeoutInSeconds: 115, routingPolicies: ['noMissedCall' as const] }
    await client.beta.create({ tenantId, callbackUri, targets: [target], ...more })
    expect(graph.heard[0]?.path).toBe('/beta/communications/calls')
    expect(JSON.parse(graph.heard[0]?.body ?? '')).toMatchObject(more)
  })

  it.skipIf(!contractIsHere)("is all of the contract's beta", () => {
    const beta = Operations.parse(contract('operations.json')).filter(({ version }) => version === 'beta')
    expect(['beta.create-call', ...bodies.map(([name]) => name)].sort()).toEqual(beta.map(({ name }) => name).sort())
  })
})

describe('lists', () => {
  it('are read page by page, below our own Graph whatever host the next page names', async () => {
    const next = 'https://graph.example/v1.0/communications/calls/x/participants?$skiptoken=2'
    act = (response, url) =>
      reply(
        response,
        200,
        url.includes('skiptoken') ? { value: [{ id: 'p2' }] } : { value: [{ id: 'p1' }], '@odata.nextLink': next },
      )
    expect((await client.participants.list(call)).map(({ id }) => id)).toEqual(['p1', 'p2'])
    expect(graph.heard[1]?.path).toBe('/v1.0/communications/calls/x/participants?$skiptoken=2')
  })

  it('that are none are said to be unreadable, and members that are none are left out', async () => {
    act = (response) => reply(response, 200, { value: [{ id: 's1' }, { id: 7 }, null, 'x'] })
    expect(await client.contentSharingSessions.list(call)).toEqual([expect.objectContaining({ id: 's1' })])
    act = (response) => reply(response, 200, {})
    expect((await errorOf(client.contentSharingSessions.list(call))).code).toBe('unreadableAnswer')
    act = (response) => reply(response, 200, { value: [], '@odata.nextLink': 'somewhere' })
    expect((await errorOf(client.contentSharingSessions.list(call))).code).toBe('unreadableAnswer')
  })
})

describe('a large answer', () => {
  it('is read when it is a list: a roster of 2,000 people', async () => {
    const people = Array.from({ length: 2_000 }, (_, n) => ({ id: `p${n}`, metadata: 'x'.repeat(1_600) }))
    act = (response) => reply(response, 200, { value: people })
    expect(await client.participants.list(call)).toHaveLength(2_000)
  })

  it('has an end all the same, and says so', async () => {
    act = (response) => reply(response, 200, { value: [{ id: 'x'.repeat(17_000_000) }] })
    const error = await errorOf(client.participants.list(call))
    expect(error).toMatchObject({ code: 'answerTooLarge', status: null, worthRetrying: false })
    expect(error.message).toBe(
      'participants.list failed. The answer is larger than what is read of one. Ask for less at once, such as by a filter; the request may have been carried out all the same.',
    )
  })
})

describe('meetings', () => {
  it('are found by their link, which is encoded twice, and a quote in it stays inside', async () => {
    act = (response) => reply(response, 200, { value: [{ id: 'm1' }] })
    const link = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b'%7d"
    expect(await client.onlineMeetings.findByJoinWebUrl(user, link)).toMatchObject({ id: 'm1' })
    const filter = new URL(graph.heard[0]?.path ?? '', graph.url).searchParams.get('$filter')
    expect(filter).toBe(`JoinWebUrl eq '${link.replace("'", "''")}'`)
    expect(graph.heard[0]?.path).toContain('19%253ameeting_x%2540thread.v2')
  })

  it('that nobody has are null', async () => {
    act = (response) => reply(response, 200, { value: [] })
    expect(await client.onlineMeetings.findByJoinMeetingId(user, '123')).toBeNull()
  })
})

describe('files', () => {
  const content = (maxBytes: number, by = client) => by.onlineMeetings.getRecordingContent(meeting, 'r', { maxBytes })

  it('break off where they are larger than allowed', async () => {
    act = (response) => void response.writeHead(200).end('x'.repeat(100_000))
    expect((await textOf(await content(100_000))).text).toHaveLength(100_000)
    expect((await errorOf(content(99_999).then(textOf))).code).toBe('tooLarge')
  })

  it('that stand still break off, also when nobody reads them', async () => {
    const hasty = clientOf(80)
    act = (response) => void response.writeHead(200).write('x')
    const read = errorOf(content(10, hasty).then(textOf))
    const forgotten = await content(10, hasty)
    expect((await read).code).toBe('timeout')
    await new Promise((done) => setTimeout(done, 40))
    expect((await errorOf(textOf(forgotten))).code).toBe('timeout')
    await hasty.close()
  })

  it('that Graph cuts off while nobody reads them end nothing but themselves', async () => {
    const ends: unknown[] = []
    const onEnd = (error: unknown) => ends.push(error)
    process.on('uncaughtException', onEnd)
    act = (response) => {
      response.writeHead(200).write('x')
      setTimeout(() => response.destroy(), 5)
    }
    const forgotten = await content(10)
    await new Promise((done) => setTimeout(done, 50))
    process.off('uncaughtException', onEnd)
    expect(ends).toEqual([])
    expect((await errorOf(textOf(forgotten))).code).toBe('unreachable')
  })

  it('that are refused say why', async () => {
    act = (response) => reply(response, 403, { error: { code: 'Forbidden', message: 'No policy.' } })
    expect(await errorOf(content(10))).toMatchObject({ status: 403, code: 'Forbidden' })
  })
})

describe('the app catalog', () => {
  it('is written with the token of the one who is signed in, and with a new one when that is refused', async () => {
    const asked: (string | undefined)[] = []
    const signedIn = {
      tenantId,
      async token(refused?: string) {
        asked.push(refused)
        return refused ? 'second' : 'first'
      },
    }
    act = (response) => {
      const first = graph.heard.length === 1
      reply(response, first ? 401 : 201, first ? { error: { message: 'expired' } } : { id: 'a1' })
    }
    await client.appCatalog.publish(signedIn, zip)
    expect(asked).toEqual([undefined, 'first'])
    expect(graph.heard[1]).toMatchObject({
      path: '/v1.0/appCatalogs/teamsApps',
      headers: { authorization: 'Bearer second', 'content-type': 'application/zip' },
      body: zip.toString(),
    })
  })

  it('takes a new version at once, or has it wait for review', async () => {
    act = (response) => reply(response, 201, { id: 'd2', version: '1.0.1', publishingState: 'submitted' })
    expect(await client.appCatalog.update(admin, 'a1', zip, { requiresReview: true })).toEqual({
      id: 'd2',
      version: '1.0.1',
      publishingState: 'submitted',
    })
    expect(graph.heard[0]?.path).toBe('/v1.0/appCatalogs/teamsApps/a1/appDefinitions?requiresReview=true')
  })

  it('has versions that wait for an administrator', async () => {
    act = (response) => reply(response, 200, { id: 'd1', '@odata.etag': 'e2', publishingState: 'Published' })
    const definition = { teamsAppId: 'a1', id: 'd1', etag: 'e1' }
    expect(await client.appCatalog.review(admin, definition, 'published')).toEqual({
      id: 'd1',
      etag: 'e2',
      publishingState: 'published',
    })
    expect(graph.heard[0]).toMatchObject({ method: 'PATCH', headers: { 'if-match': 'e1' } })
    expect(JSON.parse(graph.heard[0]?.body ?? '')).toEqual({ publishingState: 'published' })
  })

  it('is not told a word on a version twice: its repeat would meet the etag that it changed itself', async () => {
    act = (response) => void response.destroy()
    const definition = { teamsAppId: 'a1', id: 'd1', etag: '"e"' }
    expect((await errorOf(client.appCatalog.review(admin, definition, 'published'))).code).toBe('unreachable')
    expect(graph.heard).toHaveLength(1)
  })

  it("is read with the app's own token", async () => {
    act = (response) => reply(response, 200, { value: [] })
    await client.appCatalog.list({ tenantId })
    expect(graph.heard[0]?.headers.authorization).toBe(`Bearer token-of-${tenantId}`)
  })
})

it('what is gone already counts as removed and deleted', async () => {
  act = (response) => reply(response, 404, { error: { code: 'NotFound', message: '' } })
  await client.participants.remove(call, participantId)
  await client.audioRoutingGroups.delete(call, 'g')
  await client.onlineMeetings.delete(meeting)
  await client.appCatalog.delete(admin, 'a')
  expect(graph.heard).toHaveLength(4)
})

describe('a 404', () => {
  const wrapped = JSON.stringify({ message: 'No HTTP resource was found that matches the request URI' })
  it.each<[string, unknown, (client: Client) => Promise<unknown>, boolean]>([
    ['of an address that is not served', undefined, ({ beta }) => beta.muteAll(call, { clientContext }), false],
    [
      'of a page between us and Graph',
      'not here',
      ({ calls }) => calls.playPrompt(call, { prompts, clientContext }),
      false,
    ],
    ['of a page between us and Graph', undefined, ({ calls }) => calls.keepAlive(call), false],
    ['of a page between us and Graph', undefined, ({ calls }) => calls.hangUp(call), false],
    // Observed: microsoft-graph-comms-samples#616, of an address that Graph does not know.
    ['without a code', { code: 'UnknownError', message: wrapped }, ({ calls }) => calls.get(call), false],
    ['of beta', { code: 'NotFound', message: '' }, ({ beta }) => beta.startRecording(call), false],
    [
      'of a part',
      { code: '8522', message: 'Participant not found.' },
      ({ participants }) => participants.get(call, 'p'),
      false,
    ],
    ['of a part', { code: 'NotFound', message: '' }, ({ calls }) => calls.getOperation(call, 'o'), false],
    // Observed: microsoft-graph-comms-samples#173 and #330.
    ['of the call', { code: '8522', message: 'Call not found.' }, ({ calls }) => calls.keepAlive(call), true],
    [
      'of the call',
      { code: '8522', message: 'Call not found.' },
      ({ participants }) => participants.get(call, 'p'),
      true,
    ],
    [
      'of the call',
      { code: '8522', message: 'Call not found.' },
      ({ beta }) => beta.muteAll(call, { clientContext }),
      true,
    ],
    ['of the call', { code: 'NotFound', message: '' }, ({ calls }) => calls.get(call), true],
  ])('%s says that the call is gone only when it does (%j)', async (_what, error, does, gone) => {
    act = (response) => reply(response, 404, typeof error === 'object' ? { error } : error)
    const failed = await does(client).catch((error: unknown) => error)
    expect(failed).toMatchObject({ status: 404, gone })
    if (!gone) expect(failed).not.toMatchObject({ message: expect.stringMatching(/a call that is gone/i) })
  })
})
