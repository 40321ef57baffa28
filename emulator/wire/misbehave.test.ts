import { afterAll, afterEach, expect, it } from 'vitest'
import { wav } from '../testing/testBot.ts'
import { answer, prompts, startLine } from '../testing/testLine.ts'

const line = await startLine()
afterEach(() => line.reset())
afterAll(() => line.close())

const fault = (rule: object) => line.request('POST', '/emulator/faults', rule)

it('does what was asked, and cuts the answer: the client cannot know', async () => {
  const id = await line.dial()
  await fault({ on: { operation: 'call-answer', nth: 1 }, do: { cutAfter: true } })
  await expect(line.graph('POST', `/${id}/answer`, answer)).rejects.toThrow()
  await line.until(id, (entry) => entry.kind === 'state' && entry.state === 'established')
  expect(await line.requests(`callId=${id}`)).toContainEqual(
    expect.objectContaining({ kind: 'request', operation: 'call-answer', status: null }),
  )
})

it('does nothing where the connection is cut before', async () => {
  const id = await line.dial()
  await fault({ on: { operation: 'call-answer' }, do: { cut: true } })
  await expect(line.graph('POST', `/${id}/answer`, answer)).rejects.toThrow()
  expect((await line.view(id)).state).toBe('incoming')
})

it('makes a call and never says so', async () => {
  await fault({ on: { operation: 'create-call' }, do: { hangAfter: true } })
  const silence = await Promise.race([
    line
      .graph('POST', '', {
        callbackUri: 'https://bot.localhost/api/calls',
        targets: [{ identity: { user: { id: 'somebody' } } }],
        requestedModalities: ['audio'],
        mediaConfig: answer.mediaConfig,
      })
      .catch(() => 'closed'),
    new Promise((resolve) => setTimeout(() => resolve('silence'), 150)),
  ])
  expect(silence).toBe('silence')
  const calls = (await line.request<{ id: string }[]>('GET', '/emulator/calls')).body
  expect(calls).toHaveLength(1)
  expect(await line.requests(`callId=${calls[0]?.id}`)).toContainEqual(
    expect.objectContaining({ operation: 'create-call', status: null }),
  )
})

it('takes a request late', async () => {
  const id = await line.dial()
  await fault({ on: { operation: 'call-answer' }, do: { delayMs: 120 } })
  const started = performance.now()
  expect((await line.graph('POST', `/${id}/answer`, answer)).status).toBe(202)
  expect(performance.now() - started).toBeGreaterThan(110)
})

it('loses a call in the midst of a prompt', async () => {
  line.bot.files.set('/long.wav', { bytes: wav({ ms: 20_000 }) })
  await fault({ do: { dropCall: { onPrompt: true, afterMs: 20 } } })
  const id = await line.dialAndAnswer()
  await line.graph('POST', `/${id}/playPrompt`, { prompts: prompts('/long.wav') })
  const end = await line.until(id, (entry) => entry.kind === 'ended')
  expect(end).toMatchObject({ by: 'service', result: { code: 410, subcode: 301_005 } })
  await line.heard(4)
  expect(line.news(id).at(-1)).toBe('deleted terminated 410/301005')
})

it('lists the rules with how often each was used, and forgets them when asked to', async () => {
  await fault({ on: { operation: 'call-answer' }, probability: 0.5, seed: 'x', do: { status: 409 } })
  const id = await line.dial()
  const statuses = new Set<number>()
  for (let count = 0; count < 20; count += 1) {
    statuses.add((await line.graph('POST', `/${id}/answer`, { ...answer, callbackUri: 'no address' })).status)
  }
  expect(statuses).toEqual(new Set([400, 409]))
  const [rule] = (await line.request<{ used: number }[]>('GET', '/emulator/faults')).body
  expect(rule?.used).toBeGreaterThan(3)
  expect(rule?.used).toBeLessThan(17)
  expect((await line.request('DELETE', '/emulator/faults')).status).toBe(204)
  expect((await line.request('GET', '/emulator/faults')).body).toEqual([])
})

it('makes rules of a schedule, and names what it does not know', async () => {
  const made = await line.request<unknown[]>('POST', '/emulator/faults/schedule', {
    seed: 1,
    rates: { 401: 0.1, lose: 0.1 },
  })
  expect(made.status).toBe(200)
  expect(made.body).toHaveLength(2)
  const refused = await line.request('POST', '/emulator/faults/schedule', { seed: 1, rates: { 401: 2 } })
  expect(refused).toMatchObject({ status: 400, body: { error: { code: 'badRequest' } } })
})

it('refuses a rule about an operation that does not exist, which would wait for ever', async () => {
  const { status, body } = await fault({ on: { operation: 'call-create' }, do: { cut: true } })
  expect([status, body]).toMatchObject([
    400,
    { error: { code: 'unknownOperation', next: expect.stringContaining('create-call') } },
  ])
  const schedule = { seed: 1, rates: { cut: 1 }, operations: ['answer'] }
  expect((await line.request('POST', '/emulator/faults/schedule', schedule)).status).toBe(400)
  for (const operation of ['token', '*', 'chat-reply', 'recording-download', 'presence-get']) {
    expect((await fault({ on: { operation }, do: { cut: true }, times: 1 })).status, operation).toBe(204)
  }
})
