import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { publicUrl, tenantId } from '../testing/testLine.ts'
import { ann, bob } from '../testing/testResources.ts'
import { fullApp, invitation, newsIn, openStates, outgoing } from '../testing/testStates.ts'

/** What happens when people and bots do things at the same time, or while nobody looks. In virtual time. */

const otherApp = { ...fullApp, appId: '7a1b6c2e-0000-4000-8000-000000000001', webhook: `${publicUrl}/api/other` }
const line = openStates({ apps: [fullApp, otherApp], lobbyTimeoutMs: 60_000 })
const { control, onCalls, done, advance, states, view } = line
afterEach(() => line.reset())
afterAll(() => line.close())

type Meeting = { id: string; joinMeetingId: string; passcode: string }
const join = ({ joinMeetingId, passcode }: Meeting, more: object = {}) =>
  outgoing({
    meetingInfo: { '@odata.type': '#microsoft.graph.joinMeetingIdMeetingInfo', joinMeetingId, passcode },
    ...more,
  })
const codeOf = async (asked: ReturnType<typeof onCalls>) => {
  const { status, body } = await asked
  return `${status}/${(body as { error?: { code: string } } | null)?.error?.code ?? ''}`
}
const idsIn = async (id: string) =>
  (await view(id)).participants.flatMap(({ identity }) => Object.values(identity)[0]?.id ?? [])
const told = (id: string) => line.heard.flatMap(newsIn).filter(({ resourceUrl }) => resourceUrl.includes(id))
const operationsOf = (id: string) =>
  told(id)
    .filter(({ resourceUrl }) => resourceUrl.includes('/operations/'))
    .map(({ resourceData }) => resourceData as { status: string; resultInfo?: { code: number; subcode: number } })
const act = async (id: string, who: string, action: string) => {
  const { conversation, participants } = await view(id)
  const one = participants.find(({ identity, callId }) => callId === who || Object.values(identity)[0]?.id === who)
  await control('POST', `/conversations/${conversation.id}/participants/${one?.id}`, { action })
}

describe('a bot in the lobby', () => {
  async function waiting() {
    const meeting = (await states.meeting({ lobbyBypass: 'organizer' })) as Meeting
    const ann1 = await control<{ id: string }>('POST', `/meetings/${meeting.id}/join`, {
      user: { id: ann.id },
    })
    return { id: await states.made(join(meeting)), ann: ann1.id }
  }

  it('sees itself only, and can do nothing in the meeting', async () => {
    const { id, ann: annHere } = await waiting()
    const { body } = await onCalls('GET', `/${id}/participants`)
    expect(body).toMatchObject({ value: [{ isInLobby: true }] })
    expect((body as { value: unknown[] }).value).toHaveLength(1)
    expect(await codeOf(onCalls('GET', `/${id}/participants/${annHere}`))).toBe('404/8522')
    for (const [method, path, more] of [
      [
        'POST',
        '/playPrompt',
        { prompts: [{ '@odata.type': '#microsoft.graph.mediaPrompt', mediaInfo: { uri: `${publicUrl}/a.wav` } }] },
      ],
      ['POST', '/recordResponse', {}],
      ['POST', '/subscribeToTone', {}],
      ['POST', '/participants/invite', { participants: [invitation({ user: { id: bob.id } })] }],
      ['POST', `/participants/${annHere}/mute`, {}],
      ['DELETE', `/participants/${annHere}`, undefined],
    ] as const) {
      expect(await codeOf(onCalls(method, `/${id}${path}`, more)), path).toBe('400/8585')
    }
    expect((await onCalls('POST', `/${id}/keepAlive`)).status).toBe(200)
  })

  it('that was let in stays in, however long it waited before', async () => {
    const { id } = await waiting()
    await advance(30_000)
    await act(id, id, 'admit')
    await advance(120_000)
    expect(await view(id)).toMatchObject({ state: 'established', participants: [{}, { isInLobby: false }] })
  })
})

describe('taking somebody over from another call', () => {
  const replaces = (leg: string, more: object = {}) =>
    invitation({ user: { id: '112f7296-5fa4-42ca-bae8-6a692b15d4b8' } }, { replacesCallId: leg, ...more })
  const bridge = async () => states.made(join((await states.meeting()) as Meeting))
  const invite = (id: string, guest: object, who?: { tenant: string }) =>
    onCalls('POST', `/${id}/participants/invite`, { participants: [guest] }, who)

  it('fails when that person has hung up meanwhile, and nobody comes', async () => {
    const [room, leg] = [await bridge(), await states.established()]
    await done(invite(room, replaces(leg)), 200)
    await control('POST', `/calls/${leg}/hangUp`)
    await advance()
    expect(operationsOf(room)).toMatchObject([{ status: 'failed', resultInfo: { code: 500 } }])
    expect(await idsIn(room)).toHaveLength(1)
  })

  it('fails for a call that still rings, and for a person who is not in it', async () => {
    await control('POST', '/people', { id: bob.id, onCall: 'ask' })
    const room = await bridge()
    const ringing = String(
      (await done(onCalls('POST', '', outgoing({ targets: [invitation({ user: { id: bob.id } })] })), 201)).id,
    )
    await advance(500)
    await done(invite(room, invitation({ user: { id: bob.id } }, { replacesCallId: ringing })), 200)
    const group = await states.group({
      targets: [ann, { id: '00000000-0000-4000-8000-00000000000a' }].map(({ id }) => invitation({ user: { id } })),
    })
    await done(
      invite(room, invitation({ user: { id: '00000000-0000-4000-8000-00000000000b' } }, { replacesCallId: group })),
      200,
    )
    await advance()
    expect(operationsOf(room).map(({ status }) => status)).toEqual(['failed', 'failed'])
    expect(await idsIn(room)).toHaveLength(1)
  })

  it('takes one out of another group, which goes on without', async () => {
    const [room, group] = [await bridge(), await states.group()]
    const person = (await view(group)).participants.find(({ identity }) => identity.user?.id === ann.id)?.id
    await done(
      invite(room, invitation({ user: { id: ann.id } }, { replacesCallId: group, participantId: person })),
      200,
    )
    await advance()
    expect(await idsIn(room)).toContain(ann.id)
    expect(await idsIn(group)).not.toContain(ann.id)
    expect((await view(group)).state).toBe('established')
  })

  it.each([
    ['its own call', async (leg: string) => leg],
    ['a call that is not answered', () => states.incoming()],
    ['a call that ends meanwhile', () => states.established()],
  ])('a consultative transfer that replaces %s fails as documented', async (what, other) => {
    const leg = await states.established()
    const replacesCallId = await other(leg)
    const target = invitation({ user: { id: '112f7296-5fa4-42ca-bae8-6a692b15d4b8' } }, { replacesCallId })
    await done(onCalls('POST', `/${leg}/transfer`, { transferTarget: target }), 202)
    if (what.includes('meanwhile')) await control('POST', `/calls/${replacesCallId}/hangUp`)
    await advance()
    expect(told(leg).at(-1)?.resourceData).toMatchObject({
      state: 'established',
      resultInfo: { code: 500, subcode: 7700 },
    })
  })
})

describe('a transfer in a group', () => {
  it('cannot move another bot', async () => {
    const meeting = (await states.meeting()) as Meeting
    const one = await states.made(join(meeting))
    const two = String((await done(onCalls('POST', '', join(meeting), { app: otherApp.appId }), 201)).id)
    await advance()
    const other = (await view(one)).participants.find(({ callId }) => callId === two)?.id
    const transferee = { '@odata.type': '#microsoft.graph.participantInfo', participantId: other }
    const transferTarget = invitation({ user: { id: bob.id } })
    expect(await codeOf(onCalls('POST', `/${one}/transfer`, { transferTarget, transferee }))).toBe('400/8523')
    expect((await view(two)).state).toBe('established')
  })

  it('that fails is followed by the roster: who came meanwhile was not told', async () => {
    await control('POST', '/people', { id: bob.id, onTransfer: 'decline', afterMs: 5_000 })
    const meeting = (await states.meeting()) as Meeting
    const id = await states.made(join(meeting))
    const came = await control<{ id: string }>('POST', `/meetings/${meeting.id}/join`, { user: { id: ann.id } })
    const transferee = { '@odata.type': '#microsoft.graph.participantInfo', participantId: came.id }
    await done(
      onCalls('POST', `/${id}/transfer`, { transferTarget: invitation({ user: { id: bob.id } }), transferee }),
      202,
    )
    await advance(1_000)
    await control('POST', `/meetings/${meeting.id}/join`, { user: { id: 'late' } })
    await advance(10_000)
    const rosters = told(id).filter(({ resourceUrl }) => resourceUrl.endsWith('/participants'))
    expect(JSON.stringify(rosters.at(-1)?.resourceData)).toContain('"late"')
  })

  it('that is accepted ends what sounds', async () => {
    line.files.clear()
    const id = await states.established()
    const prompts = [{ '@odata.type': '#microsoft.graph.mediaPrompt', mediaInfo: { uri: `${publicUrl}/a.wav` } }]
    await done(onCalls('POST', `/${id}/playPrompt`, { prompts: Array.from({ length: 20 }, () => prompts[0]) }), 200)
    await advance(100)
    await done(onCalls('POST', `/${id}/transfer`, { transferTarget: invitation({ user: { id: ann.id } }) }), 202)
    await line.clock.runUntil(() => JSON.stringify(told(id)).includes('transferAccepted'), 10_000)
    expect((await view(id)).playing).toBeNull()
  })
})

describe('an invited bot', () => {
  it('is called itself, and comes in by its own leg', async () => {
    const id = await states.established()
    await done(
      onCalls('POST', `/${id}/participants/invite`, {
        participants: [invitation({ application: { id: otherApp.appId } })],
      }),
      200,
    )
    await advance(100)
    const calls = await control<{ id: string; appId: string }[]>('GET', '/calls')
    const leg = calls.find(({ appId }) => appId === otherApp.appId)?.id ?? ''
    expect(line.heard.some(({ path }) => path === '/api/other')).toBe(true)
    expect(told(leg)[0]?.resourceData).toMatchObject({ state: 'incoming', chatInfo: { messageId: '0' } })
    const answer = {
      mediaConfig: { '@odata.type': '#microsoft.graph.serviceHostedMediaConfig' },
      acceptedModalities: ['audio'],
    }
    await done(onCalls('POST', `/${leg}/answer`, answer, { app: otherApp.appId }), 202)
    await advance()
    expect(operationsOf(id)).toMatchObject([{ status: 'completed' }])
    expect((await view(id)).participants.map(({ callId }) => callId)).toEqual([null, id, leg])
    // Two bots without people are no group call.
    await control('POST', `/calls/${id}/hangUp`)
    await advance()
    expect([(await view(id)).state, (await view(leg)).state]).toEqual(['terminated', 'terminated'])
  })

  it('that does not answer was invited in vain', async () => {
    const id = await states.established()
    await done(
      onCalls('POST', `/${id}/participants/invite`, {
        participants: [invitation({ application: { id: otherApp.appId } })],
      }),
      200,
    )
    await advance(20_000)
    expect(operationsOf(id)).toMatchObject([{ status: 'failed' }])
    expect(await idsIn(id)).toHaveLength(2)
  })
})

describe('what is left behind', () => {
  it('everybody can leave at once, and then a group call is over', async () => {
    const id = await states.group()
    expect((await line.ask('POST', `/emulator/calls/${id}/hangUp`)).status).toBe(409)
    const { conversation } = await view(id)
    expect((await line.ask('POST', `/emulator/conversations/${conversation.id}/leave`)).status).toBe(204)
    expect(await view(id)).toMatchObject({ state: 'terminated', result: { subcode: 5010 } })
  })

  it('a caller who gives up before the bot is connected leaves no call', async () => {
    const id = await states.incoming()
    await act(id, '112f7296-5fa4-42ca-bae8-6a692b15d4b8', 'leave')
    expect((await view(id)).state).toBe('terminated')
  })

  it('an invitation of a call that ended can be taken by nobody', async () => {
    await control('POST', '/people', { id: ann.id, onCall: 'ask' })
    const id = await states.established()
    await done(
      onCalls('POST', `/${id}/participants/invite`, { participants: [invitation({ user: { id: ann.id } })] }),
      200,
    )
    expect(await control<unknown[]>('GET', '/rings')).toHaveLength(1)
    await control('POST', `/calls/${id}/hangUp`)
    expect(await control<unknown[]>('GET', '/rings')).toHaveLength(0)
  })

  it('a meeting that nobody made goes with the last who leaves', async () => {
    const organizer = { '@odata.type': '#microsoft.graph.identitySet', user: { id: ann.id } }
    const id = await states.made(
      outgoing({
        chatInfo: { '@odata.type': '#microsoft.graph.chatInfo', threadId: '19:meeting_x@thread.v2', messageId: '0' },
        meetingInfo: { '@odata.type': '#microsoft.graph.organizerMeetingInfo', organizer },
      }),
    )
    expect(await control<unknown[]>('GET', '/meetings')).toHaveLength(1)
    await done(onCalls('DELETE', `/${id}`), 204)
    await advance()
    expect(await control<unknown[]>('GET', '/meetings')).toHaveLength(0)
  })

  it('who leaves shares nothing any more, and is in no route of sound', async () => {
    const id = await states.group()
    const { participants } = await view(id)
    const idOf = (who: string) => participants.find(({ identity }) => identity.user?.id === who)?.id
    await act(id, ann.id, 'share')
    await done(
      onCalls('POST', `/${id}/audioRoutingGroups`, {
        id: 'r',
        routingMode: 'oneToOne',
        sources: [idOf(bob.id)],
        receivers: [idOf(ann.id)],
      }),
      200,
    )
    await act(id, ann.id, 'leave')
    expect((await onCalls('GET', `/${id}/contentSharingSessions`)).body).toMatchObject({ value: [] })
    expect((await onCalls('GET', `/${id}/audioRoutingGroups`)).body).toMatchObject({ value: [] })
  })

  it('routes of sound belong to the bot that made them', async () => {
    const meeting = (await states.meeting()) as Meeting
    const one = await states.made(join(meeting))
    const two = String((await done(onCalls('POST', '', join(meeting), { app: otherApp.appId }), 201)).id)
    await advance()
    const ids = (await view(one)).participants.map(({ id }) => id)
    await done(
      onCalls('POST', `/${one}/audioRoutingGroups`, {
        id: 'r',
        routingMode: 'oneToOne',
        sources: [ids[0]],
        receivers: [ids[1]],
      }),
      200,
    )
    expect((await onCalls('GET', `/${two}/audioRoutingGroups`, undefined, { app: otherApp.appId })).body).toMatchObject(
      { value: [] },
    )
  })

  it('operations and sounds of long calls are not kept for ever', async () => {
    const id = await states.established()
    const first = String((await done(onCalls('POST', `/${id}/subscribeToTone`, {}), 200)).id)
    for (let count = 0; count < 200; count += 1) await onCalls('POST', `/${id}/subscribeToTone`, {})
    expect((await onCalls('GET', `/${id}/operations/${first}`)).status).toBe(404)
  })
})

describe('create-call is refused', () => {
  it.each([
    ['a target that is null', { targets: [null] }],
    ['a target without an id', { targets: [invitation({ user: {} })] }],
    [
      'a number that is none',
      {
        targets: [invitation({ phone: { id: 'not a number' } })],
        source: { identity: { applicationInstance: { id: 'i' } } },
      },
    ],
    [
      'a group with a number',
      {
        targets: [invitation({ user: { id: 'u' } }), invitation({ phone: { id: '+14255550142' } })],
        source: { identity: { applicationInstance: { id: 'i' } } },
      },
    ],
    [
      'a guest without a name',
      {
        meetingInfo: { '@odata.type': '#microsoft.graph.tokenMeetingInfo', token: 't' },
        source: { identity: { guest: { id: 'g' } } },
      },
    ],
  ])('for %s', async (_what, more) => {
    expect(await codeOf(onCalls('POST', '', outgoing(more)))).toBe('400/8523')
  })

  it('not for ids in capitals', async () => {
    const source = { identity: { application: { id: fullApp.appId.toUpperCase() } } }
    const body = outgoing({ tenantId: tenantId.toUpperCase(), source, targets: [invitation({ user: { id: ann.id } })] })
    expect(await codeOf(onCalls('POST', '', body))).toBe('201/')
  })
})
