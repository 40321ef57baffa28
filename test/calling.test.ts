import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { LiveCall } from '#communications/calling/call.ts'
import { type Calling, createCalling } from '#communications/calling/calling.ts'
import { parseNotifications } from '#communications/inbound/notifications.ts'
import { createClient } from '#communications/requests/client.ts'
import { createTokens } from '#communications/road/tokens.ts'
import { wav } from '#emulator/testing/testBot.ts'
import { appId, john, type Line, publicUrl, secret, startLine, tenantId } from '#emulator/testing/testLine.ts'
import { freePort } from '#scripts/start/ports.ts'
import { startSimpleIvr } from './samples/simpleIvr.ts'

/** Whole calls of the stateful client against the emulator, over HTTP. */

const operator = '550fae72-d251-43ec-868c-373732c2704f'

describe('a call that is followed', () => {
  let line: Line
  let calling: Calling
  let follow: () => Calling
  const errors: unknown[] = []
  const closing: (() => Promise<void>)[] = []

  beforeAll(async () => {
    line = await startLine()
    follow = () => {
      const tokens = createTokens({ appId, credential: { secret }, loginUrl: line.emulatorOrigin })
      const client = createClient({ tokens, graphUrl: line.emulatorOrigin })
      const one = createCalling({
        client,
        callbackUri: `${publicUrl}/api/calls`,
        onError: (error) => errors.push(error),
      })
      closing.push(async () => {
        one.close()
        await client.close()
        await tokens.close()
      })
      return one
    }
    calling = follow()
    line.bot.onNotification = (body) => {
      const parsed = parseNotifications(body)
      if (parsed.kind === 'graph') setImmediate(() => calling.hear(parsed.notifications, { tenantId }))
      return 202
    }
    line.bot.files.set('/hello.wav', { bytes: wav({ ms: 200 }), text: 'Hello' })
    line.bot.files.set('/long.wav', { bytes: wav({ ms: 60_000 }), text: 'A long story' })
  })
  afterAll(async () => {
    for (const close of closing) await close()
    await line.close()
    expect(errors).toEqual([])
  })

  const prompt = (path: string) => ({ prompts: [{ uri: publicUrl + path, resourceId: path }] })

  /** Somebody calls, and the bot answers and is heard. */
  async function dial(more: Record<string, unknown> = {}): Promise<LiveCall> {
    const incoming = new Promise<LiveCall>((resolve) => calling.on('incoming', resolve))
    await line.dial(more)
    const call = await incoming
    await call.answer()
    await call.until('mediaActive', 3_000)
    return call
  }

  it('speaks, hears keys in order, and ends when the bot hangs up', async () => {
    const call = await dial()
    expect(call).toMatchObject({ direction: 'incoming', tenantId, state: 'established', mediaActive: true })
    expect(call.source?.identity?.user?.id).toBe(john.user.id)
    await call.subscribeToTone()
    const keys: string[] = []
    call.on('tone', ({ tone }) => keys.push(tone))
    expect(await call.playPrompt(prompt('/hello.wav'))).toMatchObject({ status: 'completed' })
    await line.request('POST', `/emulator/calls/${call.id}/tones`, { tones: '12#', gapMs: 1 })
    await vi.waitFor(() => expect(keys).toEqual(['tone1', 'tone2', 'pound']))
    await call.hangUp()
    expect(call.ended).toMatchObject({ how: 'terminated', resultInfo: { code: 200 } })
    expect(calling.calls).toEqual([])
  })

  it('rejects the prompt that is talked over and the one that waits, and goes on', async () => {
    const call = await dial()
    const both = [call.playPrompt(prompt('/long.wav')), call.playPrompt(prompt('/hello.wav'))]
    const outcomes = Promise.allSettled(both)
    await line.until(call.id, (entry) => entry.kind === 'prompt')
    await call.cancelMediaProcessing()
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: { code: 'cancelled' } })
    expect(await call.playPrompt(prompt('/hello.wav'))).toMatchObject({ status: 'completed' })
    await call.hangUp()
  })

  it('ends every promise when the caller hangs up', async () => {
    const call = await dial()
    const outcomes = Promise.allSettled([call.playPrompt(prompt('/long.wav')), call.until('tone')])
    await line.until(call.id, (entry) => entry.kind === 'prompt')
    await line.request('POST', `/emulator/calls/${call.id}/hangUp`)
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: { code: 'callEnded' } })
    await expect(call.playPrompt(prompt('/hello.wav'))).rejects.toMatchObject({ code: 'callEnded' })
  })

  it('is transferred, or is back with the bot', async () => {
    const declined = await dial({ transfers: 'decline' })
    await expect(declined.transfer({ target: { user: { id: operator } } })).rejects.toMatchObject({
      code: 'transferFailed',
    })
    expect(declined.state).toBe('established')
    await declined.hangUp()
    const accepted = await dial({ transfers: 'accept' })
    await accepted.transfer({ target: { user: { id: operator } } })
    expect(await accepted.until('ended', 3_000)).toMatchObject({ resultInfo: { subcode: 7015 } })
  })

  it('is rejected, and leaves', async () => {
    const incoming = new Promise<LiveCall>((resolve) => calling.on('incoming', resolve))
    await line.dial()
    const call = await incoming
    await call.reject({ reason: 'busy' })
    await call.until('ended', 3_000)
    expect(calling.calls).toEqual([])
  })

  it('is placed by the bot, and heard from its first moment', async () => {
    await line.request('POST', '/emulator/people', { id: operator, onCall: 'accept', afterMs: 1 })
    const call = await calling.place({ tenantId, targets: [{ user: { id: operator } }] })
    expect(call.direction).toBe('outgoing')
    await call.until('mediaActive', 3_000)
    await call.playPrompt(prompt('/hello.wav'))
    await call.hangUp()
  })

  it('is placed by the bot and declined, and ends', async () => {
    await line.request('POST', '/emulator/people', { id: operator, onCall: 'decline', afterMs: 1 })
    const call = await calling.place({ tenantId, targets: [{ user: { id: operator } }] })
    expect((await call.until('ended', 3_000)).resultInfo?.code).toBeGreaterThanOrEqual(400)
    await line.request('POST', '/emulator/people', { id: operator, onCall: 'accept', afterMs: 1 })
  })

  const ann = { id: '278405a3-f568-4b3e-b684-009193463064', displayName: 'Ann' }
  const names = (call: LiveCall) => [...call.roster.values()].map(({ info }) => Object.values(info?.identity ?? {}))
  const meetingOf = async () =>
    (
      await line.request<{ id: string; joinMeetingId: string; passcode: string }>('POST', '/emulator/meetings', {
        organizer: ann,
      })
    ).body
  const join = ({ joinMeetingId, passcode }: { joinMeetingId: string; passcode: string }, more: object = {}) =>
    calling.place({
      tenantId,
      meetingInfo: { '@odata.type': '#microsoft.graph.joinMeetingIdMeetingInfo', joinMeetingId, passcode },
      ...more,
    })

  it.each([
    ['in full', {}],
    ['by its changes', { callOptions: { isDeltaRosterEnabled: true } }],
  ])('in a meeting keeps the roster that is told %s, and ends with the meeting', async (_how, more) => {
    const meeting = await meetingOf()
    const call = await join(meeting, more)
    await call.until('mediaActive', 3_000)
    await vi.waitFor(() => expect(names(call)).toHaveLength(1))
    expect(call.roster.has(call.myParticipantId ?? '')).toBe(true)
    const { body } = await line.request<{ id: string }>('POST', `/emulator/meetings/${meeting.id}/join`, { user: ann })
    await vi.waitFor(() => expect(call.roster.get(body.id)?.info?.identity?.user).toMatchObject(ann))
    expect(names(call)).toHaveLength(2)
    await call.muteParticipant(body.id)
    await vi.waitFor(() => expect(call.roster.get(body.id)?.isMuted).toBe(true))
    expect(await call.startHoldMusic(body.id)).toMatchObject({ status: 'completed' })
    expect(await call.stopHoldMusic(body.id)).toMatchObject({ status: 'completed' })
    await call.removeParticipant(body.id)
    await vi.waitFor(() => expect(names(call)).toHaveLength(1))
    await line.request('POST', `/emulator/meetings/${meeting.id}/end`)
    expect(await call.until('ended', 3_000)).toMatchObject({ resultInfo: { code: 200, subcode: 5001 } })
  })

  it('becomes a group when the third one comes, and goes on when nobody does', async () => {
    await line.request('POST', '/emulator/people', { id: ann.id, onCall: 'decline', afterMs: 1 })
    const call = await dial()
    const invitation = { participants: [{ party: { user: ann } }] }
    await expect(call.invite(invitation)).rejects.toMatchObject({ name: 'OperationError', resultInfo: { code: 480 } })
    expect(call.state).toBe('established')
    await line.request('POST', '/emulator/people', { id: ann.id, onCall: 'accept', afterMs: 1 })
    await call.invite(invitation)
    await vi.waitFor(() => expect(names(call)).toHaveLength(3))
    await call.hangUp()
  })

  it('moves into a meeting, and ends where it was', async () => {
    const bridge = await join(await meetingOf())
    await bridge.until('established', 3_000)
    const call = await dial()
    const outcome = call.until('ended', 3_000)
    await bridge.invite({ participants: [{ party: { user: john.user }, replacesCallId: call.id }] })
    await outcome
    await vi.waitFor(() => expect(JSON.stringify(names(bridge))).toContain(john.user.id))
    await bridge.hangUp()
  })

  it('records what is said, and sends keys', async () => {
    const call = await dial()
    const recording = call.recordResponse({ playBeep: false, maxSilenceTimeoutInSeconds: 1 })
    await line.until(call.id, ({ kind }) => kind === 'recording')
    await fetch(`${line.emulatorOrigin}/emulator/calls/${call.id}/speech`, {
      method: 'POST',
      headers: { 'content-type': 'audio/wav' },
      body: wav({ ms: 1_000 }).slice(),
    })
    expect(await recording).toMatchObject({
      status: 'completed',
      recordingLocation: expect.stringContaining('http'),
      recordingAccessToken: expect.any(String),
    })
    const silence = call.recordResponse({ playBeep: false, initialSilenceTimeoutInSeconds: 1 })
    await expect(silence).rejects.toMatchObject({ code: 'nothingSaid' })
    expect(await call.sendDtmfTones({ tones: ['tone1', 'pound'] })).toMatchObject({
      completionReason: 'completedSuccessfully',
    })
    await call.hangUp()
  })

  it('is taken up by another process after a restart', async () => {
    const before = await dial()
    calling.close()
    calling = follow()
    const call = await calling.resume({ id: before.id, tenantId })
    expect(call).toMatchObject({ id: before.id, state: 'established', mediaActive: true })
    await call.playPrompt(prompt('/hello.wav'))
    await call.hangUp()
    await expect(calling.resume({ id: before.id, tenantId })).rejects.toMatchObject({ code: 'callEnded' })
  })
})

describe('the simple IVR', () => {
  let line: Line
  let ivr: Awaited<ReturnType<typeof startSimpleIvr>>
  const errors: unknown[] = []

  beforeAll(async () => {
    const port = await freePort(12_000 + Math.floor(Math.random() * 18_000))
    line = await startLine({ addresses: { [publicUrl]: `http://127.0.0.1:${port}` } })
    const { emulatorOrigin } = line
    ivr = await startSimpleIvr({
      app: { appId, secret },
      publicUrl,
      port,
      operatorId: operator,
      audio: new Map(
        ['menu', 'hours', 'goodbye', 'nobody'].map((name) => [name, wav({ ms: name === 'menu' ? 60_000 : 200 })]),
      ),
      onError: (error) => errors.push(error),
      emulator: {
        loginUrl: emulatorOrigin,
        graphUrl: emulatorOrigin,
        openIdUrl: `${emulatorOrigin}/v1/.well-known/OpenIdConfiguration`,
      },
    })
  })
  afterAll(async () => {
    const { calling, server, client, tokens } = ivr
    server.close().closeAllConnections()
    calling.close()
    await Promise.all([client.close(), tokens.close()])
    await line.close()
  })

  const hears = (id: string, name: string) =>
    line.until(id, (entry) => entry.kind === 'prompt' && entry.resourceId === name)
  const presses = (id: string, tones: string) =>
    line.request('POST', `/emulator/calls/${id}/tones`, { tones, gapMs: 1 })
  const ends = (id: string) => line.until(id, (entry) => entry.kind === 'ended')

  /** The menu, for the so manieth time. */
  const hearsMenu = (id: string, times: number) =>
    vi.waitFor(async () => {
      const { transcript } = await line.view(id)
      expect(transcript.filter((one) => one.kind === 'prompt' && one.resourceId === 'menu')).toHaveLength(times)
    }, 5_000)

  it('lets a key talk over the menu, tells the hours, and says goodbye', async () => {
    const id = await line.dial()
    await hearsMenu(id, 1)
    await presses(id, '2')
    await hears(id, 'hours')
    await hearsMenu(id, 2)
    await presses(id, '*')
    await hears(id, 'goodbye')
    expect(await ends(id)).toMatchObject({ by: 'bot' })
    expect(errors).toEqual([])
  })

  it('puts the caller through', async () => {
    const id = await line.dial({ transfers: 'accept' })
    await hearsMenu(id, 1)
    await presses(id, '1')
    expect(await ends(id)).toMatchObject({ by: 'service', result: { subcode: 7015 } })
    expect(errors).toEqual([])
  })

  it('takes the caller back when nobody can be reached', async () => {
    const id = await line.dial({ transfers: 'decline' })
    await hearsMenu(id, 1)
    await presses(id, '1')
    await hears(id, 'nobody')
    await hearsMenu(id, 2)
    await presses(id, '*')
    expect(await ends(id)).toMatchObject({ by: 'bot' })
    expect(errors).toEqual([])
  })

  it('has nothing left open when the caller hangs up in the middle of it', async () => {
    const id = await line.dial()
    await hears(id, 'menu')
    await line.request('POST', `/emulator/calls/${id}/hangUp`)
    await vi.waitFor(() => expect(ivr.calling.calls).toEqual([]))
    expect(errors).toEqual([])
  })

  it('listens to nobody but Microsoft', async () => {
    const { port } = ivr.server.address() as AddressInfo // it listens
    const body = JSON.stringify({
      value: [{ changeType: 'created', resourceUrl: `/communications/calls/${randomUUID()}` }],
    })
    const { status } = await fetch(`http://127.0.0.1:${port}/api/calls`, { method: 'POST', body })
    expect(status).toBe(403)
    expect(ivr.calling.calls).toEqual([])
  })
})
