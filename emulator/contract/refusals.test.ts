import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { json } from '#ground/json.ts'
import type { Method } from '../graph/operation.ts'
import { wav } from '../testing/testBot.ts'
import { contractIsThere, contractValidator, readContract } from '../testing/testContract.ts'
import type { Answer } from '../testing/testInProcess.ts'
import { answer, appId, john, otherTenantId, prompts, tenantId } from '../testing/testLine.ts'
import { ann, appPackage, bob } from '../testing/testResources.ts'
import {
  appHosted,
  callback,
  expectRightNotifications,
  fullApp,
  groupOf,
  instance,
  invitation,
  newsIn,
  openStates,
  outgoing,
  type States,
} from '../testing/testStates.ts'

/**
 * What the service refuses, and how: by state, permission, tenant, media and limit. Codes are those of result-codes.json; where the
 * contract has none for a case, its error is our choice and says so here.
 */

// --- who asks ---

const poor = { ...fullApp, appId: 'a0000000-0000-4000-8000-000000000001', permissions: [] }
const initiator = { ...fullApp, appId: 'a0000000-0000-4000-8000-000000000002', permissions: ['Calls.Initiate.All'] }
const joiner = { ...fullApp, appId: 'a0000000-0000-4000-8000-000000000003', permissions: ['Calls.JoinGroupCall.All'] }
const grouper = {
  ...fullApp,
  appId: 'a0000000-0000-4000-8000-000000000004',
  permissions: ['Calls.InitiateGroupCall.All'],
}
const withoutCalling = { ...fullApp, appId: 'a0000000-0000-4000-8000-000000000005', webhook: null }
const homeOnly = { ...fullApp, appId: 'a0000000-0000-4000-8000-000000000006', otherTenants: [] }
const apps = [fullApp, poor, initiator, joiner, grouper, withoutCalling, homeOnly]

// Signing keys take a moment to make, so the four emulators are shared.
let line: States
let older: States
let strict: States
let busy: States
beforeAll(() => {
  line = openStates({ apps, lobbyTimeoutMs: 60_000 })
  older = openStates({ apps, permissionReading: 'older' })
  strict = openStates({
    apps,
    allowRemoveParticipants: false,
    unknownMeetings: 'refuse',
    recordingStatusNeeded: 'always',
  })
  busy = openStates({
    apps: [fullApp],
    limits: { calls: { requests: 1, perSeconds: 15 }, presence: { requests: 1, perSeconds: 30 } },
  })
})
afterEach(async () => {
  for (const one of [line, older, strict, busy]) {
    await one.advance()
    expectRightNotifications(one.heard)
    await one.reset()
  }
})
afterAll(() => Promise.all([line, older, strict, busy].map((one) => one.close())))

// --- what is refused ---

type Row = readonly [what: string, code: string, act: () => Promise<Answer>]
const refusals: string[] = []

/** `400/8523`; 7503 comes as JSON text inside the message. Entra says `error` where Graph says `error.code`. */
function codeOf({ status, body }: Answer): string {
  const { error } = (body ?? {}) as { error?: string | { code?: string; message?: string } } // an error, if it is one
  if (typeof error !== 'object') return `${status}/${error ?? ''}`
  const inner = error.code === 'UnknownError' ? (json(error.message ?? '') as { errorCode: string }) : null // as observed
  return `${status}/${inner?.errorCode ?? error.code}`
}

const documented = new Set<string>(
  contractIsThere
    ? readContract('result-codes.json').requestErrors.map(
        ({ code, subcode }: { code: number; subcode: number }) => `${code}/${subcode}`,
      )
    : [],
)
/** Codes that are in no table of the contract. */
const ours = [
  // As the throttling page prints it (errorBody.throttled), and Entra's own words.
  ...[
    '429/TooManyRequests',
    '400/unauthorized_client',
    '401/invalid_client',
    '400/invalid_request',
    '400/invalid_scope',
  ],
  // What is no call has no list of codes; these are Graph's usual ones, our choice.
  ...['400/BadRequest', '403/Forbidden', '404/NotFound', '409/Conflict', '412/PreconditionFailed'],
  // What the emulator does not play.
  '501/notImplemented',
]

/** Tests of this table: each request is answered with that status and code, in Graph's form. */
function refuses(rows: readonly Row[]) {
  refusals.push(...rows.map(([what]) => what))
  it.each(rows)('%s (%s)', async (_, code, act) => {
    const refused = await act()
    expect(codeOf(refused)).toBe(code)
    if (!contractIsThere) return
    expect([...documented, ...ours]).toContain(code)
    if (/unauthorized|invalid/.test(code)) return // Entra has a form of its own
    const validate = contractValidator('responses.v1.json#/$defs/error')
    expect(validate(refused.body), JSON.stringify(validate.errors)).toBe(true)
  })
}

// --- requests that are right but for their time or sender ---

const someone = '7e1b4346-85a6-4bdd-abe3-d11c5d420efe'
const toAnn = invitation({ user: { id: ann.id } })
const phone = { phone: { id: '+14255550142' } }
const route = { id: 'one', routingMode: 'oneToOne', sources: [someone], receivers: [ann.id] }

const requests: Record<string, readonly [Method, path: string, body?: object]> = {
  'call-answer': ['POST', '/answer', { ...answer, callbackUri: callback }],
  'call-reject': ['POST', '/reject', { reason: 'busy' }],
  'call-redirect': ['POST', '/redirect', { targets: [toAnn] }],
  'call-transfer': ['POST', '/transfer', { transferTarget: toAnn }],
  'call-playprompt': ['POST', '/playPrompt', { prompts: prompts('/a.wav') }],
  'call-recordresponse': ['POST', '/recordResponse', {}],
  'call-subscribetotone': ['POST', '/subscribeToTone', {}],
  'call-cancelmediaprocessing': ['POST', '/cancelMediaProcessing', {}],
  'call-senddtmftones': ['POST', '/sendDtmfTones', { tones: ['tone1'] }],
  'participant-invite': ['POST', '/participants/invite', { participants: [toAnn] }],
  'call-mute': ['POST', '/mute', {}],
  'call-unmute': ['POST', '/unmute', {}],
  'call-delete': ['DELETE', ''],
  'call-keepalive': ['POST', '/keepAlive'],
  'call-get': ['GET', ''],
  'call-list-participants': ['GET', '/participants'],
  'participant-get': ['GET', `/participants/${someone}`],
  'call-updaterecordingstatus': ['POST', '/updateRecordingStatus', { status: 'recording' }],
  'call-changescreensharingrole': ['POST', '/changeScreenSharingRole', { role: 'viewer' }],
  'call-addlargegalleryview': ['POST', '/addLargeGalleryView', {}],
  'participant-mute': ['POST', `/participants/${someone}/mute`, {}],
  'participant-delete': ['DELETE', `/participants/${someone}`],
  'participant-startholdmusic': ['POST', `/participants/${someone}/startHoldMusic`, {}],
  'participant-stopholdmusic': ['POST', `/participants/${someone}/stopHoldMusic`, {}],
  'call-post-audioroutinggroups': ['POST', '/audioRoutingGroups', route],
  'call-list-audioroutinggroups': ['GET', '/audioRoutingGroups'],
  'audioroutinggroup-get': ['GET', '/audioRoutingGroups/one'],
  'audioroutinggroup-update': ['PATCH', '/audioRoutingGroups/one', route],
  'audioroutinggroup-delete': ['DELETE', '/audioRoutingGroups/one'],
  'call-list-contentsharingsessions': ['GET', '/contentSharingSessions'],
  'contentsharingsession-get': ['GET', '/contentSharingSessions/one'],
}
const ask = (id: string, operation: string, { on = line, app = appId, tenant = tenantId, more = {} } = {}) => {
  const [method, path, body] = requests[operation] ?? (['GET', '/no-request'] as const)
  return on.onCalls(method, `/${id}${path}`, body && { ...body, ...more }, { app, tenant })
}

/** Asks for what is refused, and makes sure that nothing about the call is different afterwards. */
async function askInVain(id: string, operation: string, who: Parameters<typeof ask>[2] = {}): Promise<Answer> {
  const before = await line.view(id)
  const refused = await ask(id, operation, who)
  expect(await line.view(id)).toEqual(before)
  return refused
}

describe('in the wrong state', () => {
  const states = {
    incoming: () => line.states.incoming(),
    establishing: () => line.states.establishing(),
    established: () => line.states.established(),
    transferring: () => line.states.transferring(),
    transferAccepted: () => line.states.transferAccepted(),
    redirecting: () => line.states.redirecting(),
    terminating: () => line.states.terminating(),
    terminated: () => line.states.terminated(),
  }
  type State = keyof typeof states
  const names = Object.keys(states) as State[] // of this object

  /** What is allowed when. The emulator does not reach hold and ringing. */
  const allowed: Record<string, string[]> = contractIsThere ? readContract('state-machine.json').allowed : {}
  const operations = Object.keys(requests).filter((operation) => Array.isArray(allowed[operation]))

  /** Of the sister service (note of state-machine.json): 8501 call not established, 8528 already terminated, 8585 not valid now. */
  function codeIn(state: State, operation: string): string {
    if (state === 'terminated') return '404/8522'
    if (state === 'terminating') return '400/8528'
    const isEarly = state === 'incoming' || state === 'establishing'
    return isEarly && !allowed[operation]?.includes('incoming') ? '400/8501' : '400/8585'
  }

  refuses(
    operations.flatMap((operation) =>
      names
        .filter((state) => !allowed[operation]?.includes(state))
        .map(
          (state): Row => [
            `${operation} while ${state}`,
            codeIn(state, operation),
            async () => askInVain(await states[state](), operation),
          ],
        ),
    ),
  )

  it.skipIf(!contractIsThere)('has a request for every operation of that table', () => {
    expect(operations.sort()).toEqual(
      Object.keys(allowed)
        .filter((name) => name !== 'note')
        .sort(),
    )
    expect(names).toEqual(expect.arrayContaining(['incoming', 'terminated']))
  })

  it.each(names)('is in the state that it says: %s', async (state) => {
    expect((await line.view(await states[state]())).state).toBe(state)
  })
})

describe('without a permission', () => {
  const needsSome = [
    ...['call-get', 'call-transfer', 'call-recordresponse', 'call-subscribetotone', 'call-senddtmftones'],
    ...['call-changescreensharingrole', 'call-updaterecordingstatus', 'call-addlargegalleryview'],
    ...['participant-get', 'participant-invite', 'participant-mute', 'participant-delete'],
    ...['participant-startholdmusic', 'participant-stopholdmusic', 'call-post-audioroutinggroups'],
    ...[
      'call-list-audioroutinggroups',
      'audioroutinggroup-get',
      'audioroutinggroup-update',
      'audioroutinggroup-delete',
    ],
    ...['call-list-contentsharingsessions', 'contentsharingsession-get'],
  ]
  const app = poor.appId
  refuses(
    needsSome.map(
      (operation): Row => [
        `${operation} of an app that has none`,
        '403/7504',
        async () => askInVain(await line.states.established({}, {}, { app }), operation, { app }),
      ],
    ),
  )

  const call = (who: { appId: string }, body: object) => () =>
    line.onCalls('POST', '', outgoing(body), { app: who.appId })
  const meetingInfo = { '@odata.type': '#microsoft.graph.joinMeetingIdMeetingInfo', joinMeetingId: '1', passcode: null }
  const guest = { source: { identity: { guest: { id: someone, displayName: 'Guest' } } } }
  refuses([
    [
      'call-redirect of an app that has none',
      '403/7504',
      async () => ask(await line.states.incoming({ appId: app }), 'call-redirect', { app }),
    ],
    ['a call to one, of an app that has none', '403/7504', call(poor, { targets: [toAnn] })],
    ['a call to one, with that of groups only', '403/7504', call(grouper, { targets: [toAnn] })],
    [
      'a call to a number, with that of groups only',
      '403/7504',
      call(grouper, { targets: [invitation(phone)], source: { identity: instance } }),
    ],
    ['a group call, with that of single calls only', '403/7504', call(initiator, groupOf())],
    ['joining a meeting, with that of single calls only', '403/7504', call(initiator, { meetingInfo })],
    ['joining a meeting as a guest, with that of members only', '403/7504', call(joiner, { meetingInfo, ...guest })],
    [
      'media of the app’s own, without that of media',
      '403/7504',
      call(initiator, { targets: [toAnn], mediaConfig: appHosted }),
    ],
    [
      'joining with media of the app’s own, without that of media',
      '403/7504',
      call(joiner, { meetingInfo, mediaConfig: appHosted }),
    ],
    [
      'the quality of a device, with that of single calls only',
      '403/7504',
      () => line.onCalls('POST', '/logTeleconferenceDeviceQuality', { quality: {} }, { app: initiator.appId }),
    ],
    [
      'answering for a meeting, with that of single calls only',
      '403/7504',
      async () => {
        const meeting = await line.states.meeting()
        const who = { app: initiator.appId }
        return ask(await line.states.incoming({ appId: who.app, meetingId: meeting.id }), 'call-answer', who)
      },
    ],
    [
      'a user’s token on calls',
      '403/7504',
      async () => {
        await line.states.users()
        const token = await line.userToken(ann.id)
        return line.ask('POST', '/v1.0/communications/calls', { token, body: outgoing({ targets: [toAnn] }) })
      },
    ],
  ])

  // Both readings of permissions: these three and hold music are where pages, catalogue and sample disagree.
  it.each(['call-recordresponse', 'call-subscribetotone', 'call-senddtmftones'])(
    'is no matter for %s by the older reading',
    async (operation) => {
      const id = await older.states.established({}, {}, { app })
      expect((await ask(id, operation, { on: older, app })).status).toBe(200)
    },
  )
  it.each(['participant-startholdmusic', 'participant-stopholdmusic'])('nor for %s', async (operation) => {
    const id = await older.states.established({}, {}, { app })
    const who = (await older.peopleIn(id))[0] ?? ''
    const [method, path, body] = requests[operation] ?? (['GET', ''] as const)
    expect((await older.onCalls(method, `/${id}${path.replace(someone, who)}`, body, { app })).status).toBe(202)
  })
  it('but is for call-transfer by either', async () => {
    const id = await older.states.established({}, {}, { app })
    expect(codeOf(await ask(id, 'call-transfer', { on: older, app }))).toBe('403/7504')
  })
})

describe('with the wrong token', () => {
  const get = (token?: string) => line.ask('GET', `/v1.0/communications/calls/${someone}`, token ? { token } : {})
  const tampered = async () => {
    const [head, claims = '', signature] = (await line.appToken()).split('.')
    const more = { ...(json(Buffer.from(claims, 'base64url').toString()) as object), roles: ['Calls.Everything.All'] } // our own claims
    return [head, Buffer.from(JSON.stringify(more)).toString('base64url'), signature].join('.')
  }
  refuses([
    ['none at all', '401/7501', () => get()],
    [
      'another scheme',
      '401/7501',
      () => line.ask('GET', `/v1.0/communications/calls/${someone}`, { headers: { authorization: 'Basic eA==' } }),
    ],
    ['one that is no token', '401/7501', () => get('nonsense')],
    [
      'one for another service',
      '401/7501',
      async () => {
        const { body } = await line.askToken({ scope: 'https://api.botframework.com/.default' })
        return get((body as { access_token: string }).access_token) // entra.test.ts checks it
      },
    ],
    ['one that was changed', '401/7501', async () => get(await tampered())],
    ['one of another issuer', '401/7501', async () => get(await older.appToken())],
    [
      'one that has expired',
      '401/7501',
      async () => {
        const token = await line.appToken()
        await line.advance(3_600_000)
        return get(token)
      },
    ],
    [
      'an app that is not registered for calls',
      '403/7503',
      () => line.onCalls('GET', `/${someone}`, undefined, { app: withoutCalling.appId }),
    ],
    [
      'the call of another app',
      '404/8522',
      async () => ask(await line.states.established(), 'call-get', { app: homeOnly.appId }),
    ],
    [
      'the call of another tenant',
      '403/7505',
      async () => ask(await line.states.established(), 'call-get', { tenant: otherTenantId }),
    ],
    [
      'hanging up in another tenant',
      '403/7505',
      async () => ask(await line.states.established(), 'call-delete', { tenant: otherTenantId }),
    ],
    [
      'a call into another tenant',
      '403/7505',
      () => line.onCalls('POST', '', outgoing({ targets: [toAnn], tenantId: otherTenantId })),
    ],
    [
      'a call in the name of another app',
      '403/7507',
      () =>
        line.onCalls(
          'POST',
          '',
          outgoing({ targets: [toAnn], source: { identity: { application: { id: someone } } } }),
        ),
    ],
    [
      'an app of which the tenant does not know',
      '400/unauthorized_client',
      () => line.askToken({ client_id: homeOnly.appId }, otherTenantId),
    ],
    ['an app that nobody knows', '400/unauthorized_client', () => line.askToken({ client_id: someone })],
    ['a tenant that nobody knows', '400/unauthorized_client', () => line.askToken({}, someone)],
    ['no tenant in particular', '400/invalid_request', () => line.askToken({}, 'common')],
    ['a wrong secret', '401/invalid_client', () => line.askToken({ client_secret: 'wrong' })],
    ['a scope of no service', '400/invalid_scope', () => line.askToken({ scope: 'https://example.invalid/.default' })],
  ])
})

describe('with the wrong media, or the wrong sort of call', () => {
  const ownMedia = () => line.states.established({}, { mediaConfig: appHosted })
  const group = () => line.states.group()
  /** A request on a participant of a group: Ann. */
  const onAnn = async (id: string, method: Method, path: string, body?: object) =>
    line.onCalls(method, `/${id}/participants/${(await line.peopleIn(id))[0]}${path}`, body)
  refuses([
    ...['call-playprompt', 'call-recordresponse', 'call-subscribetotone', 'call-cancelmediaprocessing'].map(
      (operation): Row => [
        `${operation} where the app hosts media`,
        '400/8500',
        async () => ask(await ownMedia(), operation),
      ],
    ),
    [
      'call-changescreensharingrole where the service hosts media',
      '400/8500',
      async () => ask(await group(), 'call-changescreensharingrole'),
    ],
    [
      'call-changescreensharingrole between two',
      '400/8585',
      async () => ask(await ownMedia(), 'call-changescreensharingrole'),
    ],
    ...['call-mute', 'call-unmute', 'participant-mute'].map(
      (operation): Row => [
        `${operation} between two`,
        '400/8585',
        async () => ask(await line.states.established(), operation),
      ],
    ),
    [
      'inviting several between two',
      '400/8523',
      async () =>
        ask(await line.states.established(), 'participant-invite', { more: { participants: [toAnn, toAnn] } }),
    ],
    [
      'inviting two bots',
      '400/8523',
      async () => {
        const bots = [1, 2].map((n) => invitation({ application: { id: `b000000${n}-0000-4000-8000-000000000000` } }))
        return ask(await group(), 'participant-invite', { more: { participants: bots } })
      },
    ],
    ['transferring nobody out of a group', '400/8523', async () => ask(await group(), 'call-transfer')],
    [
      'transferring somebody who is not there',
      '404/8522',
      async () => ask(await group(), 'call-transfer', { more: { transferee: { participantId: someone } } }),
    ],
    [
      'a second one on hold',
      '409/8519',
      async () => {
        const id = await group()
        expect((await onAnn(id, 'POST', '/startHoldMusic', {})).status).toBe(202)
        await line.advance()
        const other = (await line.peopleIn(id))[1]
        return line.onCalls('POST', `/${id}/participants/${other}/startHoldMusic`, {})
      },
    ],
    ['recording a group without saying so', '403/7502', async () => ask(await group(), 'call-recordresponse')],
    [
      'recording anybody without saying so, where the settings ask it',
      '403/7502',
      async () => ask(await strict.states.established(), 'call-recordresponse', { on: strict }),
    ],
    [
      'removing somebody where the tenant does not let apps',
      '403/7504',
      async () => {
        const id = await strict.states.group()
        return strict.onCalls('DELETE', `/${id}/participants/${(await strict.peopleIn(id))[0]}`)
      },
    ],
    [
      'unmuting somebody else, which Graph has not',
      '501/notImplemented',
      async () => onAnn(await group(), 'POST', '/unmute', {}),
    ],
    ...[
      'participant-get',
      'participant-mute',
      'participant-delete',
      'participant-startholdmusic',
      'participant-stopholdmusic',
    ].map(
      (operation): Row => [
        `${operation} of nobody who is there`,
        '404/8522',
        async () => ask(await group(), operation),
      ],
    ),
    ...[
      'audioroutinggroup-get',
      'audioroutinggroup-update',
      'audioroutinggroup-delete',
      'contentsharingsession-get',
    ].map(
      (operation): Row => [`${operation} of none that is there`, '404/8522', async () => ask(await group(), operation)],
    ),
    [
      'an operation that was not begun',
      '404/8522',
      async () => line.onCalls('GET', `/${await group()}/operations/${someone}`),
    ],
    ['audio from nobody who is there', '404/8522', async () => ask(await group(), 'call-post-audioroutinggroups')],
    [
      'audio one to one for two',
      '400/8523',
      async () => ask(await group(), 'call-post-audioroutinggroups', { more: { receivers: [ann.id, bob.id] } }),
    ],
    [
      'audio of two sources',
      '400/8523',
      async () => ask(await group(), 'call-post-audioroutinggroups', { more: { sources: [ann.id, bob.id] } }),
    ],
    [
      'an audio routing group twice',
      '409/8519',
      async () => {
        const id = await group()
        const [source, receiver] = await line.peopleIn(id)
        const more = { sources: [source], receivers: [receiver] }
        expect((await ask(id, 'call-post-audioroutinggroups', { more })).status).toBe(200)
        return ask(id, 'call-post-audioroutinggroups', { more })
      },
    ],
    ['a recording that is not there', '404/8522', () => line.ask('GET', `/recordings/${someone}`)],
    [
      'a recording without its own token',
      '401/7501',
      async () => {
        const { path } = await line.states.recorded(await line.states.established())
        return line.ask('GET', path, { token: await line.appToken() })
      },
    ],
  ])
})

describe('over a limit', () => {
  const many = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one)
  const long = { clientContext: 'x'.repeat(257) }
  const http = { callbackUri: 'http://bot.contoso.com/api/calls' }
  const onEstablished = (operation: string, more: object) => async () =>
    ask(await line.states.established(), operation, { more })
  const onIncoming = (operation: string, more: object) => async () =>
    ask(await line.states.incoming(), operation, { more })
  const create = (more: object) => () => line.onCalls('POST', '', outgoing({ targets: [toAnn], ...more }))
  refuses([
    ['21 prompts', '400/8523', onEstablished('call-playprompt', { prompts: prompts(...many(21, '/a.wav')) })],
    ['no prompt', '400/8523', onEstablished('call-playprompt', { prompts: [] })],
    [
      '2 prompts before a recording',
      '400/8523',
      onEstablished('call-recordresponse', { prompts: prompts('/a.wav', '/b.wav') }),
    ],
    ...['maxRecordDurationInSeconds', 'initialSilenceTimeoutInSeconds', 'maxSilenceTimeoutInSeconds'].flatMap((timer) =>
      [0, 121].map(
        (s): Row => [`${timer} of ${s} s`, '400/8523', onEstablished('call-recordresponse', { [timer]: s })],
      ),
    ),
    ['a stop tone that is no key', '400/8523', onEstablished('call-recordresponse', { stopTones: ['tone1'] })],
    ['no tone', '400/8523', onEstablished('call-senddtmftones', { tones: [] })],
    ['a tone that is none', '400/8523', onEstablished('call-senddtmftones', { tones: ['tone10'] })],
    ['6 people called', '400/8523', create({ targets: many(6, toAnn) })],
    ['nobody called', '400/8523', create({ targets: [] })],
    ['6 people invited', '400/8523', onEstablished('participant-invite', { participants: many(6, toAnn) })],
    ['nobody invited', '400/8523', onEstablished('participant-invite', { participants: [] })],
    ['26 targets of a redirect', '400/8523', onIncoming('call-redirect', { targets: many(26, toAnn) })],
    ['no target of a redirect', '400/8523', onIncoming('call-redirect', { targets: [] })],
    ...[14, 91].map(
      (timeout): Row => [`a redirect that rings ${timeout} s`, '400/8523', onIncoming('call-redirect', { timeout })],
    ),
    ...[
      'call-playprompt',
      'call-recordresponse',
      'call-subscribetotone',
      'call-cancelmediaprocessing',
      'call-senddtmftones',
      'call-mute',
      'call-unmute',
      'participant-invite',
      'participant-mute',
      'call-updaterecordingstatus',
      'call-addlargegalleryview',
      'participant-startholdmusic',
      'participant-stopholdmusic',
      'call-transfer',
    ].map(
      (operation): Row => [
        `a clientContext of 257 characters in ${operation}`,
        '400/8523',
        onEstablished(operation, long),
      ],
    ),
    ['a callbackUri without https in create-call', '400/8523', create(http)],
    ...['call-answer', 'call-reject', 'call-redirect'].map(
      (operation): Row => [`a callbackUri without https in ${operation}`, '400/8523', onIncoming(operation, http)],
    ),
    ['a reason to reject that is none', '400/8523', onIncoming('call-reject', { reason: 'tired' })],
    ['a member that no type has', '400/8523', onIncoming('call-answer', { colour: 'red' })],
    ['media that nobody hosts', '400/8523', onIncoming('call-answer', { mediaConfig: {} })],
    ['a phone called without an application instance', '400/8523', create({ targets: [invitation(phone)] })],
    [
      'a body that is no JSON',
      '400/8523',
      async () => {
        const token = await line.appToken()
        const headers = { 'content-type': 'application/json' }
        return line.ask('POST', '/v1.0/communications/calls', { token, headers, body: Buffer.from('{') })
      },
    ],
    [
      'more requests on calls than the service takes',
      '429/TooManyRequests',
      async () => {
        await busy.onCalls('GET', `/${someone}`)
        return busy.onCalls('GET', `/${someone}`)
      },
    ],
    [
      'more requests on presence than the service takes',
      '429/TooManyRequests',
      async () => {
        await busy.graph('GET', `/users/${ann.id}/presence`)
        return busy.graph('GET', `/users/${ann.id}/presence`)
      },
    ],
  ])
})

describe('of a meeting', () => {
  const byId = (joinMeetingId: string, passcode: string | null) => ({
    meetingInfo: { '@odata.type': '#microsoft.graph.joinMeetingIdMeetingInfo', joinMeetingId, passcode },
  })
  const join = (more: object) => line.onCalls('POST', '', outgoing(more))
  refuses([
    ['a number that is none', '400/8561', () => join(byId('1', null))],
    ['a wrong passcode', '400/8561', async () => join(byId((await line.states.meeting()).joinMeetingId, 'wrong'))],
    [
      'no passcode where one is needed',
      '400/8561',
      async () => join(byId((await line.states.meeting()).joinMeetingId, null)),
    ],
    [
      'the number of another tenant',
      '400/8561',
      async () => {
        const { joinMeetingId, passcode } = await line.states.meeting({ tenantId: otherTenantId })
        return join(byId(joinMeetingId, passcode))
      },
    ],
    [
      'a token that is none',
      '400/8526',
      () => join({ meetingInfo: { '@odata.type': '#microsoft.graph.tokenMeetingInfo', token: 'none' } }),
    ],
    [
      'one that is locked, by its number',
      '400/8560',
      async () => {
        const { joinMeetingId, passcode } = await line.states.meeting({ locked: true })
        return join(byId(joinMeetingId, passcode))
      },
    ],
    [
      'one that is locked, by its token',
      '400/8560',
      async () => {
        const { token } = await line.states.meeting({ locked: true })
        return join({ meetingInfo: { '@odata.type': '#microsoft.graph.tokenMeetingInfo', token } })
      },
    ],
    [
      'one that is locked, by its chat',
      '400/8560',
      async () => {
        const { threadId } = await line.states.meeting({ locked: true })
        const organizer = { user: { id: ann.id } }
        return join({
          chatInfo: { threadId },
          meetingInfo: { '@odata.type': '#microsoft.graph.organizerMeetingInfo', organizer },
        })
      },
    ],
  ])
})

describe('of presence, meetings and the app catalog', () => {
  const withUsers = async (act: () => Promise<Answer>) => {
    await line.states.users()
    return act()
  }
  const presence =
    (action: string, body?: object, app = appId) =>
    () =>
      withUsers(() => line.graph('POST', `/users/${ann.id}/presence/${action}`, body, { app }))
  const busyNow = { sessionId: appId, availability: 'Busy', activity: 'InACall' }
  const get =
    (path: string, app = appId) =>
    () =>
      withUsers(() => line.graph('GET', path, undefined, { app }))
  const meetings = `/users/${ann.id}/onlineMeetings`
  const mine = (method: Method, path: string, body?: unknown, scopes?: string[]) => () =>
    withUsers(async () => {
      const headers: Record<string, string> = Buffer.isBuffer(body) ? { 'content-type': 'application/zip' } : {}
      return line.ask(method, `/v1.0${path}`, { token: await line.userToken(ann.id, scopes), body, headers })
    })
  const zip = Buffer.from(appPackage())
  refuses([
    ['presence, of an app that may not read it', '403/7504', get(`/users/${ann.id}/presence`, poor.appId)],
    ['setting presence, of an app that may not', '403/7504', presence('setPresence', busyNow, poor.appId)],
    ['presence of nobody', '404/NotFound', get(`/users/${someone}/presence`)],
    [
      'presence of 651 people',
      '400/BadRequest',
      () => line.graph('POST', '/communications/getPresencesByUserId', { ids: Array(651).fill(ann.id) }),
    ],
    [
      'presence of no people',
      '400/BadRequest',
      () => line.graph('POST', '/communications/getPresencesByUserId', { ids: [] }),
    ],
    ['a session of another app', '400/BadRequest', presence('setPresence', { ...busyNow, sessionId: someone })],
    ['an availability that is none', '400/BadRequest', presence('setPresence', { ...busyNow, availability: 'Asleep' })],
    [
      'a session shorter than 5 minutes',
      '400/BadRequest',
      presence('setPresence', { ...busyNow, expirationDuration: 'PT4M' }),
    ],
    [
      'a session longer than 4 hours',
      '400/BadRequest',
      presence('setPresence', { ...busyNow, expirationDuration: 'PT5H' }),
    ],
    [
      'a preference that nobody can have',
      '400/BadRequest',
      presence('setUserPreferredPresence', { availability: 'Busy', activity: 'InACall' }),
    ],
    ['clearing the session of another app', '400/BadRequest', presence('clearPresence', { sessionId: someone })],
    ['/me for an app by itself', '400/BadRequest', get('/me/presence')],
    [
      'a user’s presence for another user who may see their own only',
      '403/7504',
      mine('GET', `/users/${bob.id}/presence`, undefined, ['Presence.Read']),
    ],
    [
      'a meeting, of an app that may not make one',
      '403/7504',
      () => withUsers(() => line.graph('POST', meetings, {}, { app: poor.appId })),
    ],
    [
      'a meeting of a user without an application access policy',
      '403/Forbidden',
      async () => {
        await line.control('POST', '/users', { ...ann, hasApplicationAccessPolicy: false })
        return line.graph('POST', meetings, { subject: 'x' })
      },
    ],
    [
      'a meeting that ends before it begins',
      '400/BadRequest',
      () =>
        withUsers(() =>
          line.graph('POST', meetings, { startDateTime: '2030-01-02T11:00:00Z', endDateTime: '2030-01-02T10:00:00Z' }),
        ),
    ],
    [
      'a meeting with a member that no type has',
      '400/BadRequest',
      () => withUsers(() => line.graph('POST', meetings, { colour: 'red' })),
    ],
    ['a meeting that is not there', '404/NotFound', get(`${meetings}/none`)],
    ['a meeting of nobody', '404/NotFound', get(`/users/${someone}/onlineMeetings/none`)],
    ['a list of all meetings', '400/BadRequest', get(meetings)],
    [
      'createOrGet without an externalId',
      '400/BadRequest',
      () => withUsers(() => line.graph('POST', `${meetings}/createOrGet`, { subject: 'x' })),
    ],
    ['looking for a conference without a number', '400/BadRequest', get('/communications/onlineMeetings')],
    ['transcripts, of an app that may not read them', '403/7504', get(`${meetings}/none/transcripts`, poor.appId)],
    ['recordings, of an app that may not read them', '403/7504', get(`${meetings}/none/recordings`, poor.appId)],
    ['reports, of an app that may not read them', '403/7504', get(`${meetings}/none/attendanceReports`, poor.appId)],
    ['the catalog, of an app that may not read it', '403/7504', get('/appCatalogs/teamsApps', poor.appId)],
    [
      'publishing by an app itself',
      '403/7504',
      async () =>
        line.ask('POST', '/v1.0/appCatalogs/teamsApps', {
          token: await line.appToken(),
          body: zip,
          headers: { 'content-type': 'application/zip' },
        }),
    ],
    [
      'publishing without review by a user who may submit only',
      '403/7504',
      mine('POST', '/appCatalogs/teamsApps', zip, ['AppCatalog.Submit']),
    ],
    ['a package that is no zip', '400/BadRequest', mine('POST', '/appCatalogs/teamsApps', Buffer.from('PK'))],
    ['a package that is sent as JSON', '400/BadRequest', mine('POST', '/appCatalogs/teamsApps', {})],
    [
      'an app twice',
      '409/Conflict',
      async () => {
        expect((await mine('POST', '/appCatalogs/teamsApps', zip)()).status).toBe(201)
        return mine('POST', '/appCatalogs/teamsApps', zip)()
      },
    ],
    ['taking back an app that is not there', '404/NotFound', mine('DELETE', `/appCatalogs/teamsApps/${someone}`)],
  ])
})

// --- what is taken, and goes wrong ---

type Ended = { code: number; subcode: number } | null | undefined
type Failure = readonly [what: string, result: string, act: () => Promise<Ended>]

/** The result of the operation that ended last. */
const lastResult = (on: States): Ended =>
  on.heard
    .flatMap(newsIn)
    .map(({ resourceData }) => resourceData as { resultInfo?: Ended }) // checked against the contract after each test
    .findLast(({ resultInfo }) => resultInfo)?.resultInfo

describe('what was taken fails later', () => {
  const fail = (rows: readonly Failure[]) => {
    refusals.push(...rows.map(([what]) => what))
    it.each(rows)('%s (%s)', async (_, result, act) => {
      const ended = await act()
      expect(ended ? `${ended.code}/${ended.subcode}` : 'none').toBe(result)
    })
  }
  const later = async (id: string, operation: string, more: object, on = line): Promise<Ended> => {
    const { status } = await ask(id, operation, { more, on })
    expect([200, 202]).toContain(status)
    await on.advance(120_000)
    return lastResult(on)
  }
  const prompt = (path: string, file?: { status: number; bytes: Uint8Array }) => async () => {
    if (file) line.files.set(path, file)
    return later(await line.states.established(), 'call-playprompt', { prompts: prompts(path) })
  }
  const bytes = (what: Parameters<typeof wav>[0]) => ({ status: 200, bytes: wav(what) })
  const person = (rules: object) => line.control('POST', '/people', { id: ann.id, ...rules })
  const toPhone = invitation(phone)
  const result = async (id: string, on = line): Promise<Ended> => (await on.view(id)).result

  fail([
    ['a prompt in stereo', '400/8535', prompt('/stereo.wav', bytes({ channels: 2 }))],
    ['a prompt at 8 kHz', '400/8535', prompt('/slow.wav', bytes({ rate: 8000 }))],
    ['a prompt of 8 bits', '400/8535', prompt('/thin.wav', bytes({ bits: 8 }))],
    ['a prompt that is not PCM', '400/8535', prompt('/law.wav', bytes({ encoding: 7 }))],
    ['a prompt that is no WAV', '400/8535', prompt('/text.wav', { status: 200, bytes: Buffer.from('no sound') })],
    ['a prompt that is empty', '400/8535', prompt('/empty.wav', { status: 200, bytes: new Uint8Array() })],
    ['a prompt that is not there', '400/8536', prompt('/none.wav', { status: 404, bytes: new Uint8Array() })],
    ['a prompt of a server in trouble', '400/8536', prompt('/ill.wav', { status: 500, bytes: new Uint8Array() })],
    [
      'a prompt of a server that nobody knows',
      '400/8536',
      async () =>
        later(await line.states.established(), 'call-playprompt', {
          prompts: [
            { '@odata.type': '#microsoft.graph.mediaPrompt', mediaInfo: { uri: 'https://example.invalid/a.wav' } },
          ],
        }),
    ],
    [
      'a recording in which nobody speaks',
      '400/8510',
      async () => later(await line.states.established(), 'call-recordresponse', { maxRecordDurationInSeconds: 20 }),
    ],
    [
      'a recording whose prompt cannot sound',
      '500/8511',
      async () => {
        line.files.set('/stereo.wav', bytes({ channels: 2 }))
        return later(await line.states.established(), 'call-recordresponse', { prompts: prompts('/stereo.wav') })
      },
    ],
    [
      'a transfer that is declined',
      '500/7000',
      async () => {
        await person({ onTransfer: 'decline' })
        return later(await line.states.established(), 'call-transfer', {})
      },
    ],
    [
      'a transfer that nobody takes',
      '500/7000',
      async () => {
        await person({ onTransfer: 'noAnswer' })
        return later(await line.states.established(), 'call-transfer', {})
      },
    ],
    [
      'a transfer to a phone without an application instance',
      '500/7000',
      async () => later(await line.states.established(), 'call-transfer', { transferTarget: toPhone }),
    ],
    [
      'a consultative transfer on a call that is not there',
      '500/7700',
      async () =>
        later(await line.states.established(), 'call-transfer', {
          transferTarget: { ...toAnn, replacesCallId: someone },
        }),
    ],
    [
      'a phone invited without a phone context',
      '412/9999',
      async () => later(await line.states.established(), 'participant-invite', { participants: [toPhone] }),
    ],
    [
      'a phone invited into a meeting joined by token',
      '403/9999',
      async () => {
        const { token } = await line.states.meeting()
        const id = await line.states.made(
          outgoing({ meetingInfo: { '@odata.type': '#microsoft.graph.tokenMeetingInfo', token } }),
        )
        return later(id, 'participant-invite', { participants: [toPhone] })
      },
    ],
    [
      'an invitation that replaces a call that is not there',
      '500/9999',
      async () =>
        later(await line.states.established(), 'participant-invite', {
          participants: [{ ...toAnn, replacesCallId: someone }],
        }),
    ],
    [
      'an invitation that is declined',
      '480/10076',
      async () => {
        await person({ onCall: 'decline' })
        return later(await line.states.established(), 'participant-invite', {})
      },
    ],
    [
      'an invitation that nobody takes within a minute',
      '480/10037',
      async () => {
        await person({ onCall: 'noAnswer' })
        return later(await line.states.established(), 'participant-invite', {})
      },
    ],
    [
      'a call that is declined',
      '480/10076',
      async () => {
        await person({ onCall: 'decline' })
        return result(await line.states.made(outgoing({ targets: [toAnn] })))
      },
    ],
    [
      'a group call that nobody joins',
      '200/5013',
      async () => {
        for (const { id } of [ann, bob]) await line.control('POST', '/people', { id, onCall: 'decline' })
        return result(await line.states.group())
      },
    ],
    [
      'a meeting that nobody knows, where the settings ask that',
      '480/10134',
      async () => {
        const organizer = { user: { id: ann.id } }
        const meetingInfo = { '@odata.type': '#microsoft.graph.organizerMeetingInfo', organizer }
        const id = await strict.states.made(outgoing({ chatInfo: { threadId: '19:none@thread.v2' }, meetingInfo }))
        return result(id, strict)
      },
    ],
    [
      'a lobby in which nobody looks',
      '200/5855',
      async () => {
        const { joinMeetingId, passcode } = await line.states.meeting({ lobbyBypass: 'organizer' })
        const meetingInfo = { '@odata.type': '#microsoft.graph.joinMeetingIdMeetingInfo', joinMeetingId, passcode }
        const id = await line.states.made(outgoing({ meetingInfo }))
        await line.advance(60_000)
        return result(id)
      },
    ],
    [
      '45 minutes without keepAlive',
      '408/8537',
      async () => {
        const id = await line.states.established()
        await line.advance(45 * 60_000)
        return result(id)
      },
    ],
    [
      '15 s without an answer, which brings no result',
      'none',
      async () => {
        const id = await line.states.incoming()
        await line.advance(15_000)
        expect((await line.view(id)).state).toBe('terminated')
        return result(id)
      },
    ],
    [
      'a redirect to a phone without an application instance, which brings no result',
      'none',
      async () => {
        const id = await line.states.incoming()
        await line.done(ask(id, 'call-redirect', { more: { targets: [toPhone] } }), 202)
        await line.advance()
        const { transcript, result: ended } = await line.view(id)
        expect(transcript).toContainEqual(expect.objectContaining({ kind: 'failed', what: 'redirect' }))
        return ended
      },
    ],
  ])

  it('leaves a call alone that is kept, and answered in time', async () => {
    const id = await line.states.incoming()
    await line.advance(14_900)
    expect((await ask(id, 'call-answer')).status).toBe(202)
    for (let quarter = 0; quarter < 4; quarter += 1) {
      await line.advance(15 * 60_000)
      expect((await ask(id, 'call-keepalive')).status).toBe(200)
    }
    expect((await line.view(id)).state).toBe('established')
  })

  it('finds a call gone that was answered too late', async () => {
    const id = await line.states.incoming({ from: john })
    await line.advance(15_000)
    for (const operation of ['call-answer', 'call-reject', 'call-redirect']) {
      expect(codeOf(await ask(id, operation))).toBe('404/8522')
    }
  })
})

it.skipIf(!contractIsThere)('are at least 80, each of its own', () => {
  expect(new Set(refusals).size).toBe(refusals.length)
  expect(refusals.length).toBeGreaterThanOrEqual(80)
})
