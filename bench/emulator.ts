import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createProof } from '#communications/inbound/proof.ts'
import { createTokens } from '#communications/road/tokens.ts'
import { serve } from '#communications/testing/server.ts'
import { wav } from '#emulator/testing/testBot.ts'
import { openInProcess } from '#emulator/testing/testInProcess.ts'
import { answer, appId, john, publicUrl, secret, tenantId } from '#emulator/testing/testLine.ts'
import { freePort } from '#scripts/start/ports.ts'
import { startChild } from './lib/child.ts'
import { option } from './lib/options.ts'

// The emulator alone: set-ups a second in one process and virtual time, its memory over a day of calls there, and its share of a
// core with live calls, prompts and tones over HTTP in real time. The bot here does no more than answer, play and hear.

const setUps = option('setUps', 3000)
const atOnce = option('atOnce', 50)
const hours = option('hours', 24)
const callsAnHour = option('callsAnHour', 600)
const liveCalls = option('calls', 100)
const seconds = option('seconds', 60)

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void // what the flag above brings
const heapMb = () => {
  collect()
  return Number((process.memoryUsage().heapUsed / 1_000_000).toFixed(1))
}

type News = {
  changeType: string
  resourceUrl: string
  resourceData: { state?: string; mediaState?: { audio: string }; toneInfo?: object }
}
const newsIn = (body: string): News[] => (JSON.parse(body) as { value: News[] }).value // the emulator's own words
const callIn = ({ resourceUrl }: News) => resourceUrl.split('/')[3] ?? ''

/** A bot in the emulator's process: proves each notification, answers, plays a prompt where it shall, and hangs up. */
function openBot({ withPrompt }: { withPrompt: boolean }) {
  let ended = 0
  const line = openInProcess(
    async (_url, { headers, body }) => {
      await proof.verify(headers.authorization)
      for (const news of newsIn(body)) setImmediate(() => void hear(news).catch(fail))
      return { status: 202 }
    },
    {},
    { fetchMedia: async () => ({ status: 200, bytes: prompt, text: null }) },
  )
  const { clock, transport, graph } = line
  const proof = createProof({
    appId,
    openIdUrl: 'http://127.0.0.1/v1/.well-known/OpenIdConfiguration',
    clock,
    transport,
  })
  const fail = (error: unknown) => {
    throw error
  }

  const tokens = createTokens({ appId, credential: { secret }, clock, transport })
  async function request(method: 'POST' | 'DELETE', path: string, body?: unknown) {
    const reply = await graph(await tokens.forTenant(tenantId), method, path, body)
    if (reply.status > 299) throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`)
  }
  async function hear(news: News) {
    const path = `/${callIn(news)}`
    const { state, mediaState } = news.resourceData
    if (state === 'incoming') await request('POST', `${path}/answer`, answer)
    if (state === 'established' && mediaState?.audio === 'active') {
      if (withPrompt) await request('POST', `${path}/playPrompt`, { prompts: [promptFrom(publicUrl)] })
      else await request('DELETE', path)
    }
    // Only operations have no state of a call; here that is the end of the prompt.
    if (!state) await request('DELETE', path)
    if (state === 'terminated') ended += 1
  }
  return {
    ...line,
    ended: () => ended,
    close: async () => Promise.all([proof.close(), tokens.close(), line.server.close()]),
  }
}

const prompt = wav({ ms: 3000 })
const promptFrom = (origin: string) => ({
  '@odata.type': '#microsoft.graph.mediaPrompt',
  mediaInfo: { '@odata.type': '#microsoft.graph.mediaInfo', uri: `${origin}/prompt.wav`, resourceId: 'one' },
})

/** From the incoming call to its end, as fast as one core does it. */
async function measureSetUps() {
  const { clock, dial, ended, close } = openBot({ withPrompt: false })
  const run = async (count: number) => {
    const before = ended()
    for (let done = 0; done < count; done += atOnce) {
      await Promise.all(Array.from({ length: atOnce }, dial))
      await clock.runUntil(() => ended() - before >= done + atOnce, 60_000)
    }
  }
  await run(setUps / 4)
  const [started, cpu] = [performance.now(), process.cpuUsage()]
  await run(setUps)
  const { user, system } = process.cpuUsage(cpu)
  const cpuSeconds = (user + system) / 1_000_000
  console.table([
    {
      'calls from start to end': setUps,
      'set-ups a second': Math.round((setUps / (performance.now() - started)) * 1000),
      'and of processor time': Math.round(setUps / cpuSeconds),
    },
  ])
  await close()
}

/** A day of calls with prompts: memory must stand still once the records are full. */
async function measureMemory() {
  const { clock, dial, ended, close } = openBot({ withPrompt: true })
  const rows: object[] = []
  const started = performance.now()
  const again = () => {
    void dial()
    clock.after(3_600_000 / callsAnHour, again)
  }
  again()
  for (let hour = 0; hour <= hours; hour += 1) {
    if (hour % Math.ceil(hours / 8) === 0)
      rows.push({ hour, 'calls ended': ended(), 'heap MB': heapMb(), timers: clock.waiting() })
    if (hour < hours) await clock.advance(3_600_000)
  }
  console.table(rows)
  console.log(`${hours} h in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  await close()
}

/** The emulator as a process of its own; people press keys over and over, the bot stops the prompt and begins another. */
async function measureLiveCalls() {
  const port = await freePort(24_000)
  const emulatorUrl = `http://127.0.0.1:${port}`
  const counts = { prompts: 0, tones: 0, failed: 0 }
  const ask = async (path: string, method: string, body?: unknown, headers: Record<string, string> = {}) => {
    const reply = await fetch(emulatorUrl + path, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!reply.ok) counts.failed += 1
    return reply.text()
  }
  const tokens = createTokens({ appId, credential: { secret }, loginUrl: emulatorUrl })
  const bot = await startBot(counts, async (path, body = {}) => {
    const authorization = `Bearer ${await tokens.forTenant(tenantId)}`
    return ask(`/v1.0/communications/calls${path}`, 'POST', body, { authorization })
  })
  const emulator = await startChild('emulator/main.ts', emulatorUrl, {
    EMULATOR_PORT: String(port),
    BOT_APP_ID: appId,
    BOT_APP_SECRET: secret,
    BOT_TENANT_ID: tenantId,
    PUBLIC_URL: publicUrl,
    BOT_URL: bot.url,
    NODE_ENV: 'production',
  })

  const ids: string[] = []
  for (let count = 0; count < liveCalls; count += 1) {
    const { id } = JSON.parse(await ask('/emulator/calls', 'POST', { from: john })) as { id: string } // control.test.ts checks it
    ids.push(id)
    await wait(3000 / liveCalls)
  }
  await wait(3000)
  counts.prompts = 0
  counts.tones = 0
  const [cpu, from] = [emulator.cpuSeconds(), performance.now()]
  // Each person presses a key every 7 s, about every second prompt.
  const everyMs = 7000 / liveCalls
  for (let count = 0; performance.now() - from < seconds * 1000; count += 1) {
    void ask(`/emulator/calls/${ids[count % ids.length]}/tones`, 'POST', { tones: '1' })
    await wait(Math.max(0, from + (count + 1) * everyMs - performance.now()))
  }
  const passed = (performance.now() - from) / 1000
  console.table([
    {
      'live calls': liveCalls,
      'share of one core': `${(((emulator.cpuSeconds() - cpu) / passed) * 100).toFixed(1)} %`,
      'prompts a second': (counts.prompts / passed).toFixed(1),
      'tones a second': (counts.tones / passed).toFixed(1),
      'requests refused': counts.failed,
      'resident MB': emulator.rssMb(),
    },
  ])
  await emulator.stop()
  await Promise.all([bot.close(), tokens.close()])
}

type Counts = { prompts: number; tones: number; failed: number }

/** Answers, and plays its prompt over and over: from the beginning after each key. */
function startBot(counts: Counts, graph: (path: string, body?: unknown) => Promise<string>) {
  const play = (id: string) => {
    counts.prompts += 1
    return graph(`/${id}/playPrompt`, { prompts: [promptFrom(publicUrl)] })
  }
  const hear = async (news: News) => {
    const id = callIn(news)
    const { state, mediaState, toneInfo } = news.resourceData
    if (state === 'incoming') await graph(`/${id}/answer`, answer)
    if (mediaState?.audio === 'active') {
      await graph(`/${id}/subscribeToTone`)
      await play(id)
    }
    if (toneInfo) {
      counts.tones += 1
      await graph(`/${id}/cancelMediaProcessing`)
      await play(id)
    }
    // A prompt that was cancelled is followed by the one for the tone.
    if (!state && JSON.stringify(news).includes('"completed"')) await play(id)
  }
  return serve(({ method, body }, response) => {
    if (method === 'GET') return void response.writeHead(200, { 'content-type': 'audio/wav' }).end(prompt)
    response.writeHead(202).end()
    for (const news of newsIn(body)) void hear(news).catch(() => (counts.failed += 1))
  })
}

if (setUps > 0) await measureSetUps()
if (hours > 0) await measureMemory()
if (seconds > 0) await measureLiveCalls()
