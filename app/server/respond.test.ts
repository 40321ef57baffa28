import { describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { FlowError } from '#flow/error.ts'
import { SpeechError } from '#speech/error.ts'
import { StoreError } from '#store/error.ts'
import { AppError } from './appError.ts'
import { bodyOf, created, type RouteInput, respond } from './respond.ts'
import type { Services } from './services.ts'
import type { Settings } from './settings.ts'

const tenantId = '7d3b8c1e-58f5-4a0e-9b52-3a8a4a1f2c11'
const local: Settings = {
  host: '127.0.0.1',
  port: 0,
  databaseUrl: '',
  dataKey: null,
  tenantId,
  appId: '',
  keepDays: 30,
  named: { values: new Map(), secrets: new Map() },
  localServices: [],
  apiToken: null,
  local: { emulatorUrl: 'http://127.0.0.1:1' },
}

/** One request to a route, in local mode unless told otherwise. */
function ask(
  answer: (input: RouteInput<Record<string, string>>) => Promise<unknown>,
  {
    settings = local,
    headers = {},
    id = 'one',
    ...init
  }: RequestInit & { settings?: Settings; headers?: Record<string, string>; id?: string } = {},
) {
  const request = new Request('http://localhost:3000/api/x', {
    ...init,
    headers: { host: 'localhost:3000', ...headers },
  })
  // No route under test here touches more than the settings.
  const route = respond<unknown, Record<string, string>>(answer, () => ({ settings }) as Services)
  return route(request, { params: Promise.resolve({ id }) })
}
const failing = (error: unknown) => ask(() => Promise.reject(error))

describe('a route', () => {
  it('answers with JSON that nobody keeps', async () => {
    const response = await ask(async ({ params, who }) => ({ id: params.id, tenant: who.tenantId }))
    expect(await response.json()).toEqual({ id: 'one', tenant: tenantId })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('answers 201 with what was made, and 204 with nothing', async () => {
    expect((await ask(async () => created({ id: 1 }))).status).toBe(201)
    expect((await ask(async () => undefined)).status).toBe(204)
  })

  it.each(['a\0b', '\x1b', '\ud800'])('has nothing at an address with %j in it', async (id) => {
    const answer = vi.fn(async () => 'secret')
    const response = await ask(answer, { id })
    expect([response.status, (await response.json()).error.code]).toEqual([404, 'notFound'])
    expect(answer).not.toHaveBeenCalled()
  })

  it('lets nobody in when there is no local mode', async () => {
    const answer = vi.fn(async () => 'secret')
    const response = await ask(answer, { settings: { ...local, local: null } })
    expect([response.status, (await response.json()).error.code]).toEqual([401, 'signInNeeded'])
    expect(answer).not.toHaveBeenCalled()
  })

  it('answers in local mode only by a name of this machine', async () => {
    const response = await ask(async () => 'secret', { headers: { host: 'flows.evil.example' } })
    expect([response.status, (await response.json()).error.code]).toEqual([403, 'foreignHost'])
  })

  it.each([
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of a sister site', { 'sec-fetch-site': 'same-site' }],
    ['an older browser on another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://localhost:8080' }],
    ['a sandboxed frame', { origin: 'null' }],
  ])('does not write for %s', async (_, headers) => {
    const write = vi.fn(async () => undefined)
    const response = await ask(write, { method: 'POST', headers: headers as Record<string, string> })
    expect([response.status, (await response.json()).error.code]).toEqual([403, 'crossSite'])
    expect(write).not.toHaveBeenCalled()
  })

  it.each([
    ['loads it as a picture', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['fetches it', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', origin: 'https://evil.example' }],
    ['fetches it from another port', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
    ['is old and fetches it', { origin: 'https://evil.example' }],
  ])('does not work for a page of another site that %s', async (_, headers) => {
    const read = vi.fn(async () => 'all calls')
    const response = await ask(read, { headers: headers as Record<string, string> })
    expect([response.status, (await response.json()).error.code]).toEqual([403, 'crossSite'])
    expect(read).not.toHaveBeenCalled()
  })

  it('may be led to by a link, and read by its own pages and by programs', async () => {
    const welcome: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
      { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' },
      { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' },
      {},
    ]
    for (const headers of welcome) expect((await ask(async () => 'calls', { headers })).status).toBe(200)
  })

  it('writes for its own pages', async () => {
    const headers = { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:3000' }
    expect((await ask(async () => undefined, { method: 'DELETE', headers })).status).toBe(204)
  })
})

describe('a body', () => {
  const named = ({ request }: RouteInput<unknown>) => bodyOf(request, z.object({ name: z.string() }))
  const post = (body: BodyInit) => ask(named, { method: 'POST', body })

  it('is read by its schema', async () => {
    expect(await (await post('{"name":"Front desk"}')).json()).toEqual({ name: 'Front desk' })
  })

  it.each(['', '{', '[]', '{"name":7}'])(
    '%j is refused, with the place that is wrong and not what stands there',
    async (body) => {
      const response = await post(body)
      const { error } = await response.json()
      expect([response.status, error.code]).toEqual([400, 'badRequest'])
      expect(error.detail[0]).toMatch(/^(body|name): /)
    },
  )

  it('is read up to 2 MB, whatever it says about its length', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(2 * 1024 * 1024) })
    const response = await post(body)
    expect([response.status, (await response.json()).error.code]).toEqual([413, 'tooLarge'])
  })
})

describe('a body that does not come whole', () => {
  const read = ({ request }: RouteInput<unknown>) => bodyOf(request, z.object({ name: z.string() }))
  const post = (body: ReadableStream<Uint8Array>) => ask(read, { method: 'POST', body, ...{ duplex: 'half' } })
  const bytes = (text: string) => new TextEncoder().encode(text)

  it('because its sender is gone is no mistake of ours', async () => {
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const cut = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes('{"na')),
      pull: (controller) => controller.error(new DOMException('This operation was aborted', 'AbortError')),
    })
    const response = await post(cut)
    expect([response.status, (await response.json()).error.code]).toEqual([400, 'cutOff'])
    expect(log).not.toHaveBeenCalled()
    log.mockRestore()
  })

  it.each([
    ['says nothing', 0],
    ['says one byte a second', 1],
    ['says 400 bytes a second', 400],
  ])('because its sender %s is not waited for longer than 20 s', async (_, each) => {
    vi.useFakeTimers()
    try {
      let timer: ReturnType<typeof setInterval> | undefined
      const slow = new ReadableStream<Uint8Array>({
        start(controller) {
          if (each > 0) timer = setInterval(() => controller.enqueue(bytes(' '.repeat(each))), 1_000)
        },
        cancel: () => clearInterval(timer),
      })
      const answered = post(slow).then(async (response) => [response.status, (await response.json()).error.code])
      await vi.advanceTimersByTimeAsync(20_000)
      expect(vi.getTimerCount()).toBe(0)
      expect(await answered).toEqual([408, 'tooSlow'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('at once but on a slow line is waited for', async () => {
    vi.useFakeTimers()
    try {
      let left = 60
      const line = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(bytes('{"name":"Front desk"}'))
          const timer = setInterval(() => {
            controller.enqueue(bytes(' '.repeat(1_000)))
            left -= 1
            if (left > 0) return
            clearInterval(timer)
            controller.close()
          }, 1_000)
        },
      })
      const answered = post(line).then((response) => response.status)
      await vi.advanceTimersByTimeAsync(61_000)
      expect(await answered).toBe(200)
    } finally {
      vi.useRealTimers()
    }
  })

  it('and is far too large is not read to its end', async () => {
    let given = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        given += 1
        controller.enqueue(new Uint8Array(1024 * 1024))
      },
    })
    const response = await post(endless)
    expect([response.status, (await response.json()).error.code]).toEqual([413, 'tooLarge'])
    expect(response.headers.get('connection')).toBe('close')
    expect(given).toBeLessThan(20)
  })
})

describe('an error', () => {
  it.each([
    [new StoreError('notFound'), 404, 'notFound'],
    [new StoreError('changedMeanwhile', { revision: 7 }), 409, 'changedMeanwhile'],
    [new StoreError('flowNameTaken'), 409, 'flowNameTaken'],
    [new StoreError('unavailable'), 503, 'unavailable'],
    [new StoreError('unavailable', { why: 'full' }), 503, 'databaseFull'],
    [new StoreError('unavailable', { why: 'readOnly' }), 503, 'databaseReadOnly'],
    [new StoreError('unavailable', { why: 'locked' }), 503, 'databaseLocked'],
    [new StoreError('unavailable', { why: 'busy' }), 503, 'databaseBusy'],
    [new StoreError('limit'), 413, 'limit'],
    [new FlowError('flowNotReadable', 'blocks'), 400, 'flowNotReadable'],
    [new FlowError('flowTooLarge', '1001'), 413, 'flowTooLarge'],
    [new FlowError('flowTooNew', '2'), 422, 'flowTooNew'],
    [new SpeechError('textTooLong'), 422, 'textTooLong'],
    [new SpeechError('timedOut'), 503, 'timedOut'],
    [new SpeechError('tooMany'), 429, 'tooMany'],
    [new SpeechError('busy'), 503, 'busy'],
    [new AppError('emulatorAway'), 503, 'emulatorAway'],
  ])('%s has its status and its code', async (error, status, code) => {
    const response = await failing(error)
    const body = await response.json()
    expect([response.status, body.error.code]).toEqual([status, code])
    expect(body.error.message).not.toBe('')
  })

  it.each(['tooMany', 'busy', 'timedOut'] as const)(
    'that passes by itself (%s) says when to ask again',
    async (code) => {
      const response = await failing(new SpeechError(code))
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
      expect((await failing(new SpeechError('textTooLong'))).headers.get('retry-after')).toBeNull()
    },
  )

  it.each([
    new StoreError('unavailable'),
    new StoreError('unavailable', { why: 'busy' }),
    new AppError('emulatorAway'),
  ])('that passes by itself (%s) says so too', async (error) => {
    expect(Number((await failing(error)).headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('of two savers says who was first', async () => {
    const detail = { revision: 8, updatedAt: new Date(0), updatedBy: 'Marta Silva' }
    const { error } = await (await failing(new StoreError('changedMeanwhile', detail))).json()
    expect(error.detail).toEqual({ revision: 8, updatedAt: '1970-01-01T00:00:00.000Z', updatedBy: 'Marta Silva' })
  })

  it('that nobody foresaw tells its number and nothing else, and the log tells no message', async () => {
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const response = await failing(new Error('password of +1 425 555 0100'))
    const text = await response.text()
    const logged = log.mock.calls.map(String).join('')
    log.mockRestore()
    const { error } = JSON.parse(text)
    expect([response.status, error.code]).toEqual([500, 'internal'])
    expect(logged).toContain(error.detail.id)
    expect(text + logged).not.toMatch(/password|425 555/)
    expect(text).not.toMatch(/\bat .*:\d+/)
  })
})
