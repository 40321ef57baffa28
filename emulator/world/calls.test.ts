import { afterAll, afterEach, expect, it } from 'vitest'
import { wav } from '../testing/testBot.ts'
import { answer, appId, john, type Line, prompts, serviceHosted, startLine, tenantId } from '../testing/testLine.ts'
import type { Entry } from './transcript.ts'

const usual = await startLine()
const others: Line[] = []

/** The usual emulator and bot, or their own for a test that needs other settings. */
const open: typeof startLine = async (...settings) => {
  if (settings.length === 0) return usual
  const line = await startLine(...settings)
  others.push(line)
  return line
}
afterEach(async () => {
  await usual.reset()
  await Promise.all(others.splice(0).map((line) => line.close()))
})
afterAll(() => usual.close())

const established = ['created incoming', 'updated establishing', 'updated established', 'updated established active']

it('carries a whole call: ring, answer, prompt, keys, hang-up', async () => {
  const line = await open()
  line.bot.files.set('/menu.wav', { bytes: wav({ ms: 500 }), text: 'Grüß Gott. Press 1 for sales.' })

  const id = await line.dialAndAnswer()
  expect((await line.graph('POST', `/${id}/subscribeToTone`, { clientContext: 'tones' })).body).toMatchObject({
    '@odata.type': '#microsoft.graph.subscribeToToneOperation',
    status: 'completed',
    clientContext: 'tones',
  })
  const playing = await line.graph<{ id: string }>('POST', `/${id}/playPrompt`, {
    prompts: prompts('/menu.wav'),
    clientContext: 'welcome',
  })
  expect(playing).toMatchObject({ status: 200, body: { status: 'running', clientContext: 'welcome' } })
  expect(playing.headers.get('location')).toContain(`/v1.0/communications/calls/${id}/operations/${playing.body.id}`)

  const prompt = await line.wait<Entry>(id, 'prompt=press%201')
  expect(prompt.body).toMatchObject({
    kind: 'prompt',
    text: 'Grüß Gott. Press 1 for sales.',
    durationMs: 500,
    clientContext: 'welcome',
    media: 1,
  })
  await line.request('POST', `/emulator/calls/${id}/tones`, { tones: '1*#', gapMs: 1 })
  await line.heard(8)
  await line.request('POST', `/emulator/calls/${id}/hangUp`)

  const news = await line.heard(9)
  expect(news.filter((one) => one !== 'deleted completed 200/0')).toEqual([
    ...established,
    'updated established tone1@1',
    'updated established star@2',
    'updated established pound@3',
    'deleted terminated 200/4521',
  ])
  expect(news).toContain('deleted completed 200/0')
  expect((await line.graph('GET', `/${id}`)).status).toBe(404)
  expect(await line.view(id)).toMatchObject({
    state: 'terminated',
    result: { code: 200, subcode: 4521 },
    playing: null,
    tonesHeard: true,
    from: { user: { id: john.user.id, displayName: 'John' } },
    to: { application: { id: appId } },
  })
})

it('ends an incoming call that nobody answers in time', async () => {
  const line = await open({ answerWithinMs: 30 })
  const id = await line.dial()
  expect(await line.heard(2)).toEqual(['created incoming', 'deleted terminated'])
  expect((await line.graph('POST', `/${id}/answer`, answer)).status).toBe(404)
})

it('ends a rejected call without a result', async () => {
  const line = await open()
  const id = await line.dial()
  expect((await line.graph('POST', `/${id}/reject`, { reason: 'busy' })).status).toBe(202)
  expect(await line.heard(2)).toEqual(['created incoming', 'deleted terminated'])
})

it('ends by the bot in two steps, 200/7000', async () => {
  const line = await open()
  const id = await line.dialAndAnswer()
  expect((await line.graph('DELETE', `/${id}`)).status).toBe(204)
  expect(await line.heard(6)).toEqual([...established, 'updated terminating', 'deleted terminated 200/7000'])
})

it('tells a hang-up from a phone by its own code', async () => {
  const line = await open()
  const id = await line.dialAndAnswer({ from: { phone: '+14255550123' } })
  await line.request('POST', `/emulator/calls/${id}/hangUp`)
  expect((await line.heard(5)).at(-1)).toBe('deleted terminated 200/540000')
})

it('plays for as long as the audio lasts, one operation after the other', async () => {
  const line = await open({ playbackSpeed: 10 })
  line.bot.files.set('/a.wav', { bytes: wav({ ms: 2000 }) })
  const id = await line.dialAndAnswer()
  await line.graph('POST', `/${id}/playPrompt`, { prompts: prompts('/a.wav', '/a.wav'), clientContext: 'first' })
  await line.graph('POST', `/${id}/playPrompt`, { prompts: prompts('/a.wav'), clientContext: 'second' })
  await line.heard(6)
  const { transcript } = await line.view(id)
  const sounds = transcript.filter((entry) => entry.kind === 'prompt' || entry.kind === 'promptEnded')
  expect(sounds.map((entry) => `${entry.kind} ${entry.clientContext} ${entry.media}`)).toEqual([
    'prompt first 1',
    'promptEnded first 1',
    'prompt first 2',
    'promptEnded first 2',
    'prompt second 3',
    'promptEnded second 3',
  ])
  const took = (sounds.at(-1)?.ms ?? 0) - (sounds[0]?.ms ?? 0)
  expect(took).toBeGreaterThanOrEqual(580)
  expect(took).toBeLessThan(1500)
  expect(line.news().slice(4)).toEqual(['deleted completed 200/0', 'deleted completed 200/0'])
})

it('cancels what sounds and what waits, each as failed 400/8508, and plays again afterwards', async () => {
  const line = await open({ playbackSpeed: 1 })
  line.bot.files.set('/long.wav', { bytes: wav({ ms: 20_000 }) })
  line.bot.files.set('/short.wav', { bytes: wav({ ms: 10 }) })
  const id = await line.dialAndAnswer()
  for (const clientContext of ['one', 'two']) {
    await line.graph('POST', `/${id}/playPrompt`, { prompts: prompts('/long.wav'), clientContext })
  }
  await line.wait(id, 'prompt=*')
  expect((await line.view(id)).playing).toMatchObject({ clientContext: 'one', index: 1, text: null })
  expect((await line.graph('POST', `/${id}/cancelMediaProcessing`, { clientContext: 'stop' })).body).toMatchObject({
    '@odata.type': '#microsoft.graph.cancelMediaProcessingOperation',
    status: 'completed',
    clientContext: 'stop',
  })
  await line.graph('POST', `/${id}/playPrompt`, { prompts: prompts('/short.wav'), clientContext: 'three' })
  expect((await line.heard(7)).slice(4)).toEqual([
    'deleted failed 400/8508',
    'deleted failed 400/8508',
    'deleted completed 200/0',
  ])
  expect((await line.view(id)).transcript.find((entry) => entry.kind === 'promptEnded')).toMatchObject({ cut: true })
})

it('says nothing more about the prompts of a call that ended', async () => {
  const line = await open({ playbackSpeed: 1 })
  line.bot.files.set('/long.wav', { bytes: wav({ ms: 300 }) })
  const id = await line.dialAndAnswer()
  await line.graph('POST', `/${id}/playPrompt`, { prompts: prompts('/long.wav') })
  await line.wait(id, 'prompt=*')
  await line.request('POST', `/emulator/calls/${id}/hangUp`)
  await line.heard(5)
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(line.news()).toEqual([...established, 'deleted terminated 200/4521'])
})

it.each([
  ['8 kHz', wav({ rate: 8000 }), '400/8535'],
  ['stereo', wav({ channels: 2 }), '400/8535'],
  ['8 bit', wav({ bits: 8 }), '400/8535'],
  ['no PCM', wav({ encoding: 7 }), '400/8535'],
  ['no WAV at all', Buffer.from('<html>an error page that is long enough to be looked at</html>'), '400/8535'],
  ['too large', wav({ ms: 40_000 }), '400/8536'],
  ['not there', null, '400/8536'],
])('does not play a prompt that is %s', async (_what, bytes, code) => {
  const line = await open({ promptMaxBytes: 1_000_000 })
  if (bytes) line.bot.files.set('/bad.wav', { bytes })
  const id = await line.dialAndAnswer()
  await line.graph('POST', `/${id}/playPrompt`, { prompts: prompts('/bad.wav') })
  expect((await line.heard(5)).at(-1)).toBe(`deleted failed ${code}`)
})

it('contacts no host that is neither mapped nor this machine', async () => {
  const line = await open()
  const id = await line.dialAndAnswer()
  const elsewhere = { '@odata.type': '#microsoft.graph.mediaPrompt', mediaInfo: { uri: 'https://example.com/a.wav' } }
  await line.graph('POST', `/${id}/playPrompt`, { prompts: [elsewhere] })
  expect((await line.heard(5)).at(-1)).toBe('deleted failed 400/8536')
  const failed = (await line.view(id)).transcript.find((entry) => entry.kind === 'failed')
  expect(failed).toMatchObject({ message: expect.stringContaining('no local address for https://example.com') })
})

it('fetches a prompt once for its resourceId, and each time without one', async () => {
  const line = await open()
  line.bot.files.set('/a.wav', { bytes: wav({ ms: 10 }) })
  const id = await line.dialAndAnswer()
  const cached = prompts('/a.wav').map((prompt) => ({ ...prompt, mediaInfo: { ...prompt.mediaInfo, resourceId: 'a' } }))
  await line.graph('POST', `/${id}/playPrompt`, { prompts: [...cached, ...cached] })
  await line.graph('POST', `/${id}/playPrompt`, { prompts: cached })
  await line.heard(6)
  expect(line.bot.fetched.get('/a.wav')).toBe(1)
  await line.graph('POST', `/${id}/playPrompt`, { prompts: prompts('/a.wav', '/a.wav') })
  await line.heard(7)
  expect(line.bot.fetched.get('/a.wav')).toBe(3)
})

it('keeps keys from a bot that did not subscribe', async () => {
  const line = await open()
  const id = await line.dialAndAnswer()
  const pressed = await line.request('POST', `/emulator/calls/${id}/tones`, { tones: '5' })
  expect(pressed).toMatchObject({ status: 202, body: { heard: false } })
  expect(await line.heard(4)).toEqual(established)
  expect((await line.view(id)).transcript.at(-1)).toMatchObject({ kind: 'tone', tone: '5', heard: false })
})

const colleague = { identity: { user: { id: '550fae72-d251-43ec-868c-373732c2704f', displayName: 'Heidi' } } }
const transferred = [
  'updated transferring',
  'updated transferring inactive',
  'updated transferAccepted',
  'deleted terminated 0/7015',
]

it('transfers the caller to somebody who takes the call', async () => {
  const line = await open()
  const id = await line.dialAndAnswer()
  expect((await line.graph('POST', `/${id}/transfer`, { transferTarget: colleague })).status).toBe(202)
  expect((await line.heard(8)).slice(4)).toEqual(transferred)
})

it.each(['decline', 'noAnswer'])('gives the call back when the other one does not take it (%s)', async (transfers) => {
  const line = await open()
  line.bot.files.set('/sorry.wav', { bytes: wav({ ms: 10 }) })
  const id = await line.dialAndAnswer({ transfers })
  await line.graph('POST', `/${id}/transfer`, { transferTarget: colleague })
  expect((await line.heard(6)).slice(4)).toEqual(['updated transferring', 'updated established 500/7000'])
  expect((await line.graph('POST', `/${id}/playPrompt`, { prompts: prompts('/sorry.wav') })).status).toBe(200)
  expect((await line.heard(7)).at(-1)).toBe('deleted completed 200/0')
})

it('lets a person decide about a transfer, and remembers what people do', async () => {
  const line = await open()
  await line.request('POST', '/emulator/people', { id: colleague.identity.user.id, onTransfer: 'decline', afterMs: 0 })
  const declined = await line.dialAndAnswer()
  await line.graph('POST', `/${declined}/transfer`, { transferTarget: colleague })
  await line.until(declined, (entry) => entry.kind === 'transfer' && entry.outcome === 'decline')

  const asked = await line.dialAndAnswer({ transfers: 'ask' })
  const tooEarly = await line.request('POST', `/emulator/calls/${asked}/transfer`, { outcome: 'accept' })
  expect(tooEarly).toMatchObject({ status: 409, body: { error: { code: 'noTransferWaits' } } })
  await line.graph('POST', `/${asked}/transfer`, { transferTarget: colleague })
  await line.until(asked, (entry) => entry.kind === 'state' && entry.state === 'transferring')
  expect((await line.view(asked)).transferWaits).toBe(true)
  await line.request('POST', `/emulator/calls/${asked}/transfer`, { outcome: 'accept' })
  expect((await line.until(asked, (entry) => entry.kind === 'ended')).kind).toBe('ended')
})

it('transfers to a phone number only from a call that came through a phone or an application instance', async () => {
  const line = await open()
  const phone = { transferTarget: { identity: { phone: { id: '+14255550199' } } } }
  const fromUser = await line.dialAndAnswer()
  await line.graph('POST', `/${fromUser}/transfer`, phone)
  await line.until(fromUser, (entry) => entry.kind === 'failed' && entry.what === 'transfer')

  const instance = { applicationInstance: { id: '3d913abb-aec0-4964-8fa6-3c6850c4f278', displayName: 'IVR' } }
  const throughInstance = await line.dialAndAnswer({ to: instance })
  await line.graph('POST', `/${throughInstance}/transfer`, phone)
  await line.until(throughInstance, (entry) => entry.kind === 'transfer' && entry.outcome === 'accept')
})

it('ends both legs of a consultative transfer', async () => {
  const line = await open()
  const caller = await line.dialAndAnswer()
  const consulted = await line.dialAndAnswer()
  const target = { identity: john, replacesCallId: caller.toUpperCase().replaceAll('-', '') }
  await line.graph('POST', `/${consulted}/transfer`, { transferTarget: target })
  await line.heard(13)
  const ends = line.ours().filter(({ body }) => JSON.stringify(body).includes('"terminationReason":"AppTransferred"'))
  expect(ends.length).toBe(2)
  expect((await line.view(caller)).state).toBe('terminated')
})

const outgoing = {
  '@odata.type': '#microsoft.graph.call',
  callbackUri: 'https://bot.localhost/api/outgoing',
  targets: [{ '@odata.type': '#microsoft.graph.invitationParticipantInfo', identity: john }],
  requestedModalities: ['audio'],
  mediaConfig: serviceHosted,
  tenantId,
}

it('places a call to a person, and tells the callbackUri of the request', async () => {
  const line = await open()
  const created = await line.graph<{ id: string }>('POST', '', outgoing)
  expect(created).toMatchObject({ status: 201, body: { state: 'establishing', direction: 'outgoing' } })
  expect(created.headers.get('location')).toBe(`${line.emulatorOrigin}/v1.0/communications/calls/${created.body.id}`)
  expect(await line.heard(3)).toEqual(['updated establishing', 'updated established', 'updated established active'])
  expect(new Set(line.ours().map(({ path }) => path))).toEqual(new Set(['/api/outgoing']))
  expect((await line.requests(`callId=${created.body.id}`))[0]).toMatchObject({ operation: 'create-call', status: 201 })
})

it.each([
  ['decline', 'deleted terminated 480/10076'],
  ['noAnswer', 'deleted terminated 480/10037'],
])('ends an outgoing call whose callee does %s', async (onCall, end) => {
  const line = await open()
  await line.request('POST', '/emulator/people', { id: john.user.id, onCall, afterMs: 0 })
  await line.graph('POST', '', outgoing)
  expect(await line.heard(2)).toEqual(['updated establishing', end])
})

it('sends the old Skype form first when told so, and Graph form after 204', async () => {
  const line = await open({ legacyFirst: true })
  line.bot.onNotification = (body) => ((body as { callState?: string }).callState ? 204 : 202)
  await line.dial()
  expect(await line.heard(2)).toEqual(['created incoming'])
  expect(line.bot.heard[0]?.body).toMatchObject({ callState: 'incoming', participants: [{ originator: true }, {}] })
})

it('hides the caller from an app without calling permissions', async () => {
  const line = await open({}, { permissions: [] })
  await line.dial()
  await line.heard(1)
  expect(line.bot.heard[0]?.body).toMatchObject({
    value: [{ resourceData: { source: { identity: { encrypted: {} } } } }],
  })
  expect(JSON.stringify(line.bot.heard[0]?.body)).not.toContain(john.user.id)
})

it('tells one call in order, and does not let a slow bot hold up another call', async () => {
  const line = await open()
  const slow = await line.dial()
  await line.heard(1)
  let wakeUp = () => {}
  const asleep = new Promise<void>((resolve) => {
    wakeUp = resolve
  })
  line.bot.onNotification = async (body) => {
    if (JSON.stringify(body).includes(slow)) await asleep
    return 202
  }
  await line.graph('POST', `/${slow}/answer`, answer)
  const quick = await line.dialAndAnswer()
  await line.heard(6)
  expect(line.news(quick)).toEqual(established)
  expect(line.news(slow)).toEqual(['created incoming', 'updated establishing'])
  wakeUp()
  await line.heard(8)
  expect(line.news(slow)).toEqual(established)
})

it('records a notification that the bot refused, and sends it again only when told to', async () => {
  const line = await open()
  line.bot.onNotification = () => 500
  const id = await line.dial()
  await line.until(id, (entry) => entry.kind === 'failed' && entry.what === 'notification')
  expect(await line.requests(`callId=${id}`)).toMatchObject([{ kind: 'notification', status: 500, attempt: 1 }])

  const stubborn = await open({ retries: 1 })
  let refusals = 0
  stubborn.bot.onNotification = () => (refusals++ === 0 ? 500 : 202)
  const again = await stubborn.dial()
  await stubborn.heard(2)
  expect(await stubborn.requests(`callId=${again}`)).toMatchObject([{ status: 500 }, { status: 202, attempt: 2 }])
})

it('says why a notification could not be sent at all', async () => {
  const line = await open()
  const id = await line.dial()
  await line.graph('POST', `/${id}/answer`, { ...answer, callbackUri: 'https://elsewhere.example.com/api/calls' })
  const failed = await line.until(id, (entry) => entry.kind === 'failed')
  expect(failed).toMatchObject({
    message: expect.stringContaining('no local address for https://elsewhere.example.com'),
  })
})
