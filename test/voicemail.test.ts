import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { createRecordings } from '#bot/recordings.ts'
import type { Notification } from '#communications/inbound/notifications.ts'
import { downloadRecording } from '#communications/requests/recordings.ts'
import { john, tenantId } from '#emulator/testing/testLine.ts'
import type { CallView } from '#emulator/world/views.ts'
import { block, draw, hangUp, menu, say } from '#flow/testing/draw.ts'
import type { Value } from '#flow/values.ts'
import { normalId } from '#ground/ids.ts'
import { writeWav } from '#speech/wav.ts'
import type { NewMessage } from '#store/messages.ts'
import { openForRuns } from './property/faultLine.ts'
import { openBot, sounds, spoken } from './property/realBot.ts'
import { openTelephone, type Telephone } from './telephone.ts'

/** Voicemail as callers have it: the real bot and the emulator in one process, in virtual time. Every prompt sounds for two seconds. */

const greeting = 'Please leave a message after the tone.'
const mailbox = (settings: Record<string, Value> = {}) =>
  draw(
    {
      box: block(
        'recordMessage',
        { prompt: greeting, ...settings },
        { recorded: 'thanks', noAudio: 'nothing', tooShort: 'short', error: 'broken' },
      ),
      thanks: menu('1#', { '1': 'bye', '#': 'hash', noInput: 'bye', noMatch: 'bye' }, { prompt: 'Thank you.' }),
      nothing: say('Nothing heard.', { done: 'bye' }),
      short: say('Too short.', { done: 'bye' }),
      broken: say('Broken.', { done: 'bye' }),
      hash: say('Hash.', { done: 'bye' }),
      bye: hangUp('Goodbye.'),
      tidy: hangUp(),
    },
    { onHangUp: 'tidy' },
  )

type Line = Awaited<ReturnType<typeof openForRuns>>
let line: Line
let close: (() => Promise<unknown>) | null = null
beforeAll(async () => {
  line = await openForRuns(sounds)
})
afterEach(async () => {
  await close?.()
  close = null
})
afterAll(() => line.close())

async function* piecesOf(file: Uint8Array) {
  yield file
}

type Terms = {
  settings?: Record<string, Value>
  keeps?: boolean
  fault?: object
  on?: Line
  /** In place of the emulator's file. */
  file?: Uint8Array
}

/** Somebody calls the mailbox; the greeting is over after two seconds and the tone half a second later. */
async function callIn({ settings, keeps = true, fault, on = line, file }: Terms = {}) {
  const kept: NewMessage[] = []
  const logged: unknown[] = []
  const note = (...what: unknown[]) => void logged.push(what)
  const recordings = createRecordings({
    download: async ({ recordingLocation, recordingAccessToken }, signal) => {
      if (file) return { body: piecesOf(file) }
      // Without sockets the emulator does not know that it was reached by https.
      const ref = { recordingLocation: recordingLocation.replace('http:', 'https:'), recordingAccessToken }
      return downloadRecording(ref, { signal, transport: on.transport, clock: on.clock })
    },
    messages: { keeps: async () => keeps, add: async (message) => void kept.push(message) },
    log: { info: note, warn: note, error: note },
    clock: on.clock,
  })
  const bot = await openBot(on, spoken(mailbox(settings)), recordings)
  close = () => Promise.all([bot.close(), recordings.close()])
  if (fault) expect((await on.ask('POST', '/emulator/faults', fault)).status).toBe(204)
  const { id } = (await on.ask('POST', '/emulator/calls', { from: john })).body as CallView // the emulator's own answer
  const transcript = async () => (await on.view(id)).transcript
  const requests = async () => {
    type Request = { kind: string; operation?: string; callId?: string; body?: { clientContext?: string } }
    return (await on.ask('GET', '/emulator/requests')).body as Request[] // as above
  }
  const call = {
    id,
    ...{ kept, logged, bot, requests },
    passes: async (seconds: number) => on.clock.advance(seconds * 1000),
    speaks: (seconds: number) => on.ask('POST', `/emulator/calls/${id}/speech`, { seconds }),
    presses: (tones: string) => on.ask('POST', `/emulator/calls/${id}/tones`, { tones }),
    hangsUp: () => on.ask('POST', `/emulator/calls/${id}/hangUp`),
    hears: async () => (await transcript()).flatMap((one) => (one.kind === 'prompt' ? [one.resourceId] : [])),
    state: async () => (await on.view(id)).state,
    exits: () =>
      bot.entries.flatMap((one) => (one.kind === 'step' && one.exit !== null ? [`${one.block} ${one.exit}`] : [])),
    details: () => bot.entries.flatMap((one) => (one.kind === 'step' && one.block === 'box' ? [one.detail] : [])),
    outcome: () => bot.entries.flatMap((entry) => (entry.kind === 'ended' ? [entry.outcome] : [])).join(),
  }
  await call.passes(3)
  return call
}

describe('a message', () => {
  it('is recorded until the caller is silent, fetched before the call ends, and kept with who left it', async () => {
    const call = await callIn()
    await call.speaks(4)
    await call.passes(10)
    expect([await call.hears(), call.exits().slice(1)]).toEqual([[greeting, 'Thank you.'], ['box recorded']])
    expect(call.kept).toMatchObject([
      { tenantId: expect.any(String), caller: { name: john.user.displayName, id: john.user.id }, block: 'box' },
    ])
    expect(call.kept[0]?.spokenMs).toBeGreaterThan(3_900)
    expect(call.kept[0]?.spokenMs).toBeLessThan(4_100)
    expect(await call.state()).toBe('established')
    // The history has how long it was, and nothing else of it.
    expect(call.details()).toEqual([{}, { seconds: 4 }])
    expect(JSON.stringify([call.bot.entries, call.logged])).not.toContain('recordings/')
  })

  it('is ended by a key, which the menu behind it does not take for an answer', async () => {
    const call = await callIn()
    await call.speaks(4)
    await call.passes(4)
    await call.presses('#')
    await call.passes(1)
    expect(await call.hears()).toEqual([greeting, 'Thank you.'])
    await call.presses('#')
    await call.passes(1)
    expect(await call.hears()).toEqual([greeting, 'Thank you.', 'Hash.'])
    expect(call.kept).toHaveLength(1)
  })

  it('ends after the time that is allowed', async () => {
    const call = await callIn({ settings: { maxSeconds: 10 } })
    await call.speaks(30)
    await call.passes(11)
    // The tone had been over for a third of a second when they began.
    expect([await call.hears(), call.kept[0]?.spokenMs]).toEqual([[greeting, 'Thank you.'], 9_640])
  })

  it('is not kept where the tenant has not said so: nothing of it is left, and callers hear the same', async () => {
    const call = await callIn({ keeps: false })
    await call.speaks(4)
    await call.passes(10)
    expect([call.exits().slice(1), call.kept]).toEqual([['box recorded'], []])
  })
})

describe('no message', () => {
  it('is silence', async () => {
    const call = await callIn()
    await call.passes(6)
    expect([await call.hears(), call.exits().slice(1, 2), call.kept]).toEqual([
      [greeting, 'Nothing heard.'],
      ['box noAudio'],
      [],
    ])
  })

  it('is an empty file: a key and not a word', async () => {
    const call = await callIn()
    await call.presses('#')
    await call.passes(1)
    expect([await call.hears(), call.kept]).toEqual([[greeting, 'Nothing heard.'], []])
  })

  it('is less than a second', async () => {
    const call = await callIn()
    await call.speaks(0.4)
    await call.passes(6)
    expect([await call.hears(), call.kept]).toEqual([[greeting, 'Too short.'], []])
  })
})

describe('what fails', () => {
  it.each([
    ['the recording is refused', { on: { operation: 'call-recordresponse' }, do: { status: 403, code: '7502' } }],
    ['the file is not there', { on: { operation: 'recording-download' }, do: { status: 404, code: '8522' } }],
    [
      'the token of the file has expired',
      { on: { operation: 'recording-download' }, do: { status: 401, code: '7501' } },
    ],
  ])('leaves by error when %s', async (_, fault) => {
    const call = await callIn({ fault })
    await call.speaks(4)
    await call.passes(12)
    expect([(await call.hears()).slice(-2), call.kept]).toEqual([['Broken.', 'Goodbye.'], []])
    expect(call.exits()).toContain('box error')
  })

  it('tries a file again that cannot be had at the moment', async () => {
    const fault = { on: { operation: 'recording-download', nth: 1 }, do: { status: 503 } }
    const call = await callIn({ fault })
    await call.speaks(4)
    await call.passes(12)
    expect([call.exits().slice(1, 2), call.kept.length]).toEqual([['box recorded'], 1])
  })

  it('lets nobody wait for a slow file, which is kept all the same', async () => {
    const fault = { on: { operation: 'recording-download' }, do: { delayMs: 8_000 } }
    const call = await callIn({ fault })
    await call.speaks(4)
    await call.passes(9 + 2)
    expect([await call.hears(), call.kept]).toEqual([[greeting], []])
    await call.passes(1)
    expect([await call.hears(), call.kept]).toEqual([[greeting, 'Thank you.'], []])
    await call.passes(8)
    expect(call.kept).toHaveLength(1)
  })
})

describe('a caller who hangs up', () => {
  it('while recorded runs the hang-up path once, and nothing more is asked of the call', async () => {
    const call = await callIn()
    await call.speaks(4)
    await call.passes(2)
    await call.hangsUp()
    await call.passes(300)
    expect([call.exits().slice(1), call.outcome()]).toEqual([['box hangup'], 'callerHungUp'])
    const after = (await call.requests()).filter(({ operation, callId }) => callId === call.id && operation)
    expect(after.at(-1)?.operation).toBe('call-recordresponse')
  })

  it('while recorded leaves what comes of it after the end of the call, once', async () => {
    const call = await callIn({ file: writeWav(Int16Array.from({ length: 48_000 }, (_, n) => (n % 2) * 3_000)) })
    await call.speaks(4)
    await call.passes(2)
    const [asked] = (await call.requests()).filter(({ operation }) => operation === 'call-recordresponse')
    await call.hangsUp()
    await call.passes(2)
    expect(call.outcome()).toBe('callerHungUp')
    const news: Notification = {
      ...{
        callId: normalId(call.id),
        wireCallId: call.id,
        changeType: 'deleted',
        resource: 'operation',
        operationId: null,
      },
      operation: {
        '@odata.type': '#microsoft.graph.recordOperation',
        status: 'completed',
        clientContext: asked?.body?.clientContext ?? '',
        recordingLocation: 'https://graph.test/recordings/1',
        recordingAccessToken: 'token',
      },
    }
    for (const tenant of ['another', tenantId, tenantId]) void call.bot.liveCalls.take(news, tenant)
    await call.passes(2)
    expect(call.kept).toMatchObject([{ caller: { name: john.user.displayName }, block: 'box', spokenMs: 3_000 }])
  })

  it('while the file is fetched leaves a message', async () => {
    const fault = { on: { operation: 'recording-download' }, do: { delayMs: 1_000 } }
    const call = await callIn({ fault })
    await call.speaks(4)
    await call.passes(4)
    await call.presses('#')
    await call.passes(0.5)
    await call.hangsUp()
    await call.passes(5)
    expect([call.outcome(), call.kept.length]).toEqual(['callerHungUp', 1])
  })
})

describe('over HTTP, with the database', () => {
  let phone: Telephone
  beforeAll(async () => {
    const DATA_KEY = randomBytes(32).toString('base64')
    phone = await openTelephone(inject('postgresUrl'), { playbackSpeed: 20 }, { DATA_KEY })
    await phone.publish(mailbox())
  })
  afterAll(() => phone.close())

  async function leavesMessage() {
    const caller = await phone.dial()
    await caller.isRecorded()
    await caller.speaks(4)
    await caller.hears('Thank you.')
    await caller.hangsUp()
    return caller.history()
  }
  const messages = () => phone.store.messages.list(phone.identity.tenantId, 10)
  const rows = async () => (await phone.sql('select * from messages')).length

  it('nothing is kept without the switch: not a byte outlives the call', async () => {
    const { steps } = await leavesMessage()
    expect(steps.map(({ block: id, exit }) => `${id} ${exit}`)).toContain('box recorded')
    expect(await rows()).toBe(0)
  })

  it('with the switch a message waits for the practice, sealed', async () => {
    await phone.store.messages.set(phone.identity.tenantId, { keeps: true, days: 30 }, 'ada')
    const call = await leavesMessage()
    await expect.poll(messages).toMatchObject([{ callId: call.id, callerName: 'Anna Berger', flowName: 'Test' }])
    const [left] = await messages()
    expect(left?.durationMs).toBeGreaterThan(3_500)
    const wav = await phone.store.messages.listen(phone.identity.tenantId, left?.id ?? '', 'ada')
    expect(Buffer.from(wav.subarray(0, 4)).toString()).toBe('RIFF')
    const [row] = await phone.sql<{ wav: Buffer }>('select wav from messages')
    expect(row?.wav.includes('RIFF')).toBe(false)
  })
})
