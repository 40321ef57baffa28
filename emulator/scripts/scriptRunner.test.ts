import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { wav } from '../testing/testBot.ts'
import { openInProcess } from '../testing/testInProcess.ts'
import {
  busyBot,
  incidentBot,
  meetingBot,
  menuBot,
  type News,
  outgoing,
  person,
  type ScriptBot,
  saying,
  silentBot,
  voicemailBot,
} from '../testing/testScriptBots.ts'
import type { Post } from '../wire/delivery.ts'
import { encodeWav } from '../world/wav.ts'
import type { RunView } from './scriptRunner.ts'

/** Scripts over the control API, with small bots, in virtual time. */

let line: ReturnType<typeof openInProcess> | null = null
afterEach(async () => {
  await line?.server.close()
  line = null
})

type Notified = { value: [{ resourceUrl: string; resourceData: News | { isInLobby: boolean }[] }] }

/** An emulator with this bot, and one who sends scripts to it. */
async function open(bot: ScriptBot) {
  const post: Post = async (_url, { body }) => {
    const { value } = JSON.parse(body) as Notified // what the emulator sent; checked against the contract elsewhere
    for (const { resourceUrl, resourceData } of value) {
      const id = /calls\/([^/]+)/.exec(resourceUrl)?.[1] ?? ''
      const [news, roster] = Array.isArray(resourceData) ? [{}, resourceData] : [resourceData, null]
      void hears.hear(id, news, roster)
    }
    return { status: 202 }
  }
  const opened = openInProcess(
    post,
    {},
    { fetchMedia: async (url) => ({ status: 200, bytes: wav({ ms: 2000 }), text: encodeURIComponent(saying(url)) }) },
  )
  line = opened
  const { server, clock, graph } = opened
  const bearer = await opened.token()
  const hears = bot({ clock, ask: (method, path, body) => graph(bearer, method, path, body) })

  const request = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: string, type = 'application/yaml') =>
    server.inject({
      method,
      url: `/emulator/scripts${path}`,
      headers: { host: '127.0.0.1', ...(body !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { payload: body }),
    })
  async function start(script: string, type?: string): Promise<string> {
    const answered = await request('POST', '', script, type)
    expect(answered.statusCode, answered.body).toBe(201)
    return answered.json<{ id: string }>().id
  }
  const view = async (id: string) => (await request('GET', `/${id}`)).json<RunView>()
  return {
    ...opened,
    request,
    start,
    view,
    /** Runs a script to its end. */
    async play(script: string, type?: string): Promise<RunView> {
      const id = await start(script, type)
      await hears.begin?.()
      let run: RunView | null = null
      void request('GET', `/${id}/wait?timeoutMs=3600000`).then((answered) => {
        run = answered.json()
      })
      await clock.runUntil(() => run !== null, 3_600_000)
      return view(id)
    },
  }
}
const example = (name: string) => readFileSync(join(import.meta.dirname, 'examples', `${name}.yaml`), 'utf8')
const ann = '278405a3-f568-4b3e-b684-009193463064'
const wordsOf = ({ actors }: RunView) => actors.map(({ words }) => words)
const outcomes = ({ actors }: RunView) => actors.map(({ name, outcome }) => `${name} ${outcome}`)
const steps = (...all: string[]) =>
  `calls:\n  - from: { phone: "+14255550142" }\n    do:\n${all.map((step) => `      - ${step}\n`).join('')}`

const examples: [name: string, bot: ScriptBot][] = [
  ['sales', menuBot],
  ['silence', menuBot],
  ['voicemail', voicemailBot],
  ['incident', incidentBot],
  ['lobby', meetingBot],
]
describe('the examples', () => {
  it('are all played here', () => {
    const files = readdirSync(join(import.meta.dirname, 'examples'))
    expect(examples.map(([name]) => `${name}.yaml`).sort()).toEqual(files.sort())
  })

  it.each(examples)('%s passes with the bot that it is about', async (name, bot) => {
    const { play } = await open(bot)
    const run = await play(example(name))
    expect(run.outcome, JSON.stringify(run, null, 1)).toBe('done')
    expect(run.actors.length).toBeGreaterThan(0)
  })

  it.each(examples)('%s fails with a bot that does nothing', async (name) => {
    const { play } = await open(silentBot)
    expect((await play(example(name))).outcome).toBe('failed')
  })
})

describe('what happened is told in plain words', () => {
  it('of a prompt that did not come', async () => {
    const { play } = await open(menuBot)
    const run = await play(steps('wait for prompt: support', 'press: "2"'))
    expect(outcomes(run)).toEqual(['+14255550142 failed'])
    expect(wordsOf(run)).toEqual([
      '+14255550142: waited 10s for a prompt with “support”; heard: “Welcome.”, “Press 1 for sales.”',
    ])
    expect(run.actors[0]?.steps.map(({ step, outcome }) => `${step}: ${outcome}`)).toEqual([
      'call the bot: done',
      'wait for prompt: support: failed',
    ])
  })

  it('of an expectation', async () => {
    const { play } = await open(menuBot)
    const run = await play(
      steps('wait for prompt: sales', 'expect: { state: terminated, heard: support, ended by: bot }'),
    )
    expect(wordsOf(run)).toEqual([
      [
        '+14255550142: expected the call to be terminated; the call is established',
        'expected to hear “support”; heard: “Welcome.”, “Press 1 for sales.”',
        'expected the call to be ended by the bot; the call is established',
      ].join('; '),
    ])
  })

  it('of a bot that does not answer, and of one that declines', async () => {
    const { play } = await open(silentBot)
    expect(wordsOf(await play(steps('wait for prompt: sales')))).toEqual([
      '+14255550142: the call was over before a prompt with “sales” came: ended by the service; heard nothing',
    ])
    await line?.server.close()
    const busy = await open(busyBot)
    const run = await busy.play(steps('expect: { ended by: bot, state: terminated }', 'press: "1"'))
    expect(run.actors[0]?.steps.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'failed'])
    expect(wordsOf(run)).toEqual(['+14255550142: is on no call any more: ended by the bot'])
  })

  it('of a call that the bot ends as soon as it is answered', async () => {
    const { play } = await open(({ ask }) => ({
      begin: async () => void (await ask('POST', '', outgoing({ targets: [person(ann)] }))),
      hear: (id, news) => (news.state === 'established' ? ask('DELETE', `/${id}`) : undefined),
    }))
    const run = await play(
      `people: [{ name: Ann, id: ${ann}, when called: answer after 1s, once in: [wait for prompt] }]`,
    )
    expect(wordsOf(run)).toEqual([
      'Ann: the call was over before a prompt came: ended by the bot (200/7000 Ended by bot.); heard nothing',
    ])
  })

  it('of somebody whom nobody calls', async () => {
    const { play } = await open(silentBot)
    const run = await play('within: 30s\npeople: [{ name: Ann, once in: [leave] }]')
    expect(wordsOf(run)).toEqual([
      'Ann: the 30s of the script were over at “wait to be called”; nobody called, or the call was not answered',
    ])
    expect(Date.parse(run.endedAt ?? '') - Date.parse(run.startedAt)).toBe(30_000)
  })
})

describe('a script', () => {
  it('goes by the clock: keys, pauses and patience take the time that they say', async () => {
    const { play } = await open(menuBot)
    const run = await play(
      steps('wait: 3s', 'press: "234"', '{ press: "56", gap: 2s }', 'stay silent: 1.5s', 'hang up'),
    )
    expect(run.outcome).toBe('done')
    expect(run.actors[0]?.steps.slice(1).map(({ fromMs, toMs }) => (toMs ?? 0) - fromMs)).toEqual([
      3000, 200, 2000, 1500, 0,
    ])
  })

  it('gives up a call that nobody answers in time', async () => {
    const { play } = await open(silentBot)
    const run = await play(
      'calls: [{ from: { phone: "+14255550142" }, patience: 4s, do: [expect: { ended by: caller }] }]',
    )
    expect(run.outcome).toBe('done')
    expect(run.actors[0]?.steps[0]).toMatchObject({ toMs: 4000, words: 'gave up after 4s: nobody had answered' })
  })

  it('takes other steps when what it waits for does not come, and goes on where it says so', async () => {
    const { play } = await open(menuBot)
    const other = await play(steps('{ wait for prompt: x, otherwise: [press: "9", hang up] }', 'press: "1"'))
    expect(other.actors[0]?.steps.map(({ step }) => step)).toEqual([
      'call the bot',
      'wait for prompt: x',
      'press: 9',
      'hang up',
    ])
    const on = await play(steps('{ wait for prompt: x, within: 1s, otherwise: go on }', 'hang up'))
    expect([other.outcome, on.outcome]).toEqual(['done', 'done'])
    expect(on.actors[0]?.steps.at(-1)?.step).toBe('hang up')
  })

  it('leaves no call behind', async () => {
    const { play } = await open(menuBot)
    const run = await play(steps('wait for prompt: sales'))
    expect(run.outcome).toBe('done')
    const call = await line?.view(run.actors[0]?.callIds[0] ?? '')
    expect(call).toMatchObject({ state: 'terminated', result: { subcode: 540_000 } })
  })

  it('puts back the rules that its people had before', async () => {
    const { play, ask, graph, token, clock } = await open(silentBot)
    await ask('POST', '/emulator/people', { id: ann, onCall: 'decline', afterMs: 1000 })
    const callAnn = async () => {
      const { body } = await graph(await token(), 'POST', '', outgoing({ targets: [person(ann)] }))
      return (body as { id: string }).id // the emulator's own answer
    }
    const whileItRuns = callAnn()
    const run = await play(
      `people: [{ name: Ann, id: ${ann}, when called: answer after 3s, once in: [wait: 1s, leave] }]`,
    )
    expect(run).toMatchObject({ outcome: 'done', actors: [{ callIds: [await whileItRuns] }] })
    const id = await callAnn()
    await clock.advance(2000)
    expect(await line?.view(id)).toMatchObject({ state: 'terminated', result: { code: 480 } })
  })

  it('speaks sounds that it carries, and refuses those that are missing or wrong', async () => {
    const { play, request } = await open(voicemailBot)
    const sound = Buffer.from(encodeWav(new Int16Array(48_000))).toString('base64')
    const script = {
      calls: [
        {
          from: { phone: '+14255550142' },
          do: ['wait for beep', { speak: 'hello.wav' }, { expect: { recorded: '3s' } }],
        },
      ],
    }
    const run = await play(JSON.stringify({ ...script, sounds: { 'hello.wav': sound } }), 'application/json')
    expect(run.outcome, JSON.stringify(run)).toBe('done')
    const refusal = async (body: object) =>
      (await request('POST', '', JSON.stringify(body), 'application/json')).json<{ error: { message: string } }>().error
        .message
    expect(await refusal(script)).toBe('sounds, hello.wav: is missing: send it in base64')
    expect(await refusal({ ...script, sounds: { 'hello.wav': 'AAAA' } })).toContain('must be WAV')
  })

  it('is refused with the place of every mistake, and not begun', async () => {
    const { request } = await open(menuBot)
    const answered = await request('POST', '', steps('press: 1', 'sing'))
    expect(answered.statusCode).toBe(400)
    expect(answered.json()).toMatchObject({
      error: { code: 'badScript', message: expect.stringMatching(/^line 4, column 16: .*\nline 5, column 9: /s) },
    })
    expect((await request('GET', '')).json()).toEqual([])
  })

  it('can be looked at while it runs, waited for, and stopped', async () => {
    const { request, start, view, clock } = await open(menuBot)
    const id = await start(steps('wait: 1m', 'hang up'))
    await clock.advance(10_000)
    expect(await view(id)).toMatchObject({ outcome: 'running', actors: [{ outcome: 'running', words: 'wait: 1m' }] })
    // In real time: nobody moves the clock meanwhile.
    expect((await request('GET', `/${id}/wait?timeoutMs=30`)).statusCode).toBe(408)
    expect(await view(id)).toMatchObject({ outcome: 'running' })

    expect((await request('DELETE', `/${id}`)).statusCode).toBe(204)
    await clock.advance(0)
    const run = await view(id)
    expect(run).toMatchObject({ outcome: 'stopped', actors: [{ outcome: 'stopped' }] })
    expect(wordsOf(run)[0]).toContain('the script was stopped at “wait: 1m”')
    expect((await request('GET', '/none')).statusCode).toBe(404)
  })

  it('is forgotten with everything else', async () => {
    const { ask, request, start, clock } = await open(menuBot)
    await start(steps('wait: 1m', 'hang up'))
    await clock.advance(1000)
    await ask('DELETE', '/emulator')
    await clock.advance(1000)
    expect((await request('GET', '')).json()).toEqual([])
    expect(clock.waiting()).toBe(0)
  })
})
