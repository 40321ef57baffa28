import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { wav } from '#emulator/testing/testBot.ts'
import { appId, type Line, publicUrl, secret, startLine, tenantId } from '#emulator/testing/testLine.ts'
import type { CallView } from '#emulator/world/views.ts'
import { encodeWav } from '#emulator/world/wav.ts'
import { type Clock, realClock } from '#ground/clock.ts'
import { freePort } from '#scripts/start/ports.ts'
import type { BotSettings } from './samples/botServer.ts'
import { startGroupCall } from './samples/groupCall.ts'
import { startIncidentBridge } from './samples/incidentBridge.ts'
import { startReminder } from './samples/reminder.ts'
import { startVoiceRecorder } from './samples/voiceRecorder.ts'

/** The sample bots, each against the emulator over HTTP with signed notifications. The simple IVR is in calling.test.ts. */

const [ann, ben, cleo, dan] = Array.from({ length: 4 }, () => randomUUID()) as [string, string, string, string] // four of them
const phone = '+14255550123'
const key = randomUUID()

/** Waits for what must come, however busy the machine is. */
const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 20_000, interval: 10 })

/** Real time; but a wait of a certain length can be cut short, once it has begun. */
function impatientClock() {
  const waits = new Set<{ ms: number; finish: () => void }>()
  const clock: Clock = {
    now: realClock.now,
    after(ms, act) {
      const stop = () => {
        cancel()
        waits.delete(wait)
      }
      const finish = () => {
        stop()
        act()
      }
      const wait = { ms, finish }
      const cancel = realClock.after(ms, finish)
      waits.add(wait)
      return stop
    },
  }
  return {
    clock,
    skip: (ms: number) =>
      eventually(() => {
        const those = [...waits].filter((wait) => wait.ms === ms)
        expect(those).not.toEqual([])
        for (const { finish } of those) finish()
      }),
  }
}

/** Bytes as samples of 16 bit. */
const samplesIn = (bytes: Buffer) =>
  Int16Array.from({ length: bytes.length / 2 }, (_, place) => bytes.readInt16LE(place * 2))

type Bot = Awaited<ReturnType<typeof startVoiceRecorder>>

/** One emulator for all; each test has a bot of its own, at the same address. */
let line: Line
let port: number
beforeAll(async () => {
  port = await freePort(12_000 + Math.floor(Math.random() * 18_000))
  line = await startLine({ addresses: { [publicUrl]: `http://127.0.0.1:${port}` }, playbackSpeed: 10 })
  // It makes its keys now: that takes a while on a busy machine.
  await fetch(`${line.emulatorOrigin}/v1/keys`)
})
afterAll(() => line.close())

/** Starts a bot, and gives what can be done with it. */
async function open(start: (settings: BotSettings) => Promise<Bot>, sounds: string[]) {
  const { emulatorOrigin } = line
  const errors: unknown[] = []
  const bot = await start({
    app: { appId, secret, tenantId },
    publicUrl,
    port,
    audio: new Map(sounds.map((name) => [name, wav({ ms: 200 })])),
    onError: (error) => errors.push(error),
    emulator: {
      loginUrl: emulatorOrigin,
      graphUrl: emulatorOrigin,
      openIdUrl: `${emulatorOrigin}/v1/.well-known/OpenIdConfiguration`,
    },
  })
  const control = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await line.request<T>(method, `/emulator${path}`, body)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const callsTo = async (id: string) =>
    (await control<CallView[]>('GET', '/calls')).filter(({ to }) => Object.values(to).some((one) => one.id === id))
  const soundsOf = ({ transcript }: CallView) =>
    transcript.flatMap((one) => (one.kind === 'prompt' ? one.resourceId : []))

  return {
    ...{ bot, errors, control, callsTo, soundsOf },
    /** What the person does when the bot calls. */
    person: (id: string, onCall: 'accept' | 'decline' | 'noAnswer' | 'ask') =>
      control('POST', '/people', { id, onCall, afterMs: 1 }),
    /** The so manieth call to this person. */
    callTo: (id: string, which = 1) =>
      eventually(async () => {
        const call = (await callsTo(id))[which - 1]
        if (!call) throw new Error('they were not called')
        return call
      }),
    hears: (callId: string, name: string, times = 1) =>
      eventually(async () => {
        expect(soundsOf(await line.view(callId)).filter((one) => one === name)).toHaveLength(times)
      }),
    ends: (callId: string) =>
      eventually(async () => {
        const view = await line.view(callId)
        expect(view.state).toBe('terminated')
        return view
      }),
    press: (callId: string, tones: string) => control('POST', `/calls/${callId}/tones`, { tones, gapMs: 1 }),
    hangUp: (callId: string) => control('POST', `/calls/${callId}/hangUp`),
    /** Asks the bot itself, with its key or another one. */
    async ask(method: string, path: string, body?: unknown, authorization = `Bearer ${key}`) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { authorization },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, body: text ? JSON.parse(text) : null }
    },
    /** Nothing is left: no call in the emulator, none in the bot, and nothing went wrong. */
    async isOver() {
      await eventually(async () => {
        const states = (await control<CallView[]>('GET', '/calls')).map(({ state }) => state)
        expect(states.filter((state) => state !== 'terminated')).toEqual([])
        expect(bot.calling.calls).toEqual([])
      })
      expect(errors).toEqual([])
    },
    async close() {
      await bot.close()
      await line.reset()
    },
  }
}

describe('the voice recorder', () => {
  const sounds = ['leaveMessage', 'nothingSaid', 'goodbye']
  let desk: Awaited<ReturnType<typeof open>>
  beforeEach(async () => {
    desk = await open(startVoiceRecorder, sounds)
  })
  afterEach(() => desk.close())

  const records = (id: string) =>
    eventually(async () => {
      expect((await line.view(id)).transcript.map(({ kind }) => kind)).toContain('recording')
    })
  const says = (id: string, sound: Uint8Array) =>
    fetch(`${line.emulatorOrigin}/emulator/calls/${id}/speech`, {
      method: 'POST',
      headers: { 'content-type': 'audio/wav' },
      body: sound.slice(),
    })

  /** The number and name of the sound that is no file of the bot's, and its bytes. */
  async function playedBack(id: string) {
    const { transcript } = await line.view(id)
    const prompt = transcript.find((one) => one.kind === 'prompt' && !sounds.includes(one.resourceId ?? ''))
    if (prompt?.kind !== 'prompt') throw new Error('nothing was played back')
    const answer = await fetch(`${line.emulatorOrigin}/emulator/calls/${id}/media/${prompt.media}.wav`)
    return { ...prompt, bytes: Buffer.from(await answer.arrayBuffer()) }
  }

  it('plays back to the caller what the caller said, and forgets it', async () => {
    const spoken = randomBytes(3_200)
    const id = await line.dial()
    await records(id)
    expect((await says(id, encodeWav(samplesIn(spoken)))).status).toBe(202)
    await desk.ends(id)
    const { resourceId, bytes } = await playedBack(id)
    expect(desk.soundsOf(await line.view(id))).toEqual(['leaveMessage', resourceId, 'goodbye'])
    expect(bytes.includes(spoken)).toBe(true)
    expect((await desk.ask('GET', `/audio/${resourceId}`)).status).toBe(404)
    await desk.isOver()
  })

  it('stops to record at the pound key', async () => {
    const spoken = randomBytes(20 * 32_000)
    const id = await line.dial()
    await records(id)
    await says(id, encodeWav(samplesIn(spoken)))
    await desk.press(id, '#')
    await desk.ends(id)
    const { transcript } = await line.view(id)
    expect(transcript.find(({ kind }) => kind === 'recorded')).toMatchObject({ subcode: 8514 })
    expect((await playedBack(id)).durationMs).toBeLessThan(20_000)
    await desk.isOver()
  })

  it('says so when nobody speaks, and hangs up', async () => {
    const id = await line.dial()
    const { transcript } = await desk.ends(id)
    expect(desk.soundsOf(await line.view(id))).toEqual(['leaveMessage', 'nothingSaid', 'goodbye'])
    expect(transcript.at(-1)).toMatchObject({ kind: 'ended', by: 'bot' })
    await desk.isOver()
  })

  it('leaves nobody in silence when a sound is missing, and tells', async () => {
    await desk.close()
    desk = await open(startVoiceRecorder, ['nothingSaid'])
    const id = await line.dial()
    await desk.ends(id)
    await eventually(() => expect(desk.bot.calling.calls).toEqual([]))
    expect(desk.errors).toMatchObject([{ operation: 'recordResponse', code: 'promptNotPlayed' }])
  })

  it('says everything once when it is told everything twice', async () => {
    await desk.control('POST', '/faults', { on: { notification: '*' }, do: { duplicate: 1, gapMs: 1 } })
    const id = await line.dial()
    await desk.ends(id)
    expect(desk.soundsOf(await line.view(id))).toEqual(['leaveMessage', 'nothingSaid', 'goodbye'])
    await desk.isOver()
  })

  it('has nothing left open when the caller hangs up while speaking', async () => {
    const id = await line.dial()
    await records(id)
    await says(id, wav({ ms: 1_000 }))
    await desk.hangUp(id)
    await desk.isOver()
    expect(desk.soundsOf(await line.view(id))).toEqual(['leaveMessage'])
  })
})

describe('the group call', () => {
  const longestMs = 1_234_567
  const time = impatientClock()
  let desk: Awaited<ReturnType<typeof open>>
  beforeEach(async () => {
    desk = await open((settings) => startGroupCall({ ...settings, key, longestMs, clock: time.clock }), ['joined', ann])
  })
  afterEach(() => desk.close())

  const begin = async (people: string[]) => (await desk.ask('POST', '/groupCalls', { people })).body.id as string // its answer
  const told = async () => (await desk.ask('GET', '/groupCalls')).body
  const leaves = async (id: string, person: string) => {
    const { conversation, participants } = await line.view(id)
    const who = participants.find(({ identity }) => identity.user?.id === person)
    await desk.control('POST', `/conversations/${conversation.id}/participants/${who?.id}`, { action: 'leave' })
  }

  it('says who joins, mutes one of them, and ends when all have left', async () => {
    await desk.person(ann, 'accept')
    await desk.person(ben, 'ask')
    await desk.person(cleo, 'decline')
    await desk.person(dan, 'noAnswer')
    const id = await begin([ann, ben, cleo, dan])
    await desk.hears(id, ann)
    await desk.hears(id, 'joined')
    const ring = await eventually(async () => {
      const [one] = await desk.control<{ id: string }[]>('GET', '/rings')
      if (!one) throw new Error('it does not ring')
      return one
    })
    await desk.control('POST', `/rings/${ring.id}`, { outcome: 'accept' })
    await desk.hears(id, 'joined', 2)
    await eventually(async () => expect(await told()).toMatchObject([{ id, people: [ann, ben], outcome: null }]))

    const muted = await desk.ask('POST', '/groupCalls/mute', { callId: id, person: ben.toUpperCase() })
    expect(muted.body).toEqual({ muted: true })
    const { participants } = await line.view(id)
    expect(participants.filter(({ isMuted }) => isMuted).map(({ identity }) => identity.user?.id)).toEqual([ben])
    expect((await desk.ask('POST', '/groupCalls/mute', { callId: id, person: dan })).body).toEqual({ muted: false })

    await leaves(id, ann)
    await leaves(id, ben)
    expect((await desk.ends(id)).result).toMatchObject({ code: 200, subcode: 5010 })
    await eventually(async () => expect(await told()).toMatchObject([{ outcome: 'Nobody else was left in the call.' }]))
    // Who left was not announced, and nobody twice.
    expect(desk.soundsOf(await line.view(id))).toEqual([ann, 'joined', 'joined'])
    await desk.isOver()
  })

  it('says that nobody came', async () => {
    await desk.person(cleo, 'decline')
    await desk.person(dan, 'noAnswer')
    const id = await begin([cleo, dan])
    await desk.ends(id)
    await eventually(async () => expect(await told()).toMatchObject([{ outcome: 'Nobody joined the group call.' }]))
    await desk.isOver()
  })

  it('leaves after its longest time', async () => {
    await desk.person(ann, 'accept')
    await desk.person(ben, 'accept')
    const id = await begin([ann, ben])
    await desk.hears(id, 'joined', 2)
    await time.skip(longestMs)
    expect((await desk.ends(id)).result).toMatchObject({ code: 200, subcode: 7000 })
    await desk.isOver()
  })

  it('calls nobody for who does not have the key', async () => {
    for (const wrong of ['', `Bearer ${randomUUID()}`, key]) {
      expect((await desk.ask('POST', '/groupCalls', { people: [ann, ben] }, wrong)).status).toBe(401)
    }
    expect((await desk.ask('POST', '/groupCalls', { people: ['everybody'] })).status).toBe(400)
    expect(await desk.control('GET', '/calls')).toEqual([])
  })

  it('lets nobody in who calls it', async () => {
    const id = await line.dial()
    await desk.ends(id)
    await desk.isOver()
  })
})

describe('the incident bridge', () => {
  const time = impatientClock()
  let desk: Awaited<ReturnType<typeof open>>
  beforeEach(async () => {
    desk = await open(
      (settings) => startIncidentBridge({ ...settings, key, clock: time.clock }),
      ['incident', 'failed'],
    )
  })
  afterEach(() => desk.close())

  type Meeting = { id: string; joinWebUrl: string; joinMeetingId: string; passcode: string }
  const schedule = () => desk.control<Meeting>('POST', '/meetings', { organizer: { id: randomUUID() } })
  const raise = async (meeting: object, responders: string[]) => {
    const { status, body } = await desk.ask('POST', '/incidents', { meeting, responders })
    expect(status).toBe(200)
    return body.id as string // its answer
  }
  const report = async () => (await desk.ask('GET', '/incidents')).body
  const usersIn = async (id: string) =>
    (await line.view(id)).participants.flatMap(({ identity }) => identity.user?.id ?? [])

  it('moves who presses 1 into the meeting, and counts the others', async () => {
    await desk.person(ann, 'accept')
    await desk.person(ben, 'decline')
    await desk.person(cleo, 'noAnswer')
    await desk.person(dan, 'accept')
    const { joinWebUrl } = await schedule()
    const id = await raise({ joinUrl: joinWebUrl }, [ann, ben, cleo, dan])
    const [toAnn, toDan] = [await desk.callTo(ann), await desk.callTo(dan)]
    await desk.hears(toAnn.id, 'incident')
    await desk.press(toAnn.id, '1')
    await eventually(async () => expect(await report()).toMatchObject([{ joined: 1 }]))
    await desk.hears(toDan.id, 'incident')
    await time.skip(15_000) // Dan hears it, and presses nothing
    await eventually(async () =>
      expect(await report()).toEqual([
        { id, open: true, waiting: 0, joined: 1, unwilling: 1, notReached: 2, cancelled: 0, failed: 0 },
      ]),
    )
    expect(await usersIn(id)).toEqual([ann])
    expect((await desk.ends(toAnn.id)).transcript.at(-1)).toMatchObject({ by: 'service' })
    expect((await desk.ends(toDan.id)).transcript.at(-1)).toMatchObject({ by: 'bot' })
    await desk.ask('POST', '/incidents/close', { id })
    await desk.isOver()
  })

  it('stops calling when the bridge is closed', async () => {
    await desk.person(ann, 'ask')
    await desk.person(ben, 'accept')
    const { joinMeetingId, passcode } = await schedule()
    const id = await raise({ meetingId: joinMeetingId, passcode }, [ann, ben])
    const [toAnn, toBen] = [await desk.callTo(ann), await desk.callTo(ben)]
    await desk.hears(toBen.id, 'incident')
    await desk.ask('POST', '/incidents/close', { id })
    await desk.isOver()
    expect(await report()).toMatchObject([{ open: false, waiting: 0, joined: 0, cancelled: 2 }])
    for (const { id: one } of [toAnn, toBen]) expect((await desk.ends(one)).result).toMatchObject({ subcode: 7000 })
    expect(await desk.control('GET', '/rings')).toEqual([])
  })

  it('stops calling when the organizer ends the meeting', async () => {
    await desk.person(ann, 'accept')
    const meeting = await schedule()
    await raise({ joinUrl: meeting.joinWebUrl }, [ann])
    await desk.hears((await desk.callTo(ann)).id, 'incident')
    await desk.control('POST', `/meetings/${meeting.id}/end`)
    await desk.isOver()
    expect(await report()).toMatchObject([{ cancelled: 1 }])
  })

  it('goes on with the others when one cannot be called', async () => {
    await desk.person(ann, 'accept')
    await desk.person(ben, 'accept')
    const { joinWebUrl } = await schedule()
    // The first is that of the meeting.
    const refused = { on: { operation: 'create-call', nth: 2 }, do: { status: 403, code: '7504' } }
    await desk.control('POST', '/faults', refused)
    const id = await raise({ joinUrl: joinWebUrl }, [ann, ben])
    await eventually(async () => expect(await report()).toMatchObject([{ id, failed: 1, waiting: 1 }]))
    const [call] = [...(await desk.callsTo(ann)), ...(await desk.callsTo(ben))]
    await desk.hears(call?.id ?? '', 'incident')
    await desk.press(call?.id ?? '', '1')
    await eventually(async () => expect(await report()).toMatchObject([{ failed: 1, joined: 1 }]))
    expect(desk.errors).toMatchObject([{ name: 'GraphError', status: 403 }])
  })

  it('says what is wrong with a link, and calls nobody', async () => {
    const wrong = { meeting: { joinUrl: 'https://example.com/meeting' }, responders: [ann] }
    const { status, body } = await desk.ask('POST', '/incidents', wrong)
    expect(status).toBe(400)
    expect(body.message).toContain('does not lead to Teams')
    expect(await desk.control('GET', '/calls')).toEqual([])
  })
})

describe('the reminder', () => {
  const againMs = 234_567
  const instance = randomUUID()
  const time = impatientClock()
  let desk: Awaited<ReturnType<typeof open>>
  beforeEach(async () => {
    desk = await open(
      (settings) => startReminder({ ...settings, key, instance, againMs, clock: time.clock }),
      ['reminder', 'confirmed', 'later'],
    )
  })
  afterEach(() => desk.close())

  const remind = (...people: object[]) => desk.ask('POST', '/reminders', { people })
  const became = (...outcomes: object[]) =>
    eventually(async () => expect((await desk.ask('GET', '/reminders')).body).toMatchObject(outcomes))
  const user = (id: string) => ({ user: { id } })

  it('is confirmed by a user, and on a telephone', async () => {
    await desk.person(ann, 'accept')
    await desk.person(phone, 'accept')
    await remind(user(ann), { phone: { id: phone } })
    for (const who of [ann, phone]) {
      const { id } = await desk.callTo(who)
      await desk.hears(id, 'reminder')
      await desk.press(id, '1')
      await desk.hears(id, 'confirmed')
      expect((await desk.ends(id)).transcript.at(-1)).toMatchObject({ by: 'bot' })
    }
    await became({ outcome: 'confirmed' }, { outcome: 'confirmed', words: 'Confirmed.' })
    expect((await desk.callTo(phone)).from).toMatchObject({ applicationInstance: { id: instance } })
    await desk.isOver()
  })

  it('calls once more who did not answer', async () => {
    await desk.person(ann, 'noAnswer')
    await remind(user(ann))
    await became({ outcome: 'notReached', words: 'The person is signed in on no device.', missed: 1 })
    await desk.person(ann, 'accept')
    await time.skip(againMs)
    const { id } = await desk.callTo(ann, 2)
    await desk.hears(id, 'reminder')
    await desk.press(id, '1')
    await became({ outcome: 'confirmed', missed: 1 })
    await desk.isOver()
  })

  it('gives up who declines twice', async () => {
    await desk.person(ben, 'decline')
    await remind(user(ben))
    await became({ outcome: 'notReached', missed: 1 })
    await time.skip(againMs)
    await became({ outcome: 'notReached', words: 'The person could not be reached.', missed: 2 })
    await desk.isOver()
    expect(await desk.callsTo(ben)).toHaveLength(2)
  })

  it('comes back later when asked to', async () => {
    await desk.person(ann, 'accept')
    await remind(user(ann))
    const first = await desk.callTo(ann)
    await desk.hears(first.id, 'reminder')
    await desk.press(first.id, '2')
    await became({ outcome: 'later' })
    await time.skip(againMs)
    const second = await desk.callTo(ann, 2)
    await desk.hears(second.id, 'reminder')
    await desk.hangUp(second.id)
    await became({ outcome: 'notConfirmed', words: 'The other side hung up.' })
    await desk.isOver()
  })

  it('says why Graph would not call somebody, and calls the others', async () => {
    await desk.person(ann, 'accept')
    await desk.control('POST', '/faults', { operation: 'create-call', status: 403, code: '7504' })
    await remind(user(ben))
    await became({ outcome: 'failed', words: 'The tenant has not given the app the permissions for this.' })
    await remind(user(ann))
    await desk.hears((await desk.callTo(ann)).id, 'reminder')
    expect(desk.errors).toMatchObject([{ name: 'GraphError', status: 403 }])
  })

  it('is not confirmed by a voicemail, which presses nothing', async () => {
    await desk.person(ann, 'accept')
    await remind(user(ann))
    await desk.hears((await desk.callTo(ann)).id, 'reminder')
    await time.skip(15_000)
    await became({ outcome: 'notConfirmed', words: 'Pressed neither 1 nor 2.' })
    await desk.isOver()
  })
})
