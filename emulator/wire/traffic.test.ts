import { expect, it } from 'vitest'
import { realClock } from '#ground/clock.ts'
import { Traffic } from './traffic.ts'

const exchange = (body: unknown) => ({
  kind: 'request' as const,
  method: 'POST',
  path: '/',
  operation: 'call-answer',
  callId: null,
  body,
  status: 202,
  response: null,
})

it('keeps the last five thousand exchanges', () => {
  const traffic = new Traffic(realClock)
  for (let n = 1; n <= 7000; n += 1) traffic.add(exchange(n))
  expect(traffic.list()).toHaveLength(5000)
  expect(traffic.list().at(0)).toMatchObject({ n: 2001, body: 2001 })
  expect(traffic.list().at(-1)).toMatchObject({ n: 7000 })
})

it('keeps no more than 32 MB of text, and lets the oldest go', () => {
  const traffic = new Traffic(realClock)
  for (let n = 1; n <= 100; n += 1) traffic.add(exchange('x'.repeat(1_000_000)))
  const kept = traffic.list()
  expect(JSON.stringify(kept).length).toBeLessThan(32_000_000)
  expect(kept.length).toBeGreaterThan(25)
  expect(kept.map(({ n }) => n)).toEqual(kept.map((_, index) => 101 - kept.length + index))
})

it('counts anew when it was told to forget', () => {
  const traffic = new Traffic(realClock)
  for (let n = 1; n <= 30; n += 1) traffic.add(exchange('x'.repeat(1_000_000)))
  traffic.forget()
  for (let n = 1; n <= 20; n += 1) traffic.add(exchange('x'.repeat(1_000_000)))
  expect(traffic.list()).toHaveLength(20)
})

it('tells who follows of everything that is added, until that one has enough', () => {
  const traffic = new Traffic(realClock)
  const heard: unknown[] = []
  traffic.add(exchange('before'))
  const stop = traffic.follow(({ n, kind }) => heard.push([n, kind]))
  traffic.add(exchange('meanwhile'))
  stop()
  traffic.add(exchange('after'))
  expect(heard).toEqual([[2, 'request']])
})

it('knows the oldest that it keeps, and the next one when it keeps none', () => {
  const traffic = new Traffic(realClock)
  expect(traffic.first).toBe(1)
  for (let n = 1; n <= 7000; n += 1) traffic.add(exchange(n))
  expect(traffic.first).toBe(traffic.list()[0]?.n)
  traffic.forget()
  expect(traffic.first).toBe(7001)
})

it('keeps no secrets, wherever they are in what came in or went out', () => {
  const traffic = new Traffic(realClock)
  const heard: unknown[] = []
  traffic.follow((one) => heard.push(one))
  const body = { value: [{ resourceData: { recordingAccessToken: 'hidden', client_secret: { also: 'hidden' } } }] }
  traffic.add({ ...exchange(body), response: { deep: [[{ access_token: 'hidden', status: 'completed' }]] } })
  const sent = { kind: 'notification' as const, url: '/', callId: 'c', attempt: 1, status: 202, ms: 1, error: null }
  traffic.add({ ...sent, body })
  for (const told of [JSON.stringify(traffic.list()), JSON.stringify(heard)]) {
    expect(told).not.toContain('hidden')
    expect(told).toContain('completed')
  }
  // What is on its way to the bot stays as it is.
  expect(body.value[0]?.resourceData.recordingAccessToken).toBe('hidden')
})

it('keeps what is nested endlessly deep as far as it can be read', () => {
  const traffic = new Traffic(realClock)
  traffic.add(exchange(JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)))
  expect(JSON.stringify(traffic.list())).toMatch(/^.{0,300}"body":\{"a":\{"a":.*…/)
})
