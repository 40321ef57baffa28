import { expect } from 'vitest'
import { json } from '#ground/json.ts'
import type { Method } from '../graph/operation.ts'
import type { SettingsInput } from '../settings.ts'
import { allCallPermissions } from '../settings.ts'
import type { Meeting } from '../world/meetings.ts'
import type { CallView } from '../world/views.ts'
import { wav } from './testBot.ts'
import { contractIsThere, wrongInEmitted } from './testContract.ts'
import { type Answer, accessTokenIn, askOf, askTokenOf, openInProcess, type Request } from './testInProcess.ts'
import { answer, appId, john, publicUrl, serviceHosted, tenantId, testApp } from './testLine.ts'
import { allApplicationPermissions, allScopes, ann, bob } from './testResources.ts'

/** An emulator in process and in virtual time, and calls brought into whatever state a request needs. For this room's tests. */

/** A notification as the webhook heard it. */
export type Told = { path: string; body: unknown; at: number }
/** One element of what it says. */
export type News = { changeType: string; resourceUrl: string; resourceData: Record<string, unknown> | Data[] }
type Data = Record<string, unknown>

/** What stands in the place of the names in a path: `{id}`, `{participantId}` … */
export type Ids = Record<string, string>

export const callback = `${publicUrl}/api/callback`
export const instance = { applicationInstance: { id: 'e5d39592-99bd-4db8-bca8-30fb894ec51d' } }
export const invitation = (identity: object, more: object = {}) => ({
  '@odata.type': '#microsoft.graph.invitationParticipantInfo',
  identity: { '@odata.type': '#microsoft.graph.identitySet', ...identity },
  ...more,
})
export const outgoing = (more: object) => ({
  '@odata.type': '#microsoft.graph.call',
  callbackUri: callback,
  requestedModalities: ['audio'],
  mediaConfig: serviceHosted,
  ...more,
})
export const appHosted = { '@odata.type': '#microsoft.graph.appHostedMediaConfig', blob: 'blob' }
export const groupOf = (more: object = {}) =>
  outgoing({ targets: [ann, bob].map(({ id, displayName }) => invitation({ user: { id, displayName } })), ...more })

export const fullApp = { ...testApp, permissions: [...allCallPermissions, ...allApplicationPermissions] }

/** How the webhook answers: its status, and for policy recording the body. */
type AnswerNews = (body: unknown) => { status: number; text?: string }
const accept: AnswerNews = () => ({ status: 202 })

export function openStates(settings: Partial<SettingsInput> = {}) {
  const heard: Told[] = []
  const files = new Map<string, { status: number; bytes: Uint8Array }>()
  let answerNews = accept
  const local = 'http://127.0.0.1:1'
  const addresses = { [publicUrl]: local, 'https://bot.contoso.com': local, 'https://cdn.contoso.com': local }
  const line = openInProcess(
    async (url, { body }) => {
      const told = { path: new URL(url).pathname, body: json(body), at: line.clock.now() }
      heard.push(told)
      return answerNews(told.body)
    },
    { apps: [fullApp], addresses, ...settings },
    {
      fetchMedia: async (url) => ({
        ...(files.get(new URL(url).pathname) ?? { status: 200, bytes: wav({ ms: 1000 }) }),
        text: null,
      }),
    },
  )
  const { clock, server } = line
  const advance = (ms = 3000) => clock.advance(ms)
  const requests = requestsTo(line)
  const begun = beginnings({ ...requests, advance })
  const states = { ...begun, ...endings({ ...requests, ...begun, advance, clock, heard }) }

  return {
    clock,
    server,
    heard,
    files,
    advance,
    states,
    ...requests,
    answerNewsBy(how: AnswerNews) {
      answerNews = how
    },
    /** As new, for the next test. */
    async reset() {
      await requests.control('DELETE', '')
      await advance(1000)
      heard.length = 0
      files.clear()
      answerNews = accept
    },
    close: () => server.close(),
  }
}
export type States = ReturnType<typeof openStates>

type InProcess = ReturnType<typeof openInProcess>
async function done(asked: Promise<Answer>, status: number): Promise<Data> {
  const reply = await asked
  expect(reply.status, JSON.stringify(reply.body)).toBe(status)
  return (reply.body ?? {}) as Data // of Graph; what matters in it is looked at
}

type Who = { app?: string; tenant?: string }

/** What can be asked of the emulator: by the control API, for tokens, and of Graph with them. */
function requestsTo({ server, clock }: InProcess) {
  const ask = (method: Method, url: string, request?: Request) => askOf(server, method, url, request)

  async function control<T = Data>(method: Method, path: string, body?: unknown): Promise<T> {
    const { status, body: answered } = await ask(method, `/emulator${path}`, { body })
    if (status >= 300) throw new Error(`the emulator refused ${method} ${path}: ${JSON.stringify(answered)}`)
    return answered as T // the control API's own answer; its tests check it
  }

  const askToken = (fields?: Record<string, string>, tenant?: string) => askTokenOf(server, fields, tenant)

  const tokens = new Map<string, { token: string; until: number }>()
  /** An application's token. Signing is dear, so it is used again for a virtual minute. */
  async function appToken(app = appId, tenant = tenantId): Promise<string> {
    const known = tokens.get(`${app} ${tenant}`)
    if (known && known.until > clock.now()) return known.token
    const token = accessTokenIn(await askToken({ client_id: app }, tenant))
    tokens.set(`${app} ${tenant}`, { token, until: clock.now() + 60_000 })
    return token
  }
  const userToken = async (userId: string, scopes: readonly string[] = allScopes): Promise<string> =>
    (await control<{ access_token: string }>('POST', '/tokens', { userId, scopes })).access_token

  /** A request to Graph with an application's token. */
  const graph = async (method: Method, path: string, body?: unknown, { app, tenant }: Who = {}): Promise<Answer> =>
    ask(method, `/v1.0${path}`, { body, token: await appToken(app, tenant) })
  const onCalls = (method: Method, path: string, body?: unknown, who?: Who): Promise<Answer> =>
    graph(method, `/communications/calls${path}`, body, who)

  const view = (id: string) => control<CallView>('GET', `/calls/${id}`)
  /** The participants of a call that are not the bot. */
  const peopleIn = async (id: string): Promise<string[]> =>
    (await view(id)).participants.filter(({ callId }) => callId === null).map((one) => one.id)
  const selfIn = async (id: string): Promise<string> =>
    (await view(id)).participants.find(({ callId }) => callId === id)?.id ?? ''

  return { ask, askToken, appToken, userToken, control, graph, onCalls, done, view, peopleIn, selfIn }
}
type Tools = ReturnType<typeof requestsTo> & { advance: (ms?: number) => Promise<void> }

/** People, a meeting, and calls that have begun. */
function beginnings({ control, onCalls, advance }: Tools) {
  const states = {
    /** Ann and Bob have accounts; Ann's Teams is open. */
    async users() {
      const presence = { availability: 'Available', activity: 'Available' }
      for (const user of [ann, bob]) await control('POST', '/users', { ...user, presence })
    },
    meeting: (more: object = {}) =>
      control<Meeting>('POST', '/meetings', { organizer: { id: ann.id, displayName: 'Ann' }, ...more }),
    /** Somebody calls the bot, which has not answered. */
    async incoming(more: object = {}): Promise<string> {
      const { id } = await control<CallView>('POST', '/calls', { from: john, ...more })
      await advance(10)
      return id
    },
    /** The bot has answered, and is not connected. */
    async establishing(more: object = {}): Promise<string> {
      const id = await states.incoming(more)
      await done(onCalls('POST', `/${id}/answer`, { ...answer, callbackUri: callback }), 202)
      return id
    },
    /** Between a person and the bot, who hear each other. `body` is of the answer. */
    async established(more: object = {}, body: object = {}, who: { app?: string } = {}): Promise<string> {
      const id = await states.incoming({ ...(who.app && { appId: who.app }), ...more })
      await done(onCalls('POST', `/${id}/answer`, { ...answer, callbackUri: callback, ...body }, who), 202)
      await advance(1000)
      return id
    },
    /** A call that the bot makes, and that has been taken. */
    async made(body: object): Promise<string> {
      const { id } = await done(onCalls('POST', '', body), 201)
      await advance()
      return String(id)
    },
    /** The bot, Ann and Bob. */
    group: (more: object = {}) => states.made(groupOf(more)),
  }
  return states
}

type Begun = Tools & ReturnType<typeof beginnings> & { clock: InProcess['clock']; heard: readonly Told[] }

/** Calls that are about to end in one way or another. */
function endings({ control, onCalls, advance, clock, heard, incoming, established }: Begun) {
  const states = {
    /** A recording of this call ends: where it is fetched, and with which token. */
    async recorded(id: string): Promise<{ path: string; token: string }> {
      await done(onCalls('POST', `/${id}/recordResponse`, { playBeep: false, stopTones: ['#'] }), 200)
      await advance(500)
      await control('POST', `/calls/${id}/tones`, { tones: '#' })
      await advance(500)
      const ended = heard.flatMap(newsIn).findLast(({ resourceUrl }) => resourceUrl.includes('/operations/'))
      const { recordingLocation, recordingAccessToken } = (ended?.resourceData ?? {}) as Data // its notification is checked after the test
      return { path: new URL(String(recordingLocation)).pathname, token: String(recordingAccessToken) }
    },
    async transferring(): Promise<string> {
      const id = await established({ transfers: 'ask' })
      await done(onCalls('POST', `/${id}/transfer`, { transferTarget: invitation({ user: { id: ann.id } }) }), 202)
      await advance(1000)
      return id
    },
    /** The one whom the call is transferred to took it just now; in a moment the call is over. */
    async transferAccepted(): Promise<string> {
      const id = await established()
      await done(onCalls('POST', `/${id}/transfer`, { transferTarget: invitation({ user: { id: ann.id } }) }), 202)
      await clock.runUntil(() => heard.some(({ body }) => JSON.stringify(body).includes('"transferAccepted"')), 10_000)
      return id
    },
    /** A redirect rings at somebody who thinks about it. */
    async redirecting(): Promise<string> {
      await control('POST', '/people', { id: ann.id, onCall: 'ask' })
      const id = await incoming()
      await done(onCalls('POST', `/${id}/redirect`, { targets: [invitation({ user: { id: ann.id } })] }), 202)
      return id
    },
    async terminating(): Promise<string> {
      const id = await established()
      await done(onCalls('DELETE', `/${id}`), 204)
      return id
    },
    async terminated(): Promise<string> {
      const id = await states.terminating()
      await advance(1000)
      return id
    },
  }
  return states
}

/** The elements of a notification; none of the old Skype form. */
export const newsIn = ({ body }: Told): News[] => (body as { value?: News[] }).value ?? [] // what the emulator sent

/** That all of what the emulator sent is as the contract wants it. The old Skype form is no notification of Graph. */
export function expectRightNotifications(heard: Told[]): void {
  if (!contractIsThere) return
  for (const told of heard) {
    if (newsIn(told).length === 0 || isOfPolicyRecording(told)) continue
    expect(wrongInEmitted(told.body)).toBeNull()
  }
}

/** Their form is our choice, and not in that schema (policyRecording.ts); sequences.test.ts holds them against their types. */
const isOfPolicyRecording = (told: Told) =>
  newsIn(told).some(
    ({ resourceData }) =>
      !Array.isArray(resourceData) &&
      /participant(Joining|Left)Notification$/.test(String(resourceData['@odata.type'])),
  )
