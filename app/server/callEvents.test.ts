import { expect, it, onTestFinished, vi } from 'vitest'
import type { Listeners } from '#store/changes.ts'
import { GET } from '../api/calls/events/route.ts'
import { readEvents } from './eventStream.ts'
import type { Services } from './services.ts'
import { mostOfOne, openStreams } from './streams.ts'

const tenantId = '7d3b8c1e-58f5-4a0e-9b52-3a8a4a1f2c11'

/** The route's answer, and what the route is told by the database. */
async function ask(reader: AbortController) {
  const listening = new Set<Listeners['calls']>()
  const changes = {
    on: (_: string, listener: Listeners['calls']) => {
      listening.add(listener)
      return () => listening.delete(listener)
    },
  }
  const settings = { databaseUrl: '', tenantId, appId: '', local: { emulatorUrl: 'http://127.0.0.1:1' } }
  // No more than this route asks for.
  const process = globalThis as typeof globalThis & { services?: Services }
  process.services = { settings, changes, streams: process.services?.streams ?? openStreams() } as unknown as Services
  const request = new Request('http://localhost:3000/api/calls/events', {
    headers: { host: 'localhost:3000' },
    signal: reader.signal,
  })
  const answer = await GET(request, { params: Promise.resolve({}) })
  const tell: Listeners['calls'] = (news) => listening.forEach((listener) => void listener(news))
  return { answer, tell, listening }
}

/** The stream as a reader gets it. */
async function read(reader: AbortController) {
  const { answer, ...rest } = await ask(reader)
  if (!answer.body) throw new Error('There is no stream.')
  return { body: answer.body, ...rest }
}

it('tells of the calls of the tenant that asks, and of nobody else’s', async () => {
  const reader = new AbortController()
  const { body, tell, listening } = await read(reader)
  tell({ tenantId: 'another', callIds: ['theirs'] })
  tell({ tenantId, callIds: ['ours'] })
  tell('reconnected')
  reader.abort()

  const heard: unknown[] = []
  for await (const { event, data } of readEvents(body)) heard.push([event, JSON.parse(data)])
  expect(heard).toEqual([
    ['calls', { ids: ['ours'] }],
    ['calls', { ids: [] }],
  ])
  expect(listening.size).toBe(0)
})

it('listens for nobody who has gone before it could answer', async () => {
  const reader = new AbortController()
  reader.abort()
  const { body, listening } = await read(reader)
  for await (const event of readEvents(body)) expect.fail(`It tells of ${event.data}.`)
  expect(listening.size).toBe(0)
})

it('is open in so many windows of one person, and in another one when one of them is closed', async () => {
  const readers = Array.from({ length: mostOfOne + 1 }, () => new AbortController())
  onTestFinished(() => {
    for (const reader of readers) reader.abort()
  })
  const answers = []
  for (const reader of readers) answers.push((await ask(reader)).answer)
  expect(new Set(answers.slice(0, mostOfOne).map(({ status }) => status))).toEqual(new Set([200]))
  const refused = answers.at(-1)
  expect([refused?.status, refused?.headers.get('retry-after')]).toEqual([429, '5'])
  expect(await refused?.json()).toMatchObject({ error: { code: 'tooManyWindows', next: expect.any(String) } })

  readers[0]?.abort()
  await vi.waitFor(async () => expect((await ask(readers[1] ?? new AbortController())).answer.status).toBe(200))
})
