import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { GraphError } from '../road/error.ts'
import { type Handler, serve } from '../testing/server.ts'
import { type Download, downloadRecording } from './recordings.ts'

const recordingAccessToken = 'a-token-of-the-recording'
const wav = randomBytes(300_000)

let handler: Handler
let storage: Awaited<ReturnType<typeof serve>>

beforeEach(async () => {
  handler = (_heard, response) => {
    response.writeHead(200, { 'content-type': 'audio/wav', 'content-length': wav.length })
    response.end(wav)
  }
  storage = await serve((heard, response) => handler(heard, response))
})
afterEach(() => storage.close())

const from = () => ({ recordingLocation: `${storage.url}/recordings/1`, recordingAccessToken })

async function bytesOf({ body }: Download): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const errorOf = (promise: Promise<unknown>): Promise<GraphError> =>
  promise.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error) => (error instanceof GraphError ? error : Promise.reject(error)),
  )

it('a recording comes whole, with its kind, by its own token', async () => {
  const download = await downloadRecording(from())
  expect(download.contentType).toBe('audio/wav')
  const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
  expect(hash(await bytesOf(download))).toBe(hash(wav))
  expect(storage.heard[0]?.headers.authorization).toBe(`Bearer ${recordingAccessToken}`)
})

it('it is a stream for Node as well', async () => {
  const { body } = await downloadRecording(from())
  let bytes = 0
  for await (const chunk of Readable.from(body)) bytes += chunk.length
  expect(bytes).toBe(wav.length)
})

describe('refused is', () => {
  it.each(['http://storage.example/1', 'ftp://127.0.0.1/1', 'file:///etc/passwd', 'no address'])(
    'the address %s, before anything is sent',
    async (recordingLocation) => {
      const error = await errorOf(downloadRecording({ recordingLocation, recordingAccessToken }))
      expect(error).toMatchObject({ code: 'badRequest' })
      expect(error.message).not.toContain(recordingAccessToken)
    },
  )

  it.each(['', 'two words', 'a\r\nx-injected: 1'])('the token "%s"', async (token) => {
    expect((await errorOf(downloadRecording({ ...from(), recordingAccessToken: token }))).code).toBe('badRequest')
    expect(storage.heard).toHaveLength(0)
  })

  it('a redirect, and the token goes nowhere else', async () => {
    const elsewhere = await serve((_heard, response) => {
      response.end('x')
    })
    handler = (_heard, response) => {
      response.writeHead(302, { location: `${elsewhere.url}/1` }).end()
    }
    expect(await errorOf(downloadRecording(from()))).toMatchObject({ code: 'redirected', status: 302 })
    expect(elsewhere.heard).toHaveLength(0)
    await elsewhere.close()
  })

  it('a recording that says to be too large, before it is read', async () => {
    expect(await errorOf(downloadRecording(from(), { maxBytes: wav.length - 1 }))).toMatchObject({ code: 'tooLarge' })
    await bytesOf(await downloadRecording(from(), { maxBytes: wav.length }))
  })

  it('one that does not say it, as soon as it is', async () => {
    let ended = false
    handler = (_heard, response) => {
      response.writeHead(200)
      const more = setInterval(() => response.write(randomBytes(10_000)), 5)
      response.on('close', () => {
        clearInterval(more)
        ended = true
      })
    }
    const download = await downloadRecording(from(), { maxBytes: 50_000 })
    let bytes = 0
    const reading = (async () => {
      for await (const chunk of download.body) bytes += chunk.byteLength
    })()
    expect(await errorOf(reading)).toMatchObject({ code: 'tooLarge', worthRetrying: false })
    expect(bytes).toBeLessThanOrEqual(50_000)
    await expect.poll(() => ended).toBe(true)
  })

  it.each([
    [401, false],
    [404, false],
    [503, true],
  ])('an answer of %i', async (status, worthRetrying) => {
    handler = (_heard, response) => {
      response.writeHead(status, { 'request-id': 'r1' }).end('who knows')
    }
    expect(await errorOf(downloadRecording(from()))).toMatchObject({ status, worthRetrying, requestId: 'r1' })
  })
})

describe('a download that stands still is given up', () => {
  it('before the first byte', async () => {
    handler = () => {}
    expect(await errorOf(downloadRecording(from(), { timeoutMs: 100 }))).toMatchObject({ code: 'timeout' })
  })

  it('on the way', async () => {
    handler = (_heard, response) => {
      response.writeHead(200)
      response.write(randomBytes(1_000))
    }
    const download = await downloadRecording(from(), { timeoutMs: 200 })
    expect(await errorOf(bytesOf(download))).toMatchObject({ code: 'timeout', worthRetrying: true })
  })

  it('but not because its reader is slow', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const download = await downloadRecording(from(), { timeoutMs: 200 })
      let bytes = 0
      for await (const chunk of download.body) {
        if (bytes === 0) vi.advanceTimersByTime(500)
        bytes += chunk.byteLength
      }
      expect(bytes).toBe(wav.length)
    } finally {
      vi.useRealTimers()
    }
  })

  it('when it is cut off', async () => {
    handler = (_heard, response) => {
      response.writeHead(200, { 'content-length': 5_000 })
      response.write(randomBytes(1_000), () => response.destroy())
    }
    const cut = downloadRecording(from()).then(bytesOf)
    expect(await errorOf(cut)).toMatchObject({ code: 'unreachable' })
  })

  it('when its signal says so, on the way as well', async () => {
    const stop = new AbortController()
    handler = (_heard, response) => {
      response.writeHead(200)
      response.write(randomBytes(1_000))
    }
    const reading = bytesOf(await downloadRecording(from(), { signal: stop.signal }))
    const failed = errorOf(reading)
    stop.abort()
    expect(await failed).toMatchObject({ code: 'aborted' })
    expect(await errorOf(downloadRecording(from(), { signal: stop.signal }))).toMatchObject({ code: 'aborted' })
  })
})
