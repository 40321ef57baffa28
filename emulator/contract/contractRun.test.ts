import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Method } from '../graph/operation.ts'
import { contractIsThere, contractValidator, readContract } from '../testing/testContract.ts'
import type { Answer } from '../testing/testInProcess.ts'
import { appId, tenantId } from '../testing/testLine.ts'
import { allScopes, ann, appPackage, bob } from '../testing/testResources.ts'
import {
  appHosted,
  callback,
  expectRightNotifications,
  fullApp,
  groupOf,
  type Ids,
  instance,
  openStates,
  type States,
} from '../testing/testStates.ts'

/**
 * Every documented request of operations.json, sent to the emulator in the state that it needs; and every body of
 * negative-requests.json, which it refuses without anything changing.
 */

type Body = Record<string, unknown>
type Example = {
  example: string
  request: { method: Method; url: string; headers: Record<string, string>; body: Body | null }
  response?: { status: number; headers?: Record<string, string> }
}
type Operation = {
  name: string
  method: Method
  path: string
  version: string
  permissions: string[]
  permissionsDelegated: string[]
  successStatus: number
  otherSuccessStatus?: number[]
  requestSchema: string | null
  responseSchema: string | null
  examples?: Example[]
}
type Negative = { name: string; operation: string; why: string; body: Body }

const operations: Operation[] = contractIsThere
  ? readContract('operations.json').filter(({ version }: Operation) => version === 'v1.0')
  : []
const negatives: Negative[] = contractIsThere ? readContract('negative-requests.json') : []

/** Tenants and applications that the examples name live in this emulator, so that their bodies need not be changed. */
const tenantsOfExamples = ['86dc81db-c112-4228-9222-63f3esaa1edb', 'aa67bd4c-8475-432d-bd41-39f255720e0a']
const appsOfExamples = ['dd3885da-f9ab-486b-bfae-85de3d445555', '22553876-f5ab-4529-bffb-cfe50aa89f87']

/** What a documented body cannot keep: ids of what has to exist here, and a placeholder for an address. By operation and member. */
const replacements: Record<string, (documented: unknown, ids: Ids) => unknown> = {
  // Two examples print this placeholder, and so fail the request schema (README of the contract).
  'call-answer callbackUri': (uri) => (uri === 'callbackUri-value' ? callback : uri),
  'call-transfer replacesCallId': (_, { otherCallId }) => otherCallId,
  'call-transfer participantId': (_, { participantId }) => participantId,
  'participant-invite replacesCallId': (_, { otherCallId }) => otherCallId,
  'participant-invite participantId': (_, { otherParticipantId }) => otherParticipantId,
  'call-post-audioroutinggroups sources': (_, { participantId }) => [participantId],
  'call-post-audioroutinggroups receivers': (_, { selfId }) => [selfId],
  'audioroutinggroup-update sources': (_, { participantId }) => [participantId],
  'audioroutinggroup-update receivers': (_, { selfId, thirdId }) => [selfId, thirdId],
}

function withIds(operation: string, value: unknown, ids: Ids): unknown {
  if (Array.isArray(value)) return value.map((one) => withIds(operation, one, ids))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([member, one]) => {
      const replace = replacements[`${operation} ${member}`]
      return [member, replace ? replace(one, ids) : withIds(operation, one, ids)]
    }),
  )
}

/** Documented bodies that lack an example, each of which the request schema takes. */
const bodiesWithoutExample: Record<string, unknown> = {
  'call-updaterecordingstatus': { status: 'recording', clientContext: 'a context' },
  'presence-clearpresence': { sessionId: appId },
  'presence-clearuserpreferredpresence': {},
  'presence-setstatusmessage': { statusMessage: { message: { content: 'Away', contentType: 'text' } } },
}

/** Sent instead of a body that the pages describe only. */
const packageWithBot = (more: object = {}) =>
  Buffer.from(appPackage({ bots: [{ botId: 'bb9f67a4-893b-48d7-ab17-40ed466c0f16' }], ...more }))

describe.skipIf(!contractIsThere)('the contract', () => {
  let line: States
  beforeAll(() => {
    const otherTenants = [...fullApp.otherTenants, ...tenantsOfExamples]
    line = openStates({
      apps: [fullApp.appId, ...appsOfExamples].map((id) => ({ ...fullApp, otherTenants, appId: id })),
    })
  })
  afterEach(async () => {
    await line.advance()
    expectRightNotifications(line.heard)
    await line.reset()
  })
  afterAll(() => line.close())

  /** What a request finds: names for its path, and what the examples leave open. */
  type Found = {
    ids?: Ids
    body?: unknown
    headers?: Record<string, string>
    query?: (query: string) => string
    /** The path where it is not that of the operation. */
    path?: string
    token?: string
  }

  const established = async (): Promise<Found> => ({ ids: { id: await line.states.established() } })
  const group = async (body = groupOf()): Promise<Found & { ids: Ids }> => {
    const id = await line.states.made(body)
    const [participantId = '', thirdId = ''] = await line.peopleIn(id)
    return { ids: { id, participantId, thirdId, selfId: await line.selfIn(id) } }
  }
  const incoming = async (): Promise<Found> => ({ ids: { id: await line.states.incoming({ to: instance }) } })
  /** In a group where one body names a participant of its own, between two otherwise; and a second call, if one is to be replaced. */
  const withOther = async (body: Body | null, needsGroup: boolean): Promise<Found> => {
    const { ids } = needsGroup ? await group() : { ids: { id: await line.states.established({ to: instance }) } }
    if (!JSON.stringify(body).includes('replacesCallId')) return { ids }
    const otherCallId = await line.states.established()
    const [otherParticipantId = ''] = await line.peopleIn(otherCallId)
    return { ids: { ...ids, otherCallId, otherParticipantId } }
  }
  const routed = async (): Promise<Found> => {
    const found = await group()
    const { id = '', participantId, selfId } = found.ids
    const body = { id: 'oneToOne', routingMode: 'oneToOne', sources: [participantId], receivers: [selfId] }
    await line.done(line.onCalls('POST', `/${id}/audioRoutingGroups`, body), 200)
    return { ids: { ...found.ids, groupId: 'oneToOne' } }
  }
  const sharing = async (): Promise<Found> => {
    const found = await group()
    const { conversation } = await line.view(found.ids.id ?? '')
    const path = `/conversations/${conversation.id}`
    await line.control('POST', `${path}/participants/${found.ids.participantId}`, { action: 'share' })
    const { contentSharing } = await line.control<{ contentSharing: string[] }>('GET', path)
    return { ids: { ...found.ids, sessionId: contentSharing[0] ?? '' } }
  }
  const scheduled = async (): Promise<Found & { ids: Ids }> => {
    await line.states.users()
    const times = { startDateTime: '2030-01-02T10:00:00Z', endDateTime: '2030-01-02T11:00:00Z' }
    const { id } = await line.states.meeting(times)
    const add = async (kind: string, body: object) =>
      String((await line.control('POST', `/meetings/${encodeURIComponent(id)}/${kind}`, body)).id)
    const transcriptId = await add('transcripts', { content: 'WEBVTT\n\n' })
    const recordingId = await add('recordings', { contentBase64: Buffer.from('video').toString('base64') })
    const person = { identity: { id: ann.id }, attendanceIntervals: [] }
    const reportId = await add('attendanceReports', {
      meetingStartDateTime: times.startDateTime,
      meetingEndDateTime: times.endDateTime,
      attendanceRecords: [person],
    })
    return { ids: { userId: ann.id, meetingId: id, transcriptId, recordingId, reportId } }
  }
  const person = async (): Promise<Found> => {
    await line.states.users()
    return { ids: { userId: ann.id } }
  }
  const zip = { 'content-type': 'application/zip' }
  const publish = async (query = ''): Promise<Found & { ids: Ids }> => {
    await line.states.users()
    const token = await line.userToken(ann.id)
    const path = '/v1.0/appCatalogs/teamsApps'
    const { id } = await line.done(line.ask('POST', path + query, { token, headers: zip, body: packageWithBot() }), 201)
    return { ids: { id: String(id) }, token, headers: zip, body: packageWithBot({ version: '1.0.2' }) }
  }

  /** The state that each operation needs. */
  const prepare: Record<string, (example: Example['request']) => Promise<Found>> = {
    async 'create-call'({ body }) {
      const {
        chatInfo,
        meetingInfo,
        tenantId: tenant,
      } = (body ?? {}) as {
        chatInfo?: { threadId: string }
        meetingInfo?: { joinMeetingId?: string; passcode?: string | null; organizer?: { user: { id: string } } }
        tenantId?: string
      } // as documented
      if (!meetingInfo) return {}
      const { joinMeetingId, passcode } = meetingInfo
      await line.states.meeting({
        ...(tenant && { tenantId: tenant }),
        ...(chatInfo && { threadId: chatInfo.threadId }),
        ...(joinMeetingId && { joinMeetingId, passcode }),
        organizer: { id: meetingInfo.organizer?.user.id ?? ann.id },
      })
      return {}
    },
    'call-get': established,
    'call-delete': established,
    'call-keepalive': established,
    'call-answer': incoming,
    'call-reject': incoming,
    'call-redirect': incoming,
    'call-transfer': ({ body }) => withOther(body, Boolean(body?.transferee)),
    'call-playprompt': established,
    'call-recordresponse': established,
    'recording-download': async () => line.states.recorded(await line.states.established()),
    'call-subscribetotone': established,
    'call-cancelmediaprocessing': established,
    'call-senddtmftones': established,
    'call-mute': () => group(),
    'call-unmute': () => group(),
    'call-changescreensharingrole': () => group(groupOf({ mediaConfig: appHosted })),
    'call-updaterecordingstatus': () => group(),
    'call-addlargegalleryview': () => group(),
    'call-logteleconferencedevicequality': async () => ({}),
    'call-list-participants': () => group(),
    'participant-get': () => group(),
    'participant-invite': ({ body }) =>
      withOther(body, Array.isArray(body?.participants) && body.participants.length > 1),
    'participant-mute': () => group(),
    'participant-delete': () => group(),
    'participant-startholdmusic': () => group(),
    async 'participant-stopholdmusic'() {
      const found = await group()
      const { id, participantId } = found.ids
      await line.done(line.onCalls('POST', `/${id}/participants/${participantId}/startHoldMusic`, {}), 202)
      await line.advance(500)
      return found
    },
    async 'call-get-operation'() {
      const id = await line.states.established()
      const body = { prompts: [{ '@odata.type': '#microsoft.graph.mediaPrompt', mediaInfo: { uri: callback } }] }
      const operation = await line.done(line.onCalls('POST', `/${id}/playPrompt`, body), 200)
      return { ids: { id, operationId: String(operation.id) } }
    },
    'call-list-audioroutinggroups': routed,
    'call-post-audioroutinggroups': () => group(),
    'audioroutinggroup-get': routed,
    'audioroutinggroup-update': routed,
    'audioroutinggroup-delete': routed,
    'call-list-contentsharingsessions': sharing,
    'contentsharingsession-get': sharing,

    'onlinemeeting-create': person,
    'onlinemeeting-createorget': person,
    async 'onlinemeeting-get'() {
      const found = await scheduled()
      const [meeting] = await line.control<{ joinWebUrl: string }[]>('GET', '/meetings')
      const value = encodeURIComponent(meeting?.joinWebUrl ?? '')
      return { ...found, query: (query) => query.replace(/'.*'/, `'${value}'`) }
    },
    async 'onlinemeeting-list-by-vtcid'() {
      await scheduled()
      const [meeting] = await line.control<{ videoTeleconferenceId: string }[]>('GET', '/meetings')
      return { query: (query) => query.replace('123456789', meeting?.videoTeleconferenceId ?? '') }
    },
    'onlinemeeting-update': scheduled,
    'onlinemeeting-delete': scheduled,
    'meetingattendancereport-list': scheduled,
    'meetingattendancereport-get': scheduled,
    'attendancerecord-list': scheduled,
    'onlinemeeting-list-transcripts': scheduled,
    'calltranscript-get': scheduled,
    'calltranscript-get-content': scheduled,
    'onlinemeeting-list-recordings': scheduled,
    'callrecording-get': scheduled,
    'callrecording-get-content': scheduled,
    getpresencesbyuserid: person,
    'presence-get': person,
    'presence-setpresence': person,
    'presence-clearpresence': person,
    'presence-setuserpreferredpresence': person,
    'presence-clearuserpreferredpresence': person,
    'presence-setstatusmessage': person,
    async 'teamsapp-list'() {
      const { ids } = await publish()
      return { query: (query) => query.replace('b1c5353a-7aca-41b3-830f-27d5218fe0e5', ids.id ?? '') }
    },
    async 'teamsapp-publish'({ method }) {
      if (method === 'POST') return { ...(await person()), headers: zip, body: packageWithBot() }
      // Its third example approves what waits for review.
      const { ids, token } = await publish('?requiresReview=true')
      const list = await line.ask('GET', '/v1.0/appCatalogs/teamsApps?$expand=appDefinitions', token ? { token } : {})
      const { value } = list.body as { value: { appDefinitions: { id: string; '@odata.etag': string }[] }[] } // appCatalog.test.ts checks it
      const definition = value[0]?.appDefinitions[0]
      return {
        path: `/appCatalogs/teamsApps/${ids.id}/appDefinitions/${definition?.id}`,
        headers: { 'if-match': definition?.['@odata.etag'] ?? '' },
      }
    },
    'teamsapp-update': () => publish(),
    'teamsapp-delete': () => publish(),
  }

  const hit = new Set<string>()

  /** The documented address with what is there in place of what it names: beta becomes v1.0, spellings stay. */
  function addressOf({ path }: Operation, url: string, { ids = {}, query, path: other }: Found): string {
    const [documented = '', search = ''] = url.replace(/^https:\/\/graph\.microsoft\.com\/(v1\.0|beta)/, '').split('?')
    const isMine = documented.startsWith('/me/')
    const names = path.replace('/users/{userId}', isMine ? '/me' : '/users/{userId}').split('/')
    const parts = documented.split('/').map((part, place) => {
      const name = /^\{(\w+)\}$/.exec(names[place] ?? '')?.[1]
      return name ? encodeURIComponent(ids[name] ?? `no ${name}`) : part
    })
    const asked = search && `?${query?.(search) ?? search}`
    return (other ?? parts.join('/')) + asked.replaceAll(' ', '%20')
  }

  /** Users' requests go with a user's token; so do those that no application may make by itself. */
  async function tokenFor(operation: Operation, url: string, body: unknown): Promise<string> {
    const isMine = /\/me(\/|$)/.test(url)
    if (isMine || (operation.permissions.length === 0 && operation.permissionsDelegated.length > 0)) {
      return line.userToken(ann.id, allScopes)
    }
    const {
      sessionId,
      source,
      tenantId: tenant,
    } = (body ?? {}) as {
      sessionId?: string
      source?: { identity?: { application?: { id: string } } }
      tenantId?: string
    } // as documented
    return line.appToken(sessionId ?? source?.identity?.application?.id ?? appId, tenant ?? tenantId)
  }

  async function send(
    operation: Operation,
    { request }: Example,
  ): Promise<{ answer: Answer; again(): Promise<Answer> }> {
    const found: Found = (await prepare[operation.name]?.(request)) ?? {}
    const body = found.body ?? withIds(operation.name, request.body, found.ids ?? {})
    const url = addressOf(operation, request.url, found)
    const token = found.token ?? (await tokenFor(operation, request.url, body))
    const { authorization: _, ...documented } = request.headers
    const headers = { ...documented, ...found.headers }
    const prefix = operation.name === 'recording-download' ? '' : '/v1.0'
    const again = () => line.ask(request.method, prefix + url, { body, headers, token })
    return { answer: await again(), again }
  }

  function expectDocumented(
    { name, successStatus, otherSuccessStatus = [], responseSchema }: Operation,
    answer: Answer,
  ) {
    const { status, body, bytes } = answer
    expect([successStatus, ...otherSuccessStatus], JSON.stringify(body)).toContain(status)
    if (!responseSchema || status === 204) {
      const isContent = /-content$|-download$/.test(name)
      expect(bytes.length > 0).toBe(isContent)
      return
    }
    const validate = contractValidator(`responses.v1.json#/$defs/${name}`)
    expect(validate(body), `${JSON.stringify(validate.errors)} ${JSON.stringify(body)}`).toBe(true)
  }

  const requestOf = ({ name, method, path }: Operation): Example => ({
    example: 'a request of its schema',
    request: {
      ...{ method, url: `https://graph.microsoft.com/v1.0${path}`, headers: {} },
      body: (bodiesWithoutExample[name] as Body | undefined) ?? null, // of the table above
    },
  })
  const examples = operations.flatMap((operation) =>
    (operation.examples?.length ? operation.examples : [requestOf(operation)]).map(
      (example) => [`${operation.name}, ${example.example.replaceAll('-', ' ')}`, { operation, example }] as const,
    ),
  )
  /** The path of a live event; the contract calls it no operation of its own, and its 302 leads to another service. */
  const isLiveEvent = ({ request }: Example) => request.url.endsWith('/attendeeReport')

  it.each(examples.filter(([, { example }]) => !isLiveEvent(example)))(
    'takes %s',
    async (_, { operation, example }) => {
      if (!example.response && operation.requestSchema && !operation.examples?.length) {
        const validate = contractValidator(`requests.v1.json#/$defs/${operation.name}`)
        expect(validate(example.request.body), JSON.stringify(validate.errors)).toBe(true)
      }
      const { answer } = await send(operation, example)
      // That third example of teamsapp-publish has a status of its own.
      const isReview = operation.name === 'teamsapp-publish' && example.request.method === 'PATCH'
      expectDocumented(isReview ? { ...operation, successStatus: 200 } : operation, answer)
      if (example.response?.headers?.location) expect(answer.headers).toHaveProperty('location')
      hit.add(operation.name)

      // Nor is anything amiss afterwards: the state was right.
      await line.advance()
      const calls = await line.control<{ transcript: { kind: string }[] }[]>('GET', '/calls')
      expect(calls.flatMap(({ transcript }) => transcript.filter(({ kind }) => kind === 'failed'))).toEqual([])
    },
  )

  it('answers createOrGet with 201 the first time and with 200 the second', async () => {
    const operation = operations.find(({ name }) => name === 'onlinemeeting-createorget')
    const example = operation?.examples?.[0]
    if (!operation || !example) throw new Error('the contract has no such example')
    const { answer, again } = await send(operation, example)
    const second = await again()
    expect([answer.status, second.status]).toEqual([201, 200])
    expectDocumented(operation, second)
  })

  it('does not play the report of a live event', async () => {
    const live = examples.find(([, { example }]) => isLiveEvent(example))
    if (!live) throw new Error('the contract has no such example')
    const [, { operation, example }] = live
    const { ids } = await scheduled()
    const path = `/users/${ids.userId}/onlineMeetings/${encodeURIComponent(ids.meetingId ?? '')}/attendeeReport`
    expect(example.request.url.split('/').length).toBe(`https://graph.microsoft.com/v1.0${path}`.split('/').length)
    expect((await line.graph(operation.method, path)).status).toBe(501)
  })

  it('has 61 operations, and all of them were asked for', () => {
    expect(operations).toHaveLength(61)
    expect([...hit].sort()).toEqual(operations.map(({ name }) => name).sort())
    expect(Object.keys(prepare).sort()).toEqual(operations.map(({ name }) => name).sort())
  })

  // --- what it refuses ---

  /** All that can be seen of the emulator, and how much it told. What it has still to do counts too. */
  async function snapshot() {
    const looks = ['calls', 'conversations', 'meetings', 'users', 'rings', 'catalog'].map((path) =>
      line.control<unknown>('GET', `/${path}`),
    )
    const presences = [ann, bob].map(async ({ id }) => (await line.graph('GET', `/users/${id}/presence`)).body)
    return {
      seen: await Promise.all([...looks, ...presences]),
      timers: line.clock.waiting(),
      told: line.heard.length,
    }
  }

  it.each(negatives.map((one) => [one.operation, one.why, one.body] as const))(
    'refuses %s: %s',
    async (name, _, body) => {
      const operation = operations.find((one) => one.name === name)
      if (!operation) throw new Error(`the contract has no operation ${name}`)
      await line.states.users()
      const asked = { ...requestOf(operation).request, body }
      const found: Found = (await prepare[name]?.(asked)) ?? {}
      const before = await snapshot()

      const url = addressOf(operation, `https://graph.microsoft.com/v1.0${operation.path}`, found)
      const tenant = typeof body.tenantId === 'string' ? body.tenantId : tenantId
      const answer = await line.ask(operation.method, `/v1.0${url}`, {
        body,
        token: await line.appToken(appId, tenant),
      })
      expect(answer.status, JSON.stringify(answer.body)).toBe(400)
      // For its form, and not because the state was wrong.
      expect(['8523', 'BadRequest']).toContain((answer.body as { error: { code: string } }).error.code) // checked next
      const validate = contractValidator('responses.v1.json#/$defs/error')
      expect(validate(answer.body), JSON.stringify(validate.errors)).toBe(true)

      expect(await snapshot()).toEqual(before)
      await line.advance()
      const { seen, told } = await snapshot()
      expect({ seen, told }).toEqual({ seen: before.seen, told: before.told })
    },
  )

  it('has 54 bodies to refuse', () => expect(negatives).toHaveLength(54))
})
