import { afterAll, afterEach, expect, it } from 'vitest'
import { startLine } from '../testing/testLine.ts'

const line = await startLine()
afterEach(() => line.reset())
afterAll(() => line.close())

it('keeps the token of a recording to the bot that recorded', async () => {
  const id = await line.dialAndAnswer()
  await line.graph('POST', `/${id}/recordResponse`, { playBeep: false, stopTones: ['1'], clientContext: 'r' })
  await line.until(id, ({ kind }) => kind === 'recording')
  await line.request('POST', `/emulator/calls/${id}/tones`, { tones: '1' })
  await line.until(id, ({ kind }) => kind === 'recorded')
  const told = () => line.ours().map(({ body }) => JSON.stringify(body))
  await expect.poll(told, { timeout: 10_000 }).toContainEqual(expect.stringContaining('recordingAccessToken'))

  const sent = told().join()
  const token = /"recordingAccessToken":"([^"]+)"/.exec(sent)?.[1]
  const location = /"recordingLocation":"([^"]+)"/.exec(sent)?.[1]
  expect(token).toMatch(/.{10,}/)
  expect((await fetch(location ?? '', { headers: { authorization: `Bearer ${token}` } })).status).toBe(200)

  const records = JSON.stringify(await line.requests())
  expect(records).toContain('"recordingAccessToken":"…"')
  expect(records).not.toContain(token)
})

it('keeps requests that are nested deeper than anything can be written', async () => {
  const body = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  expect((await line.graph('POST', '', body)).status).toBe(400)
  expect((await line.requests()).at(-1)).toMatchObject({ kind: 'request', operation: 'create-call', status: 400 })
})
