import {
  AuthenticationHandler,
  Client,
  type Context,
  GraphError,
  type Middleware,
  RedirectHandler,
  RetryHandler,
  TelemetryHandler,
} from '@microsoft/microsoft-graph-client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { allCallPermissions } from '#emulator/settings.ts'
import { wav } from '#emulator/testing/testBot.ts'
import {
  answer,
  appId,
  otherTenantId,
  prompts,
  publicUrl,
  serviceHosted,
  tenantId,
} from '#emulator/testing/testLine.ts'
import {
  allApplicationPermissions,
  ann,
  bob,
  type ResourceLine,
  startResources,
} from '#emulator/testing/testResources.ts'

/** Microsoft's own client from npm drives the emulator over HTTP, and reads what it answers without loss. */

const graphOrigin = 'https://graph.microsoft.com'

let line: ResourceLine
let client: Client
beforeAll(async () => {
  line = await startResources({}, { permissions: [...allCallPermissions, ...allApplicationPermissions] })
  line.line.bot.files.set('/hello.wav', { bytes: wav(), text: 'Hello' })
  client = microsoftClient(line.line.emulatorOrigin, () => line.appToken())
})
afterAll(() => line.close())

/**
 * The client as it comes, with its own middleware. It sends tokens to https only, and to hosts it knows; so it believes that it talks
 * to Graph, and only the last of its chain, which makes the exchange, goes to this machine instead.
 */
function microsoftClient(emulatorOrigin: string, getAccessToken: () => Promise<string>): Client {
  const exchange: Middleware = {
    async execute(context: Context) {
      const url = String(context.request)
      if (!url.startsWith(`${graphOrigin}/`)) throw new Error(`unexpected address: ${url}`)
      context.response = await fetch(url.replace(graphOrigin, emulatorOrigin), context.options)
    },
  }
  return Client.initWithMiddleware({
    middleware: [
      new AuthenticationHandler({ getAccessToken }),
      new RetryHandler(),
      new RedirectHandler(),
      new TelemetryHandler(),
      exchange,
    ],
  })
}

type Verb = 'get' | 'post' | 'patch' | 'delete'
/** What the client gives is typed `any`; these are the parts that the tests go on with. */
type Answer = {
  id: string
  state: string
  value: { id: string; info: { identity: Record<string, { id: string }> } }[]
} & Record<string, unknown>

/** What goes through the client, and what the emulator noted of it. `client.api` has the same signature for all verbs that we use. */
async function exchange(verb: Verb, path: string, body?: unknown, by = client) {
  const before = (await line.line.requests()).at(-1)?.n ?? 0
  const outcome: { returned?: unknown; error?: unknown } = await by
    .api(path)
    [verb](body)
    .then(
      (returned) => ({ returned }),
      (error: unknown) => ({ error }),
    )
  // It is noted once the answer is out.
  const record = await vi.waitFor(async () => {
    const made = (await line.line.requests(`after=${before}`)).findLast(
      (one) =>
        one.kind === 'request' && one.path === `/v1.0${path}` && (one.status ?? 0) < 300 === 'returned' in outcome,
    )
    if (made?.kind !== 'request') throw new Error(`${verb} ${path} was not noted`, { cause: outcome.error })
    return made
  }, 5_000)
  expect(record.method).toBe(verb.toUpperCase())
  return { ...outcome, ...record }
}

/** Asks by the client, and expects it to return exactly what the emulator answered. */
async function ask(verb: Verb, path: string, body?: unknown): Promise<Answer> {
  const { returned, error, response } = await exchange(verb, path, body)
  expect(error).toBeUndefined()
  if (returned instanceof ReadableStream) {
    // What it gives for an answer without a type, such as the empty one of an action without a result.
    expect([await new Response(returned).text(), response]).toEqual(['', null])
  } else {
    expect(returned ?? null).toStrictEqual(response)
  }
  return returned as Answer // whose parts the tests look at
}

/** Asks for what is refused, and expects all that the emulator said in the error. */
async function refused(verb: Verb, path: string, body?: unknown, by = client) {
  const { error, status, response } = await exchange(verb, path, body, by)
  if (!(error instanceof GraphError)) throw new Error(`${verb} ${path} was not refused`, { cause: error })
  expect(error.statusCode).toBe(status)
  expect({ error: JSON.parse(error.body) }).toStrictEqual(response)
  expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/)
  expect(error.requestId).toBe(error.headers?.get('request-id'))
  return `${error.statusCode}/${error.code}`
}

const calls = '/communications/calls'
const eve = { id: 'd7b5c0b4-5c5e-4d0a-9df3-1a0c7a3c1a55', displayName: 'Eve' }
const person = ({ id, displayName }: typeof bob) => ({
  '@odata.type': '#microsoft.graph.invitationParticipantInfo',
  identity: {
    '@odata.type': '#microsoft.graph.identitySet',
    user: { '@odata.type': '#microsoft.graph.identity', id, displayName },
  },
})
const newCall = (targets: object[]) => ({
  '@odata.type': '#microsoft.graph.call',
  callbackUri: `${publicUrl}/api/calls`,
  requestedModalities: ['audio'],
  mediaConfig: serviceHosted,
  tenantId,
  targets,
})
const clientContext = () => ({ clientContext: crypto.randomUUID() })
const active = (id: string) => line.line.until(id, (entry) => entry.kind === 'state' && entry.audio === 'active')

describe("Microsoft's own client", () => {
  it('answers a call, speaks, hears keys, and hangs up', async () => {
    const id = await line.line.dial()
    const call = `${calls}/${id}`
    expect(await ask('get', call)).toMatchObject({ id, state: 'incoming', direction: 'incoming' })
    await ask('post', `${call}/answer`, { callbackUri: `${publicUrl}/api/calls`, ...answer })
    await active(id)
    expect(await ask('get', call)).toMatchObject({ state: 'established', mediaState: { audio: 'active' } })

    const context = clientContext()
    const playing = await ask('post', `${call}/playPrompt`, { prompts: prompts('/hello.wav'), ...context })
    expect(playing).toMatchObject({ ...context, status: 'running' })
    expect(await ask('post', `${call}/subscribeToTone`, clientContext())).toMatchObject({ status: 'completed' })
    await line.line.until(id, (entry) => entry.kind === 'promptEnded')
    expect(await ask('get', `${call}/operations/${playing.id}`)).toMatchObject({ ...context, status: 'completed' })
    await line.line.request('POST', `/emulator/calls/${id}/tones`, { tones: '1' })
    expect(await line.line.until(id, (entry) => entry.kind === 'tone')).toMatchObject({ tone: '1', heard: true })

    await ask('post', `${call}/keepAlive`)
    await ask('delete', call)
    await line.line.until(id, (entry) => entry.kind === 'ended')
    expect(await refused('get', call)).toMatch(/^404\//)
  })

  it('calls a person', async () => {
    await line.control('POST', '/people', { id: bob.id, onCall: 'accept' })
    const made = await ask('post', calls, newCall([person(bob)]))
    expect(made).toMatchObject({ state: 'establishing', direction: 'outgoing', targets: [person(bob)] })
    await active(made.id)
    await ask('delete', `${calls}/${made.id}`)
  })

  it('calls several, sees who is there, invites, mutes and removes', async () => {
    for (const { id } of [ann, bob, eve]) await line.control('POST', '/people', { id, onCall: 'accept' })
    const { id } = await ask('post', calls, newCall([person(ann), person(bob)]))
    const participants = `${calls}/${id}/participants`
    const present = async () => (await line.line.view(id)).participants
    await vi.waitFor(async () => expect(await present()).toHaveLength(3), 5_000)

    const invitation = { participants: [person(eve)], ...clientContext() }
    expect(await ask('post', `${participants}/invite`, invitation)).toMatchObject({ status: 'running' })
    await vi.waitFor(async () => expect(await present()).toHaveLength(4), 5_000)

    const { value } = await ask('get', participants)
    const ids = value.map(({ info: { identity } }) => (identity.application ?? identity.user)?.id)
    expect(ids).toEqual([appId, ann.id, bob.id, eve.id])
    const guest = `${participants}/${value.at(-1)?.id}`
    expect(await ask('get', guest)).toMatchObject({ isMuted: false })
    expect(await ask('post', `${guest}/mute`, clientContext())).toMatchObject({ status: 'completed' })
    expect(await ask('get', guest)).toMatchObject({ isMuted: true })
    await ask('delete', guest)
    await vi.waitFor(async () => expect(await present()).toHaveLength(3), 5_000)

    await ask('post', `${calls}/${id}/mute`, clientContext())
    await ask('post', `${calls}/${id}/unmute`, clientContext())
    await ask('delete', `${calls}/${id}`)
  })

  it('makes an online meeting, reads, changes and deletes it', async () => {
    const meetings = `/users/${ann.id}/onlineMeetings`
    const made = await ask('post', meetings, {
      subject: 'Überblick – “Q3” 😀',
      startDateTime: '2026-07-12T14:30:34.2444915-07:00',
      endDateTime: '2026-07-12T15:00:34.2464912-07:00',
    })
    const one = `${meetings}/${made.id}`
    expect(await ask('get', one)).toMatchObject({ id: made.id, subject: 'Überblick – “Q3” 😀' })
    expect(await ask('patch', one, { subject: 'Later' })).toMatchObject({ subject: 'Later' })
    await ask('delete', one)
    expect(await refused('get', one)).toBe('404/NotFound')
  })

  it('shows and sets presence', async () => {
    const presence = `/users/${ann.id}/presence`
    const busy = { availability: 'Busy', activity: 'InACall' }
    await ask('post', `${presence}/setPresence`, { sessionId: appId, ...busy, expirationDuration: 'PT1H' })
    expect(await ask('get', presence)).toMatchObject({ id: ann.id, ...busy })
    const ids = [ann.id, bob.id]
    const both = await ask('post', '/communications/getPresencesByUserId', { ids })
    expect(both.value.map(({ id }) => id)).toEqual(ids)
    await ask('post', `${presence}/clearPresence`, { sessionId: appId })
  })

  it('is told why it is refused', async () => {
    const id = await line.line.dial()
    const call = `${calls}/${id}`
    expect(await refused('post', `${call}/playPrompt`, { prompts: prompts('/hello.wav') })).toBe('400/8501')
    expect(await refused('post', calls, { callbackUri: 'nowhere' })).toBe('400/8523')
    expect(await refused('get', `${calls}/${crypto.randomUUID()}`)).toBe('404/8522')
    const foreign = microsoftClient(line.line.emulatorOrigin, () => line.appToken(otherTenantId))
    expect(await refused('get', call, undefined, foreign)).toBe('403/7505')
    const unknown = microsoftClient(line.line.emulatorOrigin, async () => 'no token')
    expect(await refused('delete', call, undefined, unknown)).toBe('401/7501')
  })

  it('waits as long as it is told when there are too many requests, and gets through', async () => {
    const id = await line.line.dialAndAnswer()
    await line.control('POST', '/faults', { operation: 'call-keepalive', status: 429, retryAfterSeconds: 1 })
    const asked = Date.now()
    await ask('post', `${calls}/${id}/keepAlive`)
    expect(Date.now() - asked).toBeGreaterThanOrEqual(990)
  })
})
