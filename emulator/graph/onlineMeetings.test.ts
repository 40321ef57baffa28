import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { allCallPermissions } from '../settings.ts'
import { otherTenantId, publicUrl, serviceHosted, tenantId } from '../testing/testLine.ts'
import { allApplicationPermissions, ann, bob, codeOf, startResources } from '../testing/testResources.ts'
import type { Meeting } from '../world/meetings.ts'
import { inUtc } from './onlineMeetingBodies.ts'

const line = await startResources({}, {})
afterEach(() => line.reset())
afterAll(() => line.close())

type Answer = {
  id: string
  joinWebUrl: string
  joinMeetingIdSettings: { joinMeetingId: string; passcode: string | null; isPasscodeRequired: boolean }
  videoTeleconferenceId: string
  value: { id: string }[]
}
const annsMeetings = `/users/${ann.id}/onlineMeetings`
const ask = async (method: string, path: string, body?: unknown) =>
  line.graph<Answer>(method, path, { token: await line.appToken(), body })
const create = async (body: unknown = { subject: 'Standup' }) => (await ask('POST', annsMeetings, body)).body
const find = async (filter: string, path = annsMeetings) =>
  (await ask('GET', `${path}?$filter=${encodeURIComponent(filter)}`)).body.value.map(({ id }) => id)

describe('an online meeting', () => {
  it('is created, read, changed and deleted', async () => {
    const created = await ask('POST', annsMeetings, {
      subject: 'Standup',
      startDateTime: '2026-07-12T14:30:34.2444915-07:00',
      endDateTime: '2026-07-12T15:00:34.2464912-07:00',
    })
    expect(created.status).toBe(201)
    const path = `${annsMeetings}/${created.body.id}`
    expect(created.headers.get('location')).toBe(`${line.line.emulatorOrigin}/v1.0${path}`)
    expect(created.body).toMatchObject({
      subject: 'Standup',
      startDateTime: '2026-07-12T21:30:34.2444915Z',
      endDateTime: '2026-07-12T22:00:34.2464912Z',
      participants: { organizer: { upn: ann.userPrincipalName, identity: { user: { id: ann.id } } }, attendees: [] },
      lobbyBypassSettings: { scope: 'organization', isDialInBypassEnabled: false },
      chatInfo: { threadId: expect.stringMatching(/^19:meeting_.*@thread\.v2$/), messageId: '0' },
      joinMeetingIdSettings: { isPasscodeRequired: false, passcode: null },
    })
    const changed = await ask('PATCH', path, {
      subject: 'Later',
      lobbyBypassSettings: { scope: 'invited', isDialInBypassEnabled: true },
      allowRecording: false,
    })
    expect(changed).toMatchObject({
      status: 200,
      body: {
        subject: 'Later',
        startDateTime: '2026-07-12T21:30:34.2444915Z',
        allowRecording: false,
        lobbyBypassSettings: { scope: 'invited', isDialInBypassEnabled: true },
      },
    })
    expect((await ask('GET', path)).body).toMatchObject({ ...changed.body, '@odata.context': expect.any(String) })
    const [kept] = await line.control<Meeting[]>('GET', '/meetings')
    expect(kept).toMatchObject({ lobbyBypass: 'organizer' })
    expect((await ask('DELETE', path)).status).toBe(204)
    expect(codeOf(await ask('GET', path))).toBe('404/NotFound')
  })

  it('can be deleted while a bot is in it, which stays until the meeting is ended', async () => {
    const busy = await startResources({}, { permissions: [...allApplicationPermissions, ...allCallPermissions] })
    const { id, joinMeetingId, passcode } = await busy.calendarMeeting()
    const joining = {
      '@odata.type': '#microsoft.graph.call',
      callbackUri: `${publicUrl}/api/calls`,
      mediaConfig: serviceHosted,
      requestedModalities: ['audio'],
      tenantId,
      meetingInfo: {
        '@odata.type': '#microsoft.graph.joinMeetingIdMeetingInfo',
        joinMeetingId,
        passcode,
      },
    }
    const call = await busy.line.graph<{ id: string }>('POST', '', joining)
    expect(call.status).toBe(201)
    await busy.line.until(call.body.id, (entry) => entry.kind === 'state' && entry.state === 'established')

    const token = await busy.appToken()
    const path = `${annsMeetings}/${id}`
    expect((await busy.graph('DELETE', path, { token })).status).toBe(204)
    expect(await busy.control('GET', '/meetings')).toEqual([])
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      expect(codeOf(await busy.graph(method, path, { token, ...(method === 'PATCH' && { body: {} }) }))).toBe(
        '404/NotFound',
      )
    }
    expect((await busy.line.graph('POST', '', joining)).status).toBe(400)
    expect((await busy.line.view(call.body.id)).state).toBe('established')

    await busy.control('POST', `/meetings/${id}/end`)
    await busy.line.until(call.body.id, ({ kind }) => kind === 'ended')
    await busy.close()
  })

  it('has a passcode when it asks for one', async () => {
    const { joinMeetingIdSettings } = await create({ joinMeetingIdSettings: { isPasscodeRequired: true } })
    expect(joinMeetingIdSettings).toMatchObject({
      isPasscodeRequired: true,
      passcode: expect.stringMatching(/^.{6,}$/),
    })
  })

  it.each(['createOrGet', 'microsoft.graph.createOrGet'])(
    'is one and the same for one external id of one organiser: %s',
    async (action) => {
      const createOrGet = (user: string, externalId: string) =>
        ask('POST', `/users/${user}/onlineMeetings/${action}`, { externalId, subject: 'Weekly' })
      const first = await createOrGet(ann.id, 'x')
      const again = await createOrGet(ann.id, 'x')
      expect([first.status, again.status]).toEqual([201, 200])
      expect(again.body.id).toBe(first.body.id)
      for (const [user, id] of [
        [ann.id, 'y'],
        [bob.id, 'x'],
      ] as const) {
        const other = await createOrGet(user, id)
        expect(other.status).toBe(201)
        expect(other.body.id).not.toBe(first.body.id)
      }
    },
  )

  it('is found by its link, percent-encoded once more, by its number and by its teleconference id', async () => {
    const { id, joinWebUrl, joinMeetingIdSettings, videoTeleconferenceId } = await create()
    await create()
    expect(await find(`JoinWebUrl eq '${joinWebUrl}'`)).toEqual([id])
    expect(await find(`joinWebUrl eq '${joinWebUrl.toLowerCase()}'`)).toEqual([])
    expect(await find(`JoinWebUrl eq '${joinWebUrl.replaceAll('%3A', '%3a')}'`)).toEqual([id])
    expect(await find(`JoinWebUrl eq '${decodeURIComponent(joinWebUrl)}'`)).toEqual([])
    expect(await find(`joinMeetingIdSettings/joinMeetingId eq '${joinMeetingIdSettings.joinMeetingId}'`)).toEqual([id])
    const collection = '/communications/onlineMeetings'
    for (const path of [collection, `${collection}/`]) {
      expect(await find(`VideoTeleconferenceId eq '${videoTeleconferenceId}'`, path)).toEqual([id])
    }
  })

  it.each([
    ['an unknown member', 'POST', '', { topic: 'x' }],
    ['a word that is none', 'POST', '', { allowedPresenters: 'nobody' }],
    ['a time without a zone', 'POST', '', { startDateTime: '2026-07-12T14:30:00' }],
    [
      'an end before its start',
      'POST',
      '',
      { startDateTime: '2026-07-12T14:30:00Z', endDateTime: '2026-07-12T14:00:00Z' },
    ],
    ['no external id', 'POST', '/createOrGet', { subject: 'x' }],
    ['a member that createOrGet does not take', 'POST', '/createOrGet', { externalId: 'x', allowRecording: true }],
    ['a list without a filter', 'GET', '', undefined],
    ['a filter by something else', 'GET', `?$filter=${encodeURIComponent("subject eq 'x'")}`, undefined],
  ])('refuses %s, and nothing is made', async (_what, method, path, body) => {
    expect(codeOf(await ask(method, annsMeetings + path, body))).toBe('400/BadRequest')
    expect(await line.control('GET', '/meetings')).toEqual([])
  })

  it('keeps its number and passcode for good', async () => {
    const { id, joinMeetingIdSettings } = await create()
    const change = (settings: unknown) => ask('PATCH', `${annsMeetings}/${id}`, { joinMeetingIdSettings: settings })
    expect(codeOf(await change({ isPasscodeRequired: true }))).toBe('400/BadRequest')
    expect((await change(joinMeetingIdSettings)).status).toBe(200)
  })

  it('is there for its organiser only, in that tenant only', async () => {
    const { id, videoTeleconferenceId } = await create()
    expect(codeOf(await ask('GET', `/users/${bob.id}/onlineMeetings/${id}`))).toBe('404/NotFound')
    const token = await line.appToken(otherTenantId)
    expect(codeOf(await line.graph('GET', `${annsMeetings}/${id}`, { token }))).toBe('404/NotFound')
    const filter = encodeURIComponent(`VideoTeleconferenceId eq '${videoTeleconferenceId}'`)
    expect((await line.graph('GET', `/communications/onlineMeetings?$filter=${filter}`, { token })).body).toMatchObject(
      {
        value: [],
      },
    )
  })

  it('needs an application access policy for an app by itself, and none for a signed-in user', async () => {
    const { id, videoTeleconferenceId } = await create()
    await line.control('POST', '/users', { ...ann, hasApplicationAccessPolicy: false })
    for (const [method, path, body] of [
      ['POST', annsMeetings, {}],
      ['POST', `${annsMeetings}/createOrGet`, { externalId: 'x' }],
      ['GET', `${annsMeetings}/${id}`, undefined],
      ['PATCH', `${annsMeetings}/${id}`, {}],
      ['DELETE', `${annsMeetings}/${id}`, undefined],
      ['GET', `${annsMeetings}/${id}/transcripts`, undefined],
      ['GET', `${annsMeetings}/${id}/attendanceReports`, undefined],
    ] as const) {
      expect([path, codeOf(await ask(method, path, body))]).toEqual([path, '403/Forbidden'])
    }
    expect(await find(`VideoTeleconferenceId eq '${videoTeleconferenceId}'`, '/communications/onlineMeetings')).toEqual(
      [id],
    )
    const token = await line.userToken(ann.id)
    expect((await line.graph('GET', `/me/onlineMeetings/${id}`, { token })).status).toBe(200)
    expect(codeOf(await line.graph('GET', `/me/onlineMeetings/${id}`, { token: await line.appToken() }))).toBe(
      '400/BadRequest',
    )
    const bobs = await line.userToken(bob.id)
    expect(codeOf(await line.graph('GET', `${annsMeetings}/${id}`, { token: bobs }))).toBe('403/7504')
  })

  it.each([
    ['2019-07-12T14:30:34.2444915-07:00', '2019-07-12T21:30:34.2444915Z'],
    ['2020-02-06T01:49:21+00:00', '2020-02-06T01:49:21Z'],
    ['2020-12-31T23:30Z', '2020-12-31T23:30:00Z'],
  ])('tells the time %s in UTC with all its digits', (time, told) => expect(inUtc(time)).toBe(told))
})

describe('what is left of a meeting', () => {
  const vtt = 'WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<v Ann>Hello</v>\n'

  it('has transcripts, newest first, with their text', async () => {
    const { id } = await line.calendarMeeting()
    for (const createdDateTime of ['2026-09-16T18:56:00Z', '2026-09-17T06:09:24Z']) {
      await line.control('POST', `/meetings/${id}/transcripts`, { content: vtt, createdDateTime })
    }
    const path = `${annsMeetings}/${id}/transcripts`
    const { body } = await line.graph<{ value: { id: string; createdDateTime: string }[] }>('GET', path, {
      token: await line.appToken(),
    })
    expect(body).toMatchObject({ '@odata.count': 2 })
    expect(body.value.map(({ createdDateTime }) => createdDateTime.slice(0, 10))).toEqual(['2026-09-17', '2026-09-16'])
    const one = `${path}/${body.value[0]?.id}`
    expect((await ask('GET', one)).body).toMatchObject({
      meetingId: id,
      meetingOrganizer: { user: { id: ann.id } },
      transcriptContentUrl: `${line.line.emulatorOrigin}/v1.0${one}/content`,
    })
    const { status, headers, content } = await line.bytes('GET', `${one}/content`, await line.appToken())
    expect([status, headers.get('content-type'), content.toString()]).toEqual([200, 'text/vtt', vtt])
    expect(codeOf(await ask('GET', `${one}/content?$format=text/plain`))).toBe('400/BadRequest')
    expect(codeOf(await ask('GET', `${path}/nothing`))).toBe('404/NotFound')
  })

  it('has recordings, byte for byte', async () => {
    const { id } = await line.calendarMeeting()
    const bytes = Buffer.from([0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70, 255])
    const added = await line.control<{ id: string; bytes: number }>('POST', `/meetings/${id}/recordings`, {
      contentBase64: bytes.toString('base64'),
    })
    expect(added.bytes).toBe(9)
    const path = `${annsMeetings}/${id}/recordings`
    expect((await ask('GET', path)).body).toMatchObject({ '@odata.count': 1, value: [{ id: added.id, meetingId: id }] })
    const { headers, content } = await line.bytes('GET', `${path}/${added.id}/content`, await line.appToken())
    expect(headers.get('content-type')).toBe('video/mp4')
    expect(content).toEqual(bytes)
  })

  it('has no transcripts when it stands alone, has expired or was deleted', async () => {
    const alone = await create()
    const expired = await line.calendarMeeting({ expiryDateTime: '2020-01-01T00:00:00Z' })
    await line.control('POST', `/meetings/${expired.id}/transcripts`, { content: vtt })
    for (const { id } of [alone, expired]) {
      expect(codeOf(await ask('GET', `${annsMeetings}/${id}/transcripts`))).toBe('404/NotFound')
    }
    expect(codeOf(await ask('GET', `${annsMeetings}/nothing/transcripts`))).toBe('404/NotFound')
  })

  it('has attendance reports that count whole seconds, with the records when they are asked for', async () => {
    const { id } = await create()
    const identity = { id: bob.id, displayName: 'Bob' }
    const [first, second] = [
      { joinDateTime: '2021-03-16T18:59:52.2782182Z', leaveDateTime: '2021-03-16T19:06:47.7218491Z' },
      { joinDateTime: '2021-03-16T19:09:23.9834702Z', leaveDateTime: '2021-03-16T19:16:31.1381195Z' },
    ]
    const report = await line.control<{ id: string }>('POST', `/meetings/${id}/attendanceReports`, {
      meetingStartDateTime: '2021-10-05T04:38:23.945Z',
      meetingEndDateTime: '2021-10-05T04:43:49.77Z',
      attendanceRecords: [{ identity, role: 'Presenter', attendanceIntervals: [first, second] }],
    })
    const path = `${annsMeetings}/${id}/attendanceReports`
    const bare = { id: report.id, totalParticipantCount: 1, meetingStartDateTime: '2021-10-05T04:38:23.945Z' }
    const record = {
      role: 'Presenter',
      identity,
      totalAttendanceInSeconds: 415 + 427,
      attendanceIntervals: [
        { ...first, durationInSeconds: 415 },
        { ...second, durationInSeconds: 427 },
      ],
    }
    expect((await ask('GET', path)).body.value).toEqual([expect.objectContaining(bare)])
    const one = `${path}/${report.id}`
    const { body } = await ask('GET', one)
    expect(body).toMatchObject(bare)
    expect(body).not.toHaveProperty('attendanceRecords')
    expect((await ask('GET', `${one}?$expand=attendanceRecords`)).body).toMatchObject({
      ...bare,
      attendanceRecords: [record],
    })
    expect((await ask('GET', `${one}/attendanceRecords`)).body).toMatchObject({ value: [record] })
    expect(codeOf(await ask('GET', `${one}?$expand=people`))).toBe('400/BadRequest')
    expect(codeOf(await ask('GET', `${path}/nothing`))).toBe('404/NotFound')
  })
})
