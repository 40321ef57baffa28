import { decodeJwt } from 'jose'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { appId, otherTenantId, secret, tenantId } from '../testing/testLine.ts'
import { ann, bob, codeOf, startResources } from '../testing/testResources.ts'

const line = await startResources()
afterEach(() => line.reset())
afterAll(() => line.close())

const refused = (method: string, path: string, body?: unknown) =>
  line.line.request(method, `/emulator${path}`, body).then(codeOf)

describe('tokens of a signed-in user', () => {
  it('carry the user and the scopes, and no application permission', async () => {
    const claims = decodeJwt(await line.userToken(ann.id, ['Presence.Read', 'OnlineMeetings.Read']))
    expect(claims).toMatchObject({
      aud: 'https://graph.microsoft.com',
      appid: appId,
      tid: tenantId,
      oid: ann.id,
      scp: 'Presence.Read OnlineMeetings.Read',
    })
    expect(claims).not.toHaveProperty('roles')
  })

  it('are not for those who are not there', async () => {
    expect(await refused('POST', '/tokens', { userId: 'nobody', scopes: ['Presence.Read'] })).toBe('404/userNotFound')
    const elsewhere = { userId: ann.id, tenantId: otherTenantId, scopes: ['Presence.Read'] }
    expect(await refused('POST', '/tokens', elsewhere)).toBe('404/userNotFound')
    expect(await refused('POST', '/tokens', { userId: ann.id, scopes: [] })).toBe('400/badRequest')
    expect(await refused('POST', '/tokens', { userId: ann.id, scopes: ['x'], appId: 'x' })).toBe('404/appNotFound')
  })

  it('cannot be used for calls, which take apps by themselves', async () => {
    const token = await line.userToken(ann.id, ['Calls.Initiate.All'])
    const body = {
      '@odata.type': '#microsoft.graph.call',
      callbackUri: 'https://bot.localhost/api/calls',
      targets: [{ '@odata.type': '#microsoft.graph.invitationParticipantInfo', identity: { user: { id: bob.id } } }],
      requestedModalities: ['audio'],
      mediaConfig: { '@odata.type': '#microsoft.graph.serviceHostedMediaConfig' },
    }
    expect(codeOf(await line.graph('POST', '/communications/calls', { token, body }))).toMatch(/^403\//)
  })

  const exchangeFor = async (assertion: string, scope: string, tenant = tenantId) => {
    const response = await line.line.askToken(
      {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion,
        requested_token_use: 'on_behalf_of',
        scope,
      },
      tenant,
    )
    return { status: response.status, body: (await response.json()) as Record<string, string> } // Entra's words
  }
  const assertionFor = async (resource = 'app') =>
    (
      await line.control<{ access_token: string }>('POST', '/tokens', {
        userId: ann.id,
        scopes: ['access_as_user'],
        resource,
      })
    ).access_token

  it('are exchanged by the app on behalf of the user, within the consent', async () => {
    await line.control('POST', '/users', { ...ann, consents: ['Presence.Read', 'Presence.ReadWrite'] })
    const graph = 'https://graph.microsoft.com'
    const one = await exchangeFor(await assertionFor(), `${graph}/Presence.Read offline_access`)
    expect(one).toMatchObject({ status: 200, body: { token_type: 'Bearer', scope: 'Presence.Read' } })
    const seen = await line.graph('GET', '/me/presence', { token: one.body.access_token ?? '' })
    expect(seen).toMatchObject({ status: 200, body: { id: ann.id } })
    const all = await exchangeFor(await assertionFor(), `${graph}/.default`)
    expect(all.body.scope).toBe('Presence.Read Presence.ReadWrite')
    const more = await exchangeFor(await assertionFor(), `${graph}/Presence.Read.All`)
    expect(more).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(more.body.error_description).toContain('AADSTS65001')
  })

  it('are not exchanged for an assertion that is not a user’s token for this app, in this tenant', async () => {
    await line.control('POST', '/users', { ...ann, consents: ['Presence.Read'] })
    for (const assertion of ['', 'x', await line.appToken(), await assertionFor('graph')]) {
      expect(await exchangeFor(assertion, 'Presence.Read')).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      })
    }
    expect((await exchangeFor(await assertionFor(), 'Presence.Read', otherTenantId)).status).toBe(400)
    const { status } = await line.line.askToken({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: await assertionFor(),
      scope: 'Presence.Read',
      client_secret: `${secret}!`,
    })
    expect(status).toBe(401)
  })

  it('leaves no assertion in the records', async () => {
    const assertion = await assertionFor()
    await exchangeFor(assertion, 'Presence.Read')
    expect(JSON.stringify(await line.control('GET', '/requests'))).not.toContain(assertion)
  })
})

describe('the control API for what is no call', () => {
  it('makes users with an id and the home tenant when nobody names them, and lists them', async () => {
    const user = await line.control<{ id: string; tenantId: string }>('POST', '/users', { displayName: 'Cy' })
    expect(user).toMatchObject({ tenantId, displayName: 'Cy', hasApplicationAccessPolicy: true })
    expect(await line.control('GET', '/users')).toContainEqual(user)
  })

  it('makes meetings that are on the calendar, and their organisers', async () => {
    const meeting = await line.calendarMeeting({ organizer: { id: 'new', displayName: 'New' }, passcode: null })
    expect(meeting).toMatchObject({ tenantId, passcode: null, more: { meetingType: 'scheduled' } })
    expect(await line.control('GET', '/meetings')).toMatchObject([{ id: meeting.id }])
    const token = await line.appToken()
    expect((await line.graph('GET', `/users/new/onlineMeetings/${meeting.id}`, { token })).status).toBe(200)
  })

  it('drops users, meetings, presence and apps when everything is dropped', async () => {
    await line.calendarMeeting()
    await line.control('POST', '/users', { ...ann, presence: { availability: 'Busy', activity: 'Busy' } })
    await line.line.reset()
    expect(await line.control('GET', '/users')).toEqual([])
    expect(await line.control('GET', '/meetings')).toEqual([])
    await line.control('POST', '/users', ann)
    const { body } = await line.graph('GET', `/users/${ann.id}/presence`, { token: await line.appToken() })
    expect(body).toMatchObject({ availability: 'Offline' })
  })

  it.each([
    ['a transcript that is no WebVTT', '/meetings/ID/transcripts', { content: 'Hello' }, '400/badRequest'],
    ['a recording that is no base64', '/meetings/ID/recordings', { contentBase64: '!' }, '400/badRequest'],
    [
      'somebody who leaves before they join',
      '/meetings/ID/attendanceReports',
      {
        meetingStartDateTime: '2026-01-01T10:00:00Z',
        meetingEndDateTime: '2026-01-01T11:00:00Z',
        attendanceRecords: [
          {
            identity: { id: 'x' },
            attendanceIntervals: [{ joinDateTime: '2026-01-01T10:30:00Z', leaveDateTime: '2026-01-01T10:00:00Z' }],
          },
        ],
      },
      '400/badRequest',
    ],
    ['a transcript of no meeting', '/meetings/nothing/transcripts', { content: 'WEBVTT\n' }, '404/meetingNotFound'],
    ['a review of no app', '/catalog/nothing/review', { publishingState: 'published' }, '404/appNotFound'],
    ['a review that decides nothing', '/catalog/nothing/review', { publishingState: 'submitted' }, '400/badRequest'],
    ['a user who is somebody else', '/users', { name: 'x' }, '400/badRequest'],
  ])('refuses %s', async (_what, path, body, code) => {
    const { id } = await line.calendarMeeting()
    expect(await refused('POST', path.replace('ID', id), body)).toBe(code)
  })
})
