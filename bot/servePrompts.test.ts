import { expect, it, onTestFinished, vi } from 'vitest'
import { StoreError } from '#store/error.ts'
import { createAudioCache } from './audio.ts'
import { buildServer, type Services } from './server.ts'

const publicId = '2e1a0b00-2db4-4022-9570-243709c565ab'

/** The bot's server with one prompt of this text. */
function serverWith(text: string, showsText: boolean) {
  const audio = createAudioCache(async () => ({ wav: new Uint8Array([82, 73, 70, 70]), text }))
  // No more than this address asks for.
  const server = buildServer({ audio, showsText, version: '0' } as unknown as Services)
  onTestFinished(() => server.close())
  return (headers = {}) => server.inject({ url: `/prompts/${publicId}.wav`, headers })
}

const textIn = (header: unknown) => decodeURIComponent(String(header))

it('tells a test telephone what a prompt says', async () => {
  const answer = await serverWith('Grüße, 你好 😀', true)()
  expect(answer.statusCode).toBe(200)
  expect(textIn(answer.headers['x-prompt-text'])).toBe('Grüße, 你好 😀')
})

it.each([
  ['the 1,000th unit halves an emoji', `${'a'.repeat(999)}😀 and on`, 'a'.repeat(999)],
  ['it falls into a family', `${'a'.repeat(995)}👩‍👩‍👧‍👦`, 'a'.repeat(995)],
  ['half an emoji was written', 'one \ud83d two', 'one \ufffd two'],
])('plays a prompt where %s', async (_, text, told) => {
  const answer = await serverWith(text, true)()
  expect(answer.statusCode).toBe(200)
  expect(textIn(answer.headers['x-prompt-text'])).toBe(told)
})

it('tells nobody what a prompt says where real calls are answered', async () => {
  const { headers } = await serverWith('Hello, Anna Berger.', false)()
  expect(JSON.stringify(headers)).not.toMatch(/prompt-text|Anna/)
})

it('knows a prompt again by its address, of which no text can be read', async () => {
  const ask = serverWith('Hello.', false)
  const { headers } = await ask()
  expect(headers.etag).toBe(`"${publicId}"`)
  expect((await ask({ 'if-none-match': headers.etag })).statusCode).toBe(304)
})

it('serves what is spoken for one call, and nobody may keep it', async () => {
  const audio = createAudioCache(async () => null)
  const fresh = { get: (id: string) => (id === publicId ? { wav: new Uint8Array([82]), text: 'Ada' } : null) }
  const server = buildServer({ audio, fresh, version: '0' } as unknown as Services) // as above
  onTestFinished(() => server.close())
  const { statusCode, headers } = await server.inject({ url: `/prompts/${publicId}.wav` })
  expect([statusCode, headers['cache-control']]).toEqual([200, 'no-store'])
  expect(JSON.stringify(headers)).not.toContain('Ada')
  expect((await server.inject({ url: `/prompts/${publicId.replace('2', '3')}.wav` })).statusCode).toBe(404)
})

it('says that it is busy while the database is away, and tells the log once and without a stack', async () => {
  const audio = createAudioCache(async () => {
    throw new StoreError('unavailable')
  })
  // No more than this address asks for.
  const server = buildServer({ audio, version: '0' } as unknown as Services)
  const [warn, error] = [vi.spyOn(server.log, 'warn'), vi.spyOn(server.log, 'error')]
  onTestFinished(() => {
    warn.mockRestore()
    error.mockRestore()
    return server.close()
  })
  for (let n = 0; n < 3; n++) {
    const { statusCode, headers, body } = await server.inject({ url: `/prompts/${publicId}.wav` })
    expect([statusCode, headers['retry-after'], JSON.parse(body).error.code]).toEqual([503, '5', 'busy'])
  }
  expect(warn.mock.calls).toEqual([[{ counts: { unavailable: 1 } }, expect.any(String)]])
  expect(error).not.toHaveBeenCalled()
})
