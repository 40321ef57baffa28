import { readdirSync, readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import type { ReadableStream as WebStream } from 'node:stream/web'
import { afterAll, afterEach, expect, it } from 'vitest'
import { wav } from '../testing/testBot.ts'
import { john, prompts, publicUrl, secret, serviceHosted, startLine, tenantId } from '../testing/testLine.ts'
import type {} from './page.js' // so that its types are checked with all others
import type { News } from './pageRoutes.ts'

const line = await startLine()
afterEach(() => line.reset())
afterAll(() => line.close())

const page = (path: string, headers: Record<string, string> = {}) => fetch(line.emulatorOrigin + path, { headers })
const scripts = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.js'))
const source = (file: string) => readFileSync(new URL(`./${file}`, import.meta.url), 'utf8')

/** What the stream says; `until` waits for a piece that fits, counting from the first. */
async function listen() {
  const stop = new AbortController()
  const response = await fetch(`${line.emulatorOrigin}/emulator/events`, { signal: stop.signal })
  const said: News[] = []
  let text = ''
  const reading = (async () => {
    if (!response.body) throw new Error('There is no stream.')
    const decoder = new TextDecoder()
    for await (const bytes of Readable.fromWeb(response.body as WebStream)) {
      // the DOM and Node describe one stream twice
      text += decoder.decode(bytes, { stream: true })
      const pieces = text.split('\n\n')
      text = pieces.pop() ?? ''
      for (const piece of pieces) if (piece.startsWith('data: ')) said.push(JSON.parse(piece.slice(6)))
    }
  })().catch(() => {}) // ends by abort
  return {
    said,
    response,
    async until(fits: (news: News) => boolean): Promise<News> {
      for (const deadline = Date.now() + 4000; Date.now() < deadline; ) {
        const found = said.find(fits)
        if (found) return found
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      throw new Error(`it was not said: ${JSON.stringify(said)}`)
    },
    async close() {
      stop.abort()
      await reading
    },
  }
}

it('serves a page that may run its own files only and speak to its own origin only', async () => {
  const response = await page('/')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('text/html')
  expect(response.headers.get('cache-control')).toBe('no-store')
  const policy = response.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("connect-src 'self'")
  expect(policy).toContain("require-trusted-types-for 'script'")
  expect(policy).not.toContain('unsafe')
})

it('has no inline script, style or handler that its policy would stop, and no word left out', async () => {
  const html = await (await page('/')).text()
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*src=)/)
  expect(html).not.toContain('{{')
  expect(html).toContain('Call the bot')
})

it('serves every file that the page names, without a copy being kept', async () => {
  const html = await (await page('/')).text()
  const named = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '')
  expect(named.length).toBeGreaterThan(2)
  expect(scripts).toEqual(expect.arrayContaining(['page.js', 'rows.js', 'dom.js', 'people.js']))
  for (const path of [...named, ...scripts.map((file) => `/page/${file}`), '/page/messages.en.json']) {
    const response = await page(path)
    expect([path, response.status]).toEqual([path, 200])
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  }
})

it('every text that the page asks for is there, and none is there for nothing', () => {
  const words: Record<string, string> = JSON.parse(source('messages.en.json'))
  const html = [...source('index.html').matchAll(/\{\{(\w+)\}\}/g)].map(([, key]) => key ?? '')
  const script = scripts.map(source).join('')
  const named = [...script.matchAll(/'(\w+)'/g)].map(([, key]) => key ?? '')
  const begun = [...script.matchAll(/`(\w+_)\$\{/g)].map(([, start]) => start ?? '')
  const asked = [...script.matchAll(/say\('(\w+)'/g)].map(([, key]) => key ?? '')
  expect([...html, ...asked].filter((key) => !(key in words))).toEqual([])
  const isUsed = (key: string) =>
    html.includes(key) || named.includes(key) || begun.some((start) => key.startsWith(start))
  expect(Object.keys(words).filter((key) => !isUsed(key))).toEqual([])
})

it.each(['/', '/page/page.js', '/emulator/events'])(
  '%s is refused to pages of other sites and under other names',
  async (path) => {
    expect((await page(path, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await page(path, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    const status = await new Promise((resolve, reject) => {
      const asked = httpRequest(line.emulatorOrigin + path, { headers: { host: 'rebound.example' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      asked.on('error', reject).end()
    })
    expect(status).toBe(403)
  },
)

it('tells who comes later everything first: calls without their transcripts, entries and traffic', async () => {
  const id = await line.dialAndAnswer()
  const stream = await listen()
  const first = await stream.until(() => true)
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream')
  expect(first).toMatchObject({ whole: true, calls: [{ id, state: 'established', from: john }] })
  expect(first.calls[0]).not.toHaveProperty('transcript')
  expect(first.entries.map(({ kind, callId }) => [kind, callId])).toContainEqual(['state', id])
  expect(first.traffic.map((one) => one.kind === 'request' && one.operation)).toContain('call-answer')
  await stream.close()
})

it('then tells what is new, once', async () => {
  const stream = await listen()
  await stream.until(({ whole }) => whole)
  line.bot.files.set('/hello.wav', { bytes: wav(), text: 'Hello' })
  const id = await line.dialAndAnswer()
  await line.graph('POST', `/${id}/playPrompt`, { prompts: prompts('/hello.wav') })
  await stream.until(({ entries }) => entries.some((entry) => entry.kind === 'prompt' && entry.text === 'Hello'))
  await line.request('POST', `/emulator/calls/${id}/hangUp`)
  await stream.until(({ calls }) => calls.some((call) => call.state === 'terminated'))
  await stream.until(({ traffic }) => JSON.stringify(traffic).includes('"deleted"'))
  const entries = stream.said.flatMap((news) => news.entries).filter(({ callId }) => callId === id)
  expect(entries.map(({ n }) => n)).toEqual((await line.view(id)).transcript.map(({ n }) => n))
  const numbers = stream.said.flatMap(({ traffic }) => traffic).map(({ n }) => n)
  expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other))
  expect(stream.said.filter(({ whole }) => whole)).toHaveLength(1)
  await stream.close()
})

it('tells which telephones ring, and when they stop', async () => {
  await line.request('POST', '/emulator/people', { id: 'ann', onCall: 'ask' })
  const stream = await listen()
  expect((await stream.until(({ whole }) => whole)).rings).toEqual([])
  const ann = { '@odata.type': '#microsoft.graph.identity', id: 'ann', displayName: 'Ann' }
  const identity = { '@odata.type': '#microsoft.graph.identitySet', user: ann }
  const { body } = await line.graph('POST', '', {
    '@odata.type': '#microsoft.graph.call',
    callbackUri: `${publicUrl}/api/calls`,
    targets: [{ '@odata.type': '#microsoft.graph.invitationParticipantInfo', identity }],
    requestedModalities: ['audio'],
    mediaConfig: serviceHosted,
    tenantId,
  })
  const { rings } = await stream.until((news) => news.rings.length === 1)
  expect(rings).toMatchObject([{ callId: body.id, what: 'call', identity: { user: { displayName: 'Ann' } } }])
  await line.request('POST', `/emulator/rings/${rings[0]?.id}`, { outcome: 'decline' })
  const ended = await stream.until(({ calls }) => calls.some(({ state }) => state === 'terminated'))
  expect(ended.rings).toEqual([])
  await stream.close()
})

it('says nothing while nothing happens', async () => {
  await line.dialAndAnswer()
  const stream = await listen()
  await stream.until(({ whole }) => whole)
  await new Promise((resolve) => setTimeout(resolve, 700))
  const before = stream.said.length
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(stream.said.length).toBe(before)
  await stream.close()
})

it('tells which calls and which traffic were forgotten', async () => {
  const id = await line.dialAndAnswer()
  const stream = await listen()
  const { traffic } = await stream.until(({ whole }) => whole)
  await line.request('DELETE', '/emulator')
  const news = await stream.until(({ gone }) => gone.includes(id))
  expect(news.firstKept).toBeGreaterThan(traffic.at(-1)?.n ?? Number.POSITIVE_INFINITY)
  await stream.close()
})

it('tells what a bot must be given, and no secret', async () => {
  await line.dialAndAnswer()
  const stream = await listen()
  const { apps } = await stream.until(({ whole }) => whole)
  expect(apps).toMatchObject([{ webhook: 'https://bot.localhost/api/calls', local: `${line.bot.origin}/api/calls` }])
  expect(JSON.stringify(stream.said)).not.toContain(secret)
  await stream.close()
})
