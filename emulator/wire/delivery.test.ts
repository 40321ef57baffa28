import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, expect, it } from 'vitest'
import { answer, startLine } from '../testing/testLine.ts'
import type { Exchange } from './traffic.ts'

const line = await startLine({ legacyFirst: false })
afterEach(() => line.reset())
afterAll(() => line.close())

const fault = (rule: object) => line.request('POST', '/emulator/faults', rule)
const sent = async (id: string) =>
  (await line.requests(`callId=${id}`)).filter(
    (one): one is Extract<Exchange, { kind: 'notification' }> => one.kind === 'notification',
  )
/** What the bot hears of a call that it answers and that the caller ends: so many notifications. */
async function course(count: number): Promise<string[]> {
  const id = await line.dialAndAnswer()
  await line.request('POST', `/emulator/calls/${id}/hangUp`)
  await line.heard(count)
  return line.news(id)
}
const usual = [
  'created incoming',
  'updated establishing',
  'updated established',
  'updated established active',
  'deleted terminated 200/4521',
]

it('loses a notification and says so in the records', async () => {
  await fault({ on: { notification: 'updated', state: 'established', nth: 1 }, do: { lose: true } })
  expect(await course(4)).toEqual(usual.toSpliced(2, 1))
  const lost = (await line.requests()).filter((one) => one.kind === 'notification' && one.attempt === 0)
  expect(lost).toMatchObject([{ status: null, error: 'The emulator was told to lose it.' }])
})

it('sends copies of a notification, so much later', async () => {
  await fault({ on: { notification: 'deleted' }, do: { duplicate: 2, gapMs: 20 } })
  expect(await course(7)).toEqual([...usual, usual[4], usual[4]])
})

it('holds a notification until the next one was sent, or for a second', async () => {
  await fault({ on: { state: 'establishing' }, do: { reorder: true } })
  await fault({ on: { notification: 'deleted' }, do: { reorder: true } })
  expect(await course(5)).toEqual([usual[0], usual[2], usual[1], usual[3], usual[4]])
})

it('sends a notification late, and those behind it after it', async () => {
  await fault({ on: { state: 'establishing' }, do: { delayMs: 150 } })
  const id = await line.dialAndAnswer()
  await line.heard(4)
  expect(line.news(id)).toEqual(usual.slice(0, 4))
  const [created, establishing] = await sent(id)
  expect(Date.parse(establishing?.at ?? '') - Date.parse(created?.at ?? '')).toBeGreaterThan(140)
})

it('tells an incoming call in the old form first, and in the new one after 204', async () => {
  line.bot.onNotification = (body) => (JSON.stringify(body).includes('callState') ? 204 : 202)
  await fault({ on: { notification: 'created' }, do: { legacy: true } })
  const id = await line.dial()
  await line.heard(2)
  expect((await sent(id)).map(({ status }) => status)).toEqual([204, 202])
  expect(line.news(id)).toEqual(['created incoming'])
})

it.each([{ wrongKey: true }, { badToken: true }, { badToken: 'expired' }, { badToken: 'issuer' }])(
  'sends a token that proves nothing: %j',
  async (flaw) => {
    await fault({ on: { notification: 'updated' }, do: flaw })
    const id = await line.dial()
    await line.graph('POST', `/${id}/answer`, answer)
    await line.until(id, (entry) => entry.kind === 'failed' && entry.message.includes('403'))
    expect(line.news(id)).toEqual(['created incoming'])
    expect((await sent(id)).at(-1)?.status).toBe(403)
  },
)

it('sends a token for another app', async () => {
  await fault({ on: { notification: '*' }, do: { badToken: 'audience' } })
  await line.dial()
  await line.heard(1)
  expect(line.ours()[0]?.claims.aud).not.toBe('2891555a-92ff-42e6-80fa-6e1300c6b5c6')
})

it('takes the answer of a webhook late', async () => {
  await fault({ on: { notification: 'created' }, do: { slow: 120 } })
  const id = await line.dialAndAnswer()
  await line.heard(4)
  expect((await sent(id))[0]?.ms).toBeGreaterThan(110)
})

it('follows an incoming call to another deployment, once, and only to an address that it knows', async () => {
  const heard: string[] = []
  const other = createServer((request, response) => {
    heard.push(request.url ?? '')
    request.resume().on('end', () => response.writeHead(request.url === '/again' ? 302 : 202, { location: '/' }).end())
  })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}` // a TCP server has an AddressInfo
  const redirecting = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(302, { location: target }).end())
  })
  await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve))
  const webhook = 'https://moved.localhost/api/calls'
  let target = `${elsewhere}/api/calls`
  const moved = await startLine(
    { addresses: { 'https://moved.localhost': `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}` } }, // as above
    { webhook },
  )
  const statusOf = async () => {
    const id = await moved.dial()
    for (const deadline = Date.now() + 3000; Date.now() < deadline; ) {
      const [one] = (await moved.requests(`callId=${id}`)).filter(({ kind }) => kind === 'notification')
      if (one) return one
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    throw new Error('nothing was sent')
  }
  expect(await statusOf()).toMatchObject({ status: 202, error: null })
  target = `${elsewhere}/again`
  expect(await statusOf()).toMatchObject({ status: 302, error: null })
  target = 'https://elsewhere.example.com/api/calls'
  expect(await statusOf()).toMatchObject({ status: null, error: expect.stringContaining('no local address') })
  expect(heard).toEqual(['/api/calls', '/again'])
  await moved.close()
  other.close()
  redirecting.close()
})

it('follows nothing but the first notification of an incoming call', async () => {
  const heard: string[] = []
  const other = createServer((request, response) => {
    heard.push(request.url ?? '')
    request.resume().on('end', () => response.writeHead(202).end())
  })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}/api/calls` // a TCP server has an AddressInfo
  const moving = createServer((request, response) => {
    let text = ''
    request.on('data', (part) => {
      text += part
    })
    request.on('end', () =>
      text.includes('"created"')
        ? response.writeHead(202).end()
        : response.writeHead(302, { location: elsewhere }).end(),
    )
  })
  await new Promise<void>((resolve) => moving.listen(0, '127.0.0.1', resolve))
  const moved = await startLine(
    { addresses: { 'https://moved.localhost': `http://127.0.0.1:${(moving.address() as AddressInfo).port}` } }, // as above
    { webhook: 'https://moved.localhost/api/calls' },
  )
  const id = await moved.dial()
  await moved.graph('POST', `/${id}/answer`, answer)
  await moved.until(id, (entry) => entry.kind === 'failed' && entry.message.includes('302'))
  const sentThere = (await moved.requests(`callId=${id}`)).filter(({ kind }) => kind === 'notification')
  expect(sentThere.map(({ status }) => status)).toEqual([202, ...sentThere.slice(1).map(() => 302)])
  expect(sentThere.length).toBeGreaterThan(1)
  expect(heard).toEqual([])
  await moved.close()
  other.close()
  moving.close()
})
