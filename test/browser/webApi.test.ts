import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askerOf } from './ask.ts'
import { browserIsHere } from './browser.ts'
import { openShared, type Shared } from './product.ts'

describe.skipIf(!browserIsHere)('the web API, as Next serves it', () => {
  let product: Shared
  beforeAll(async () => {
    product = await openShared()
  })
  afterAll(() => product.close())

  const ask = askerOf(() => product)
  const newOne = async (from: 'sample' | 'empty'): Promise<string> =>
    (await ask('POST', '/api/flows', { name: 'API', from })).body.id
  const unknown = '2e1a0b00-2db4-4022-9570-243709c565ab'

  it('saves of two people: exactly one wins, the other is told', async () => {
    const id = await newOne('sample')
    const { flow, revision } = (await ask('GET', `/api/flows/${id}`)).body
    const saves = Array.from({ length: 5 }, (_, n) => ({ flow: { ...flow, name: `Saved by ${n}` }, revision }))
    const answers = await Promise.all(saves.map((save) => ask('PUT', `/api/flows/${id}`, save)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409])
    expect(answers.find(({ status }) => status === 409)?.body.error?.code).toBe('changedMeanwhile')
    // The same again is what is there already.
    const winner = saves[answers.findIndex(({ status }) => status === 200)]
    expect((await ask('PUT', `/api/flows/${id}`, winner)).status).toBe(200)
  })

  it('a flow that does not pass the check is not published, and the answer says why', async () => {
    const { status, body } = await ask('POST', `/api/flows/${await newOne('empty')}/publish`, { revision: 1, note: '' })
    expect([status, body.error?.code]).toEqual([422, 'problems'])
    expect(JSON.stringify(body)).toContain('exitOpen')
  })

  it.each([
    ['GET', `/api/flows/${unknown}`, undefined, 404],
    ['GET', '/api/flows/none', undefined, 404],
    ['GET', `/api/calls/${unknown}`, undefined, 404],
    ['GET', '/api/calls?time=x&from=never', undefined, 400],
    ...['calls', 'flows', 'phone/calls', 'calls/export'].flatMap((path): [string, string, undefined, number][] => [
      ['GET', `/api/${path}/%ff`, undefined, 400],
      ['GET', `/api/${path}/a%`, undefined, 400],
      ['PUT', `/api/${path}/%c0%af/x`, undefined, 400],
    ]),
    ['PUT', `/api/flows/${unknown}`, '{"this is no JSON', 400],
    ['PUT', `/api/flows/${unknown}`, { flow: {}, revision: 1 }, 400],
    ['PUT', `/api/flows/${unknown}`, { flow: { schemaVersion: 99 }, revision: 1 }, 422],
    ['POST', '/api/flows', { name: '', from: 'empty' }, 400],
    ['POST', '/api/speech', { text: '' }, 422],
    ['POST', `/api/phone/calls/${unknown}/tones`, { tones: '1' }, 404],
  ])('%s %s is refused in words (%o)', async (method, path, body, status) => {
    const answer = await ask(method, path, body)
    expect(answer.status).toBe(status)
    expect(answer.body.error?.message).toMatch(/[.]$/)
    expect(JSON.stringify(answer.body)).not.toContain('node_modules')
  })

  it('a draft of 2.2 MB is refused at once, and its connection is free for the next request', async () => {
    const id = await newOne('sample')
    const { flow, revision } = (await ask('GET', `/api/flows/${id}`)).body
    const begun = performance.now()
    const large = await ask('PUT', `/api/flows/${id}`, { flow: { ...flow, apology: 'x'.repeat(2_200_000) }, revision })
    expect([large.status, large.body.error?.code]).toEqual([413, 'tooLarge'])
    expect(await ask('PUT', `/api/flows/${id}`, { flow, revision })).toMatchObject({ status: 200 })
    expect(performance.now() - begun).toBeLessThan(3_000)
  })

  it('a body that comes a byte a second, or not at all, is not waited for', async () => {
    const id = await newOne('sample')
    const begun = performance.now()
    const said = await Promise.all(
      [1_000, 60_000].map(
        (everyMs) =>
          new Promise<string>((resolve) => {
            const { port } = new URL(product.url)
            let heard = ''
            const socket = connect(Number(port), '127.0.0.1', () => {
              socket.write(`PUT /api/flows/${id} HTTP/1.1\r\nhost: localhost:${port}\r\ncontent-length: 1000\r\n\r\n{`)
            })
            const timer = setInterval(() => socket.write(' '), everyMs)
            socket.on('data', (data) => {
              heard += data
            })
            socket.on('error', () => {})
            socket.on('close', () => {
              clearInterval(timer)
              resolve(heard)
            })
          }),
      ),
    )
    for (const heard of said) expect(heard).toMatch(/^HTTP\/1.1 408 /)
    expect(performance.now() - begun).toBeLessThan(20_000)
  }, 40_000)

  it('another site cannot write, and another host name sees nothing', async () => {
    expect(
      (await ask('POST', '/api/flows', { name: 'x', from: 'empty' }, { origin: 'https://evil.example' })).status,
    ).toBe(403)
    expect(
      (await ask('POST', '/api/flows', { name: 'x', from: 'empty' }, { 'sec-fetch-site': 'cross-site' })).status,
    ).toBe(403)
  })

  it('may be framed by Teams and Microsoft 365, and by nobody else', async () => {
    const page = await fetch(`${product.url}/flows`)
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain(
      "frame-ancestors 'self' https://teams.microsoft.com https://*.teams.microsoft.com https://*.cloud.microsoft",
    )
    expect(policy).not.toMatch(/frame-ancestors[^;]* \*[ ;]/)
    expect(page.headers.get('x-frame-options')).toBeNull()
  })

  it('each process says what it is and that it can serve', async () => {
    expect((await ask('GET', '/api/health')).body).toMatchObject({ name: 'designer', ok: true })
    const emulator = (await (await fetch(`${product.emulatorUrl}/api/health`)).json()) as object
    expect(emulator).toMatchObject({ name: 'emulator', ok: true })
  })
})
