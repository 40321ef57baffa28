import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { PolicyParticipantView } from '../control/policyRecording.ts'
import type { Method } from '../graph/operation.ts'
import { contractIsThere, contractValidator, readContract } from '../testing/testContract.ts'
import type { Answer } from '../testing/testInProcess.ts'
import { answer, prompts, publicUrl, tenantId } from '../testing/testLine.ts'
import { ann, bob } from '../testing/testResources.ts'
import {
  callback,
  expectRightNotifications,
  groupOf,
  invitation,
  type News,
  newsIn,
  openStates,
  outgoing,
  type Told,
} from '../testing/testStates.ts'

/** The scenarios of sequences.json, step by step: what the bot asks is answered so, and what the service tells comes so. */

type Step = {
  who: 'bot' | 'service'
  what: string
  /** Of the bot. */
  operation?: string
  expects?: number
  operationStatus?: string
  withinSeconds?: number
  answersWithBody?: true
  bodies?: Record<string, Record<string, string>>
  /** Of the service; `state` also of a call that the bot made. */
  resource?: string
  changeType?: string
  state?: string
  status?: string
  result?: string
  target?: string
  carries?: string
  botAnswers?: number
  optional?: true
  mayReorder?: true
  mayRepeat?: true
  repeats?: true
}
type Sequence = { name: string; startState: string | null; steps: Step[] }

const sequences: Sequence[] = contractIsThere ? readContract('sequences.json').sequences : []

type Ask = { method: Method; path: string; body?: unknown; token?: string }

/** What people do in one scenario, and what the bot says. */
type Stage = {
  /** Brings about the state before the first step, and gives the call. Null: the first step makes it. */
  begin?: () => Promise<string>
  /** The requests of the bot's steps, in order. `id` is the call. */
  asks?: ((id: string) => Ask | Promise<Ask>)[]
  /** What happens before the step of this number, other than time. */
  before?: Record<number, (id: string) => Promise<unknown>>
  /** What the sequence does not list, and why it comes all the same. */
  besides?: Record<string, string>
}

const line = openStates({ lobbyTimeoutMs: 60_000 })
afterEach(async () => {
  expectRightNotifications(line.heard)
  await line.reset()
})
afterAll(() => line.close())

const { states, control, view } = line
const on = (path: string, body: unknown = {}, method: Method = 'POST') => ({
  method,
  path: `/v1.0/communications/calls${path}`,
  body,
})
const person = (id: string, rules: object) => control('POST', '/people', { id, ...rules })
const dial = () => states.incoming()
const toAnn = invitation({ user: { id: ann.id } })
const someoneOf = async (id: string) => (await line.peopleIn(id))[0] ?? ''
const act = async (id: string, action: string) => {
  const { conversation } = await view(id)
  return control('POST', `/conversations/${conversation.id}/participants/${await someoneOf(id)}`, { action })
}
const join = async (meeting: object, more: object = {}): Promise<Ask> => {
  const { joinMeetingId, passcode } = await states.meeting(meeting)
  const meetingInfo = { '@odata.type': '#microsoft.graph.joinMeetingIdMeetingInfo', joinMeetingId, passcode }
  return on('', outgoing({ meetingInfo, tenantId, ...more }))
}
const guest = { source: { identity: { guest: { id: 'b2a5b2a5-0000-4000-8000-000000000001', displayName: 'Bot' } } } }

const policyParticipants = (id: string) => control<PolicyParticipantView[]>('GET', `/calls/${id}/policyParticipants`)
/** The bodies that the contract gives the answer, with a reason and an address filled in. */
const joinResponses: Record<string, object> = {
  ...sequences.flatMap(({ steps }) => steps).find(({ answersWithBody }) => answersWithBody)?.bodies,
  reject: { '@odata.type': '#microsoft.graph.rejectJoinResponse', reason: 'Busy' },
  inviteNewBot: { '@odata.type': '#microsoft.graph.inviteNewBotResponse', inviteUri: `${publicUrl}/api/other` },
}

const roster = 'participants updated'

const stages: Record<string, Stage> = {
  'incoming-answered': {
    asks: [(id) => on(`/${id}/answer`, { ...answer, callbackUri: callback })],
    before: {
      0: async () => {
        const rule = { on: { notification: 'created' }, do: { legacy: true } }
        await control('POST', '/faults', rule)
        line.answerNewsBy((body) => ({ status: JSON.stringify(body).includes('callState') ? 204 : 202 }))
        await dial()
      },
    },
  },
  'incoming-rejected': { before: { 0: dial }, asks: [(id) => on(`/${id}/reject`, { reason: 'busy' })] },
  'incoming-redirected': {
    before: { 0: dial },
    asks: [(id) => on(`/${id}/redirect`, { targets: [toAnn], callbackUri: callback })],
  },
  'incoming-unanswered': { before: { 0: dial } },
  'outgoing-peer-to-peer': { asks: [() => on('', outgoing({ targets: [toAnn] }))] },
  'outgoing-unanswered': {
    before: { 0: () => person(ann.id, { onCall: 'noAnswer', afterMs: 30_000 }) },
    asks: [() => on('', outgoing({ targets: [toAnn] }))],
  },
  'outgoing-group-call': { asks: [() => on('', groupOf())] },
  'join-meeting': { asks: [() => join({})] },
  'lobby-timeout': { asks: [() => join({}, guest)] },
  'play-prompt': { begin: states.established, asks: [(id) => on(`/${id}/playPrompt`, { prompts: prompts('/a.wav') })] },
  'record-response': {
    begin: states.established,
    asks: [
      (id) => on(`/${id}/recordResponse`, { playBeep: false, maxSilenceTimeoutInSeconds: 1 }),
      () => {
        const { recordingLocation, recordingAccessToken } = lastOperation()
        return {
          method: 'GET',
          path: new URL(String(recordingLocation)).pathname,
          token: String(recordingAccessToken),
        }
      },
    ],
    before: {
      1: async (id) => {
        await line.advance(500)
        await control('POST', `/calls/${id}/speech`, { seconds: 2 })
      },
    },
  },
  tones: {
    begin: states.established,
    asks: [(id) => on(`/${id}/subscribeToTone`)],
    before: { 1: (id) => control('POST', `/calls/${id}/tones`, { tones: '12#' }) },
  },
  'send-dtmf': { begin: states.established, asks: [(id) => on(`/${id}/sendDtmfTones`, { tones: ['tone1', 'pound'] })] },
  'cancel-media': {
    begin: async () => {
      const id = await states.established()
      for (const path of ['/a.wav', '/b.wav']) {
        await line.done(line.onCalls('POST', `/${id}/playPrompt`, { prompts: prompts(path) }), 200)
      }
      return id
    },
    asks: [(id) => on(`/${id}/cancelMediaProcessing`)],
  },
  'hold-music': {
    begin: () => states.group(),
    asks: [
      async (id) => on(`/${id}/participants/${await someoneOf(id)}/startHoldMusic`),
      async (id) => on(`/${id}/participants/${await someoneOf(id)}/stopHoldMusic`),
    ],
  },
  mute: { begin: () => states.group(), asks: [(id) => on(`/${id}/mute`)] },
  'recording-status': {
    begin: () => states.group(),
    asks: [(id) => on(`/${id}/updateRecordingStatus`, { status: 'recording' })],
    besides: { [roster]: 'the note of the sequence infers it, with recordingInfo' },
  },
  'transfer-success': { begin: states.established, asks: [(id) => on(`/${id}/transfer`, { transferTarget: toAnn })] },
  'transfer-failure': {
    begin: states.established,
    before: { 0: () => person(ann.id, { onTransfer: 'decline' }) },
    asks: [(id) => on(`/${id}/transfer`, { transferTarget: toAnn })],
  },
  'transfer-consultative': {
    begin: async () => {
      await states.established()
      return states.made(outgoing({ targets: [toAnn] }))
    },
    asks: [
      async (id) => {
        const calls = await control<{ id: string }[]>('GET', '/calls')
        const replacesCallId = calls.find((call) => call.id !== id)?.id
        return on(`/${id}/transfer`, { transferTarget: { ...toAnn, replacesCallId } })
      },
    ],
    besides: {
      'call updated transferring': 'media stops; an audio-inactive update may come before transferAccepted (README)',
      'call deleted terminated': 'the note of the sequence expects the end of the other leg',
    },
  },
  invite: {
    begin: states.established,
    asks: [(id) => on(`/${id}/participants/invite`, { participants: [toAnn] })],
  },
  'invite-failed': {
    begin: states.established,
    asks: [(id) => on(`/${id}/participants/invite`, { participants: [invitation({ phone: { id: '+14255550142' } })] })],
  },
  'remove-participant': {
    begin: () => states.group(),
    asks: [async (id) => on(`/${id}/participants/${await someoneOf(id)}`, null, 'DELETE')],
  },
  'content-sharing': {
    begin: () =>
      states.group({
        callOptions: {
          '@odata.type': '#microsoft.graph.outgoingCallOptions',
          isContentSharingNotificationEnabled: true,
        },
      }),
    before: { 0: (id) => act(id, 'share'), 1: (id) => act(id, 'stopSharing') },
  },
  'hang-up': { begin: states.established, asks: [(id) => on(`/${id}`, null, 'DELETE')] },
  'remote-hang-up': { begin: states.established, before: { 0: (id) => control('POST', `/calls/${id}/hangUp`) } },
  'policy-recording-join': {
    begin: () => states.established({}, { participantCapacity: 2 }),
    before: {
      0: (id) => {
        line.answerNewsBy(() => ({ status: 200, text: JSON.stringify(joinResponses.accept) }))
        return control('POST', `/calls/${id}/policyParticipants`, { user: { id: bob.id } })
      },
      2: async (id) => {
        const [one] = await policyParticipants(id)
        return control('DELETE', `/calls/${id}/policyParticipants/${one?.id}`)
      },
    },
  },
  'keep-alive-expiry': { begin: states.established, asks: [(id) => on(`/${id}/keepAlive`)] },
}

// --- what was told ---

const isOf: Record<string, RegExp> = {
  call: /^\/communications\/calls\/[^/]+$/,
  participants: /\/participants$/,
  operation: /\/operations\/[^/]+$/,
  contentSharingSessions: /\/contentsharingsessions$/,
  'policy recording': /^\/communications\/calls\/[^/]+$/,
}

type Member = { id: string; isInLobby?: boolean; isMuted?: boolean }
type Data = {
  '@odata.type'?: string
  state?: string
  status?: string
  mediaState?: { audio: string }
  toneInfo?: object
  terminationReason?: string
  resultInfo?: { code: number; subcode: number }
  recordingLocation?: string
  recordingAccessToken?: string
}
const dataOf = ({ resourceData }: News): Data => (Array.isArray(resourceData) ? {} : (resourceData as Data)) // checked against the contract after each test
const membersOf = ({ resourceData }: News) => (Array.isArray(resourceData) ? (resourceData as Member[]) : []) // as above
const lastOperation = (): Data =>
  dataOf(line.heard.flatMap(newsIn).findLast(({ resourceUrl }) => isOf.operation?.test(resourceUrl)) ?? never)
const never: News = { changeType: '', resourceUrl: '', resourceData: {} }

/** What the text of a step says of the notification, beyond its other members. */
const sayings: [says: RegExp, holds: (news: News) => boolean][] = [
  [/mediaState\.audio active/, (news) => dataOf(news).mediaState?.audio === 'active'],
  [/mediaState\.audio inactive/, (news) => dataOf(news).mediaState?.audio === 'inactive'],
  [/with resultInfo( |$)/, (news) => dataOf(news).resultInfo !== undefined],
  [/with toneInfo/, (news) => dataOf(news).toneInfo !== undefined],
  [/\(array\)/, (news) => Array.isArray(news.resourceData)],
  [
    /only the bot itself, isInLobby true/,
    (news) => membersOf(news).length === 1 && membersOf(news)[0]?.isInLobby === true,
  ],
  [/isMuted changed/, (news) => membersOf(news).some(({ isMuted }) => isMuted)],
  [/without that participant/, (news) => membersOf(news).length === 2],
  [/terminationReason AppTransferred/, (news) => dataOf(news).terminationReason === 'AppTransferred'],
  [/^(\w+Operation) deleted/, (news) => String(dataOf(news)['@odata.type']).endsWith('Operation')],
  [
    /completed with recordingLocation/,
    (news) =>
      dataOf(news).status !== 'completed' ||
      Boolean(dataOf(news).recordingLocation && dataOf(news).recordingAccessToken),
  ],
]

/** `0/7015 (example) or 200/7015`, `480/10037 | 480/10076`, `412/9999 and others`. */
function isResult(text: string, { resultInfo }: Data): boolean {
  const pairs: string[] = text.match(/\d+\/\d+/g) ?? []
  return resultInfo !== undefined && (pairs.includes(`${resultInfo.code}/${resultInfo.subcode}`) || /others/.test(text))
}

/** The addresses that a step can mean. Rejecting and giving up name none, so theirs is the webhook. */
const targets: Record<string, string> = {
  webhook: '/api/calls',
  callbackUri: new URL(callback).pathname,
  'callbackUri of the redirect request': new URL(callback).pathname,
}

type Heard = { told: Told; news: News | null; used: boolean }

function fits(step: Step, { told, news }: Heard, id: string): boolean {
  if (step.botAnswers === 204) return news === null
  if (!news || !step.resource) return false
  const data = dataOf(news)
  if (step.resource === 'policy recording') return data['@odata.type'] === `#microsoft.graph.${step.what.split(' ')[0]}`
  return (
    news.resourceUrl.includes(id) &&
    Boolean(isOf[step.resource]?.test(news.resourceUrl)) &&
    news.changeType === step.changeType &&
    (step.state === undefined || data.state === step.state) &&
    (step.status === undefined || step.status.split('|').includes(data.status ?? '')) &&
    (step.result === undefined || isResult(step.result, data)) &&
    (step.target === undefined || told.path === targets[step.target]) &&
    sayings.every(([says, holds]) => !says.test(step.what) || holds(news))
  )
}

const wordsOf = ({ news }: Heard): string => {
  if (!news) return 'the old Skype form'
  const resource = Object.keys(isOf).find((name) => isOf[name]?.test(news.resourceUrl))
  return [resource, news.changeType, dataOf(news).state ?? dataOf(news).status].filter(Boolean).join(' ')
}

async function play(sequence: Sequence, stage: Stage): Promise<void> {
  let id = (await stage.begin?.()) ?? ''
  if (sequence.startState !== null) expect((await view(id)).state).toBe(sequence.startState)
  // Except for an operation that was begun, nothing of what brought the call there counts.
  line.heard.length = 0
  const heard: Heard[] = []
  const hear = () => {
    for (const told of line.heard.slice(new Set(heard.map((one) => one.told)).size)) {
      const all = newsIn(told)
      heard.push(...(all.length > 0 ? all : [null]).map((news) => ({ told, news, used: false })))
    }
    id ||= /\/calls\/([^/]+)/.exec(heard.find(({ news }) => news)?.news?.resourceUrl ?? '')?.[1] ?? ''
  }
  const asks = [...(stage.asks ?? [])]
  /** Where the next notification may stand at the earliest, and where the first of those that may swap. */
  let from = 0
  let groupFrom = 0

  for (const [place, step] of sequence.steps.entries()) {
    await stage.before?.[place]?.(id)
    if (step.who === 'bot') {
      if (step.answersWithBody) continue // its body is the webhook's answer to the step before
      const ask = await asks.shift()?.(id)
      if (!ask) throw new Error(`the stage has no request for ${step.what}`)
      const lastAt = heard.at(-1)?.told.at
      if (step.withinSeconds !== undefined) {
        expect(line.clock.now() - (lastAt ?? 0)).toBeLessThan(step.withinSeconds * 1000)
      }
      const reply = await send(ask)
      expect(reply.status, JSON.stringify(reply.body)).toBe(step.expects)
      const { id: made, state, status } = (reply.body ?? {}) as { id?: string; state?: string; status?: string } // of Graph
      if (step.operation === 'create-call') id = made ?? ''
      if (step.state !== undefined) expect(state).toBe(step.state)
      if (step.operationStatus !== undefined) expect(status).toBe(step.operationStatus)
      hear()
      continue
    }

    const start = step.mayReorder ? groupFrom : from
    const isNext = () => {
      hear()
      return heard.some((one, index) => index >= start && !one.used && fits(step, one, id))
    }
    const isThere = isNext() || (!step.optional && (await line.clock.runUntil(isNext, 3_600_000)))
    if (!isThere) {
      if (step.optional) continue
      throw new Error(`not told: ${step.what}\nbut: ${heard.map(wordsOf).join(', ')}`)
    }
    for (const [index, one] of heard.entries()) {
      if (index < start || one.used || !fits(step, one, id)) continue
      one.used = true
      from = Math.max(from, index + 1)
      if (!step.repeats && !step.mayRepeat) break
    }
    if (!step.mayReorder) groupFrom = from
    if (step.repeats) await line.advance(1000)
    hear()
    if (step.repeats) for (const one of heard) if (fits(step, one, id)) one.used = true
  }

  await line.advance()
  hear()
  const unlisted = heard.filter(({ used }) => !used).map(wordsOf)
  // `established` may repeat (rules of the contract): the one with media is not listed everywhere.
  const explained = Object.keys({ ...stage.besides, 'call updated established': true })
  expect(unlisted.filter((words) => !explained.includes(words))).toEqual([])
}

async function send({ method, path, body, token }: Ask): Promise<Answer> {
  return line.ask(method, path, { body, token: token ?? (await line.appToken()) })
}

describe.skipIf(!contractIsThere)('a sequence of the contract', () => {
  it.each(sequences.map((one) => [one.name.replaceAll('-', ' '), one] as const))('%s', async (_, sequence) => {
    const stage = stages[sequence.name]
    if (!stage) throw new Error(`there is no stage for ${sequence.name}`)
    await play(sequence, stage)
  })

  it('is one of 28, each with a stage', () => {
    expect(sequences).toHaveLength(28)
    expect(Object.keys(stages).sort()).toEqual(sequences.map(({ name }) => name).sort())
  })

  it.each<[string, (steps: Step[]) => Step[]]>([
    ['a step that does not come', (steps) => [...steps, { ...steps[0], what: 'another call', who: 'service' }]],
    ['a step that is not listed', (steps) => steps.slice(0, -1)],
    ['another state', (steps) => steps.map((step) => (step.state ? { ...step, state: 'hold' } : step))],
    ['another address', (steps) => steps.map((step) => (step.target ? { ...step, target: 'callbackUri' } : step))],
    ['another answer to the bot', (steps) => steps.map((step) => (step.expects ? { ...step, expects: 204 } : step))],
  ])('shows %s', async (_, change) => {
    const sequence = sequences.find(({ name }) => name === 'incoming-redirected')
    const stage = stages['incoming-redirected']
    if (!sequence || !stage) throw new Error('the contract has no such sequence')
    const steps = sequence.steps.map((step) => (step.changeType === 'created' ? { ...step, target: 'webhook' } : step))
    await expect(play({ ...sequence, steps: change(steps) }, stage)).rejects.toThrow()
  })
})

describe.skipIf(!contractIsThere)('policy recording', () => {
  const record = async (text: string, capacity = 2) => {
    const id = await states.established({}, { participantCapacity: capacity })
    line.heard.length = 0
    line.answerNewsBy((body) =>
      JSON.stringify(body).includes('participantJoining') ? { status: 200, text } : { status: 202 },
    )
    await control('POST', `/calls/${id}/policyParticipants`, { user: { id: bob.id, displayName: 'Bob' } })
    await line.advance()
    return id
  }

  it('tells who joins and who left as their types are declared', async () => {
    const id = await record(JSON.stringify(joinResponses.accept))
    const [one] = await policyParticipants(id)
    await control('DELETE', `/calls/${id}/policyParticipants/${one?.id}`)
    await line.advance()
    expect(line.heard).toHaveLength(2)
    const validate = contractValidator('notifications.v1.json')
    for (const [place, name] of ['participantJoiningNotification', 'participantLeftNotification'].entries()) {
      const told = line.heard[place]
      expect(validate(told?.body), JSON.stringify(validate.errors)).toBe(true)
      const data = newsIn(told ?? { path: '', body: {}, at: 0 })[0]?.resourceData
      const validateData = contractValidator(`types.v1.strict.json#/$defs/microsoft.graph.${name}`)
      expect(validateData(data), JSON.stringify(validateData.errors)).toBe(true)
      expect(told?.path).toBe(new URL(callback).pathname)
    }
  })

  it('takes a rejection, and an answer that is none, without more ado', async () => {
    const rejected = await record(JSON.stringify(joinResponses.reject))
    expect(await policyParticipants(rejected)).toMatchObject([{ response: 'reject', newCallId: null }])
    const mute = await record('')
    expect(await policyParticipants(mute)).toMatchObject([{ response: null }])
    expect((await view(mute)).transcript.at(-1)).toMatchObject({ kind: 'failed', what: 'notification' })
  })

  it('calls another bot at the address that inviteNewBot names', async () => {
    const id = await record(JSON.stringify(joinResponses.inviteNewBot))
    const [one] = await policyParticipants(id)
    expect(one?.response).toBe('inviteNewBot')
    const incoming = line.heard.find(({ path }) => path === '/api/other')
    expect(newsIn(incoming ?? { path: '', body: {}, at: 0 })[0]).toMatchObject({
      changeType: 'created',
      resourceData: { id: one?.newCallId, state: 'incoming', source: { identity: { user: { id: bob.id } } } },
    })
  })

  it('goes by the capacity that the answer named', async () => {
    const full = await record(JSON.stringify(joinResponses.accept), 1)
    const path = (id: string) => `/emulator/calls/${id}/policyParticipants`
    const body = { user: { id: ann.id } }
    expect(await line.ask('POST', path(full), { body })).toMatchObject({
      status: 409,
      body: { error: { code: 'capacityReached' } },
    })
    expect(await line.ask('POST', path(await states.established()), { body })).toMatchObject({
      status: 409,
      body: { error: { code: 'noPolicyRecording' } },
    })
  })
})
