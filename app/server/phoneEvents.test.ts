import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import type { CallStep } from '#store/calls.ts'
import { eventStream, readEvents, type ServerEvent } from './eventStream.ts'
import { sendPhoneEvents } from './phoneEvents.ts'

type Needed = Parameters<typeof sendPhoneEvents>[0]

const step = (seq: number): CallStep => ({
  seq,
  at: new Date(seq),
  block: 'menu',
  event: 'entered',
  exit: null,
  detail: {},
  versionId: null,
})

/** A history that a test writes, and that tells of it like the database does. */
function history() {
  const call = { state: 'live', steps: [] as CallStep[] }
  const listeners = new Set<() => void>()
  return {
    // Only what the function under test asks of the two.
    needed: {
      store: {
        calls: {
          get: async () => ({ ...call, steps: [...call.steps] }),
        },
      },
      changes: {
        on: (_: string, listener: () => void) => {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      },
    } as unknown as Needed,
    write(change: { state?: string; steps?: CallStep[] }) {
      call.state = change.state ?? call.state
      call.steps.push(...(change.steps ?? []))
      for (const listener of listeners) listener()
    },
    get listeners() {
      return listeners.size
    },
  }
}

const transcript = (...entries: object[]) =>
  new Blob(entries.map((entry, n) => `id: ${n + 1}\ndata: ${JSON.stringify(entry)}\n\n`)).stream()

const call = { tenantId: 't', callId: 'c' }
const signal = new AbortController().signal

it('tells entries and steps, each once, and ends after the last step of an ended call', async () => {
  const { needed, write } = history()
  const sent: ServerEvent[] = []
  write({ steps: [step(1)] })
  const sending = sendPhoneEvents(
    needed,
    { ...call, transcript: transcript({ kind: 'state' }, { kind: 'ended' }) },
    (event) => sent.push(event),
    signal,
  )
  setTimeout(write, 30, { steps: [step(2)] })
  setTimeout(write, 60, { steps: [step(3)], state: 'ended' })
  await sending
  expect(sent.filter(({ id }) => id).map(({ id }) => id)).toEqual(['1', '2'])
  const steps = sent.filter(({ event }) => event === 'step')
  expect(steps.map(({ data }) => JSON.parse(data).seq)).toEqual([1, 2, 3])
  expect(sent.at(-1)?.event).toBe('over')
})

it('hears of a step at once, and not only when it asks by itself', async () => {
  const { needed, write } = history()
  const began = performance.now()
  let heardAfter = Number.POSITIVE_INFINITY
  setTimeout(write, 50, { steps: [step(1)], state: 'ended' })
  await sendPhoneEvents(
    needed,
    { ...call, transcript: null },
    ({ event }) => {
      if (event === 'step') heardAfter = performance.now() - began
    },
    signal,
  )
  expect(heardAfter).toBeLessThan(300)
})

it('lets go of the history when the reader leaves', async () => {
  const past = history()
  const leaving = new AbortController()
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => leaving.signal.addEventListener('abort', () => controller.close()),
  })
  const sending = sendPhoneEvents(past.needed, { ...call, transcript: body }, () => {}, leaving.signal)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(past.listeners).toBe(1)
  leaving.abort()
  await sending
  expect(past.listeners).toBe(0)
})

it('events survive the way over HTTP, whatever is in them', async () => {
  const events: ServerEvent[] = [
    { id: '1', data: '{"text":"a: b\\n\\n"}' },
    { event: 'step', data: 'two\nlines' },
    { data: 'é' },
  ]
  const server = createServer(async (request, response) => {
    const { signal } = new AbortController()
    const answer = eventStream(
      new Request(`http://localhost${request.url}`, { signal }),
      () => {},
      async (send) => events.forEach(send),
    )
    response.writeHead(200, Object.fromEntries(answer.headers))
    response.end(Buffer.from(await answer.arrayBuffer()))
  }).listen(0)
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}`)
  const read: ServerEvent[] = []
  if (response.body) for await (const event of readEvents(response.body)) read.push(event)
  server.close()
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(read).toEqual(events)
})
