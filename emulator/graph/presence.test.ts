import fc from 'fast-check'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { Clock } from '#ground/clock.ts'
import { appId, otherTenantId } from '../testing/testLine.ts'
import { ann, bob, codeOf, startResources } from '../testing/testResources.ts'
import { appPairs, createPresences, preferredPairs, shownAt } from '../world/presences.ts'
import { isoDurationMs } from './isoDuration.ts'

const line = await startResources()
afterEach(() => line.reset())
afterAll(() => line.close())

const hour = 3_600_000
const presencePath = `/users/${ann.id}/presence`
const available = { availability: 'Available', activity: 'Available' }
const presenting = { availability: 'DoNotDisturb', activity: 'Presenting' }

const set = async (body: unknown, action = 'setPresence') =>
  line.graph('POST', `${presencePath}/${action}`, { token: await line.appToken(), body })
const see = async () => (await line.graph('GET', presencePath, { token: await line.appToken() })).body

describe('presence over the wire', () => {
  it('is offline until an app, or the user’s own Teams, says something', async () => {
    expect(await see()).toMatchObject({ id: ann.id, availability: 'Offline', activity: 'Offline' })
    expect(await set({ sessionId: appId, ...presenting, expirationDuration: 'PT1H' })).toMatchObject({
      status: 200,
      body: null,
    })
    expect(await see()).toMatchObject(presenting)
    expect((await set({ sessionId: appId }, 'clearPresence')).status).toBe(200)
    expect(await see()).toMatchObject({ availability: 'Offline' })
    await line.control('POST', '/users', { ...ann, presence: { availability: 'Busy', activity: 'InAMeeting' } })
    expect(await see()).toMatchObject({ availability: 'Busy', activity: 'InAMeeting' })
  })

  it('shows what the user prefers only while there is a session', async () => {
    const dnd = { availability: 'DoNotDisturb', activity: 'DoNotDisturb' }
    expect((await set({ ...dnd, expirationDuration: 'PT8H' }, 'setUserPreferredPresence')).status).toBe(200)
    expect(await see()).toMatchObject({ availability: 'Offline' })
    await set({ sessionId: appId, ...available })
    expect(await see()).toMatchObject(dnd)
    await set({}, 'clearUserPreferredPresence')
    expect(await see()).toMatchObject(available)
  })

  it('keeps a status message, with when it was published, until its time is over', async () => {
    const message = { content: 'Back at noon', contentType: 'text' }
    const until = (ms: number) => ({ dateTime: new Date(Date.now() + ms).toISOString().slice(0, -1), timeZone: 'UTC' })
    await set({ statusMessage: { message, expiryDateTime: until(hour) } }, 'setStatusMessage')
    expect(await see()).toMatchObject({ statusMessage: { message, publishedDateTime: expect.any(String) } })
    await set({ statusMessage: { message, expiryDateTime: until(-hour) } }, 'setStatusMessage')
    expect(await see()).toMatchObject({ statusMessage: null })
    await set({ statusMessage: { message } }, 'setStatusMessage')
    expect(await see()).toMatchObject({ statusMessage: { message } })
    await set({ statusMessage: null }, 'setStatusMessage')
    expect(await see()).toMatchObject({ statusMessage: null })
  })

  it('takes every action by its qualified name too', async () => {
    const dnd = { availability: 'DoNotDisturb', activity: 'DoNotDisturb' }
    const message = { content: 'Back at noon', contentType: 'text' }
    const steps = [
      ['setPresence', { sessionId: appId, ...available }, available],
      ['setUserPreferredPresence', dnd, dnd],
      ['clearUserPreferredPresence', {}, available],
      ['setStatusMessage', { statusMessage: { message } }, { statusMessage: { message } }],
      ['clearPresence', { sessionId: appId }, { availability: 'Offline' }],
    ] as const
    for (const [action, body, seen] of steps) {
      expect((await set(body, `microsoft.graph.${action}`)).status).toBe(200)
      expect(await see()).toMatchObject(seen)
    }
    const token = await line.appToken()
    const path = '/communications/microsoft.graph.getPresencesByUserId'
    expect((await line.graph('POST', path, { token, body: { ids: [ann.id] } })).body).toMatchObject({
      value: [{ id: ann.id }],
    })
    const own = { token: await line.userToken(ann.id), body: { statusMessage: null } }
    expect((await line.graph('POST', '/me/presence/microsoft.graph.setStatusMessage', own)).status).toBe(200)
  })

  it('knows users in capitals and without hyphens', async () => {
    const token = await line.appToken()
    for (const id of [ann.id.toUpperCase(), ann.id.replaceAll('-', ''), ann.userPrincipalName.toUpperCase()]) {
      expect((await line.graph('GET', `/users/${id}/presence`, { token })).body).toMatchObject({ id: ann.id })
    }
  })

  it.each([
    ['another session', 'setPresence', { sessionId: bob.id, ...available }, '400/BadRequest'],
    ['a pair that is none', 'setPresence', { availability: 'Busy', activity: 'Presenting' }, '400/BadRequest'],
    ['less than 5 minutes', 'setPresence', { ...available, expirationDuration: 'PT4M59S' }, '400/BadRequest'],
    ['more than 4 hours', 'setPresence', { ...available, expirationDuration: 'PT4H1S' }, '400/BadRequest'],
    ['a duration that is none', 'setPresence', { ...available, expirationDuration: '5 min' }, '400/BadRequest'],
    ['no activity', 'setPresence', { availability: 'Busy' }, '400/BadRequest'],
    ['an unknown member', 'setPresence', { ...available, mood: 'good' }, '400/BadRequest'],
    ['clearing another session', 'clearPresence', { sessionId: bob.id }, '400/BadRequest'],
    [
      'preferring an app’s pair',
      'setUserPreferredPresence',
      { availability: 'Busy', activity: 'InACall' },
      '400/BadRequest',
    ],
    [
      'an unknown type of message',
      'setStatusMessage',
      { statusMessage: { message: { contentType: 'md' } } },
      '400/BadRequest',
    ],
    [
      'a time zone that the emulator does not know',
      'setStatusMessage',
      {
        statusMessage: {
          message: {},
          expiryDateTime: { dateTime: '2030-01-01T00:00:00', timeZone: 'Eastern Standard Time' },
        },
      },
      '501/notImplemented',
    ],
  ])('refuses %s', async (_what, action, body, code) => {
    const before = await see()
    expect(codeOf(await set(body, action))).toBe(code)
    expect(await see()).toEqual(before)
  })

  it.each(['PT5M', 'PT4H', 'PT240M'])('lets a session last %s', async (expirationDuration) => {
    expect((await set({ ...available, expirationDuration })).status).toBe(200)
  })

  it('gives up to 650 people at once, each once, and leaves out those it does not know', async () => {
    const ask = async (ids: string[]) =>
      line.graph<{ value: { id: string }[] }>('POST', '/communications/getPresencesByUserId', {
        token: await line.appToken(),
        body: { ids },
      })
    const plenty = Array.from({ length: 648 }, (_, n) => `nobody${n}`)
    const { status, body } = await ask([ann.id, ann.id.toUpperCase(), ...plenty])
    expect(status).toBe(200)
    expect(body.value.map(({ id }) => id)).toEqual([ann.id])
    expect((await ask([bob.id, ann.id])).body.value).toHaveLength(2)
    expect(codeOf(await ask([...plenty, 'a', 'b', 'c']))).toBe('400/BadRequest')
    expect(codeOf(await ask([]))).toBe('400/BadRequest')
  })

  it('is not seen from another tenant at all', async () => {
    const token = await line.appToken(otherTenantId)
    expect(codeOf(await line.graph('GET', presencePath, { token }))).toBe('404/NotFound')
    const several = await line.graph('POST', '/communications/getPresencesByUserId', { token, body: { ids: [ann.id] } })
    expect(several.body).toMatchObject({ value: [] })
  })

  it('is set by a signed-in user for that user alone', async () => {
    const token = await line.userToken(bob.id, ['Presence.ReadWrite', 'Presence.Read'])
    expect((await line.graph('POST', '/me/presence/setPresence', { token, body: available })).status).toBe(200)
    expect((await line.graph('GET', '/me/presence', { token })).body).toMatchObject({ id: bob.id, ...available })
    expect(codeOf(await line.graph('POST', `${presencePath}/setPresence`, { token, body: available }))).toBe('403/7504')
    expect(codeOf(await line.graph('GET', presencePath, { token }))).toBe('403/7504')
    const reader = await line.userToken(bob.id, ['Presence.Read.All'])
    expect((await line.graph('GET', presencePath, { token: reader })).status).toBe(200)
  })

  it('stands below /communications/presences too, by the same rules', async () => {
    const path = `/communications/presences/${ann.id}`
    const token = await line.appToken()
    await set({ sessionId: appId, ...available })
    expect(await line.graph('GET', path, { token })).toMatchObject({ status: 200, body: { id: ann.id, ...available } })
    expect((await line.graph('POST', `${path}/setPresence`, { token, body: presenting })).status).toBe(200)
    expect(await see()).toMatchObject(presenting)
    expect(codeOf(await line.graph('GET', '/communications/presences/nobody', { token }))).toBe('404/NotFound')
    expect(codeOf(await line.graph('GET', path, { token: await line.appToken(otherTenantId) }))).toBe('404/NotFound')
    const reader = await line.userToken(bob.id, ['Presence.Read'])
    expect(codeOf(await line.graph('GET', path, { token: reader }))).toBe('403/7504')
    const own = `/communications/presences/${bob.id}`
    expect((await line.graph('GET', own, { token: reader })).status).toBe(200)
  })

  it('takes a user by principal name', async () => {
    const { body } = await line.graph('GET', `/users/${ann.userPrincipalName}/presence`, {
      token: await line.appToken(),
    })
    expect(body).toMatchObject({ id: ann.id })
  })
})

describe('presence in time', () => {
  const pair = fc.constantFrom(...appPairs)
  const lasting = fc.record({
    shown: pair,
    ms: fc.integer({ min: 5 * 60_000, max: 4 * hour }),
    app: fc.constantFrom('a', 'b'),
  })

  const fadedAt = (shown: { availability: string; activity: string }, ms: number) => {
    if (shown.availability !== 'Available' || ms < 5 * 60_000) return shown
    if (ms < 10 * 60_000) return { availability: 'Available', activity: 'AvailableInactive' }
    return { availability: 'Away', activity: 'Away' }
  }

  it('shows one of the sessions that have not expired, and is offline when all have', () => {
    const at = fc.integer({ min: 0, max: 5 * hour })
    fc.assert(
      fc.property(fc.array(lasting), at, (sessions, later) => {
        let now = 0
        const clock: Clock = { now: () => now, after: () => () => {} }
        const presences = createPresences(clock)
        for (const { shown, ms, app } of sessions) presences.setSession('u', app, shown, ms)
        now = later
        const last = new Map(sessions.map((session) => [session.app, session]))
        const live = [...last.values()].filter(({ ms }) => ms > later).map(({ shown }) => fadedAt(shown, later))
        const { availability, activity } = presences.see('u')
        if (live.length > 0) expect(live).toContainEqual({ availability, activity })
        else expect({ availability, activity }).toEqual({ availability: 'Offline', activity: 'Offline' })
      }),
    )
  })

  it('fades in stages while an app leaves its session Available, as presence-setpresence says', () => {
    let now = 0
    const minutes = 60_000
    const presences = createPresences({ now: () => now, after: () => () => {} })
    const at = (ms: number) => {
      now = ms
      const { availability, activity } = presences.see('u')
      return `${availability}/${activity}`
    }
    presences.setSession('u', 'a', available, hour)
    expect([5 * minutes - 1, 5 * minutes, 10 * minutes - 1, 10 * minutes].map(at)).toEqual([
      'Available/Available',
      'Available/AvailableInactive',
      'Available/AvailableInactive',
      'Away/Away',
    ])
    // Another session that is not idle counts more, and setting it again begins anew.
    presences.setSession('u', 'b', available, hour)
    expect(at(14 * minutes)).toBe('Available/Available')
    presences.clearSession('u', 'b')
    presences.setSession('u', 'a', available, hour)
    expect(at(18 * minutes)).toBe('Available/Available')
    expect(at(19 * minutes)).toBe('Available/AvailableInactive')
    presences.setPreferred('u', { availability: 'BeRightBack', activity: 'BeRightBack' }, hour)
    expect(at(30 * minutes)).toBe('BeRightBack/BeRightBack')
    presences.clearPreferred('u')
    presences.setSession('u', 'c', { availability: 'Busy', activity: 'InACall' }, hour)
    expect(at(80 * minutes)).toBe('Busy/InACall')
    expect(at(14 * minutes + hour + 16 * minutes)).toBe('Offline/Offline')
    presences.setOwn('u', available)
    expect(at(200 * minutes)).toBe('Available/Available')
  })

  it('forgets what was preferred when its time is over', () => {
    const [first = presenting] = appPairs
    const [, busy = presenting] = preferredPairs
    const state = { sessions: new Map([['a', { ...first, until: null }]]), preferred: { ...busy, until: 10 } }
    expect(shownAt(state, 9)).toEqual(busy)
    expect(shownAt(state, 10)).toEqual(first)
  })

  it.each([
    ['PT5M', 300_000],
    ['PT4H', 4 * hour],
    ['P1DT1H', 25 * hour],
    ['PT1.5S', 1500],
    ['P', null],
    ['PT', null],
    ['P1DT', null],
    ['5', null],
    ['-PT5M', null],
    ['PT5M ', null],
  ])('reads the duration %s', (text, ms) => expect(isoDurationMs(text)).toBe(ms))
})
