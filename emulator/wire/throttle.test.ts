import { afterAll, beforeEach, expect, it } from 'vitest'
import { answer, otherTenantId, startLine } from '../testing/testLine.ts'

const line = await startLine({
  time: 'virtual',
  settleMs: 0,
  limits: { calls: { requests: 3, perSeconds: 15 }, overall: { requests: 8, perSeconds: 60 } },
})
// Windows begin at whole minutes.
beforeEach(async () => {
  const { body } = await line.request<{ now: string }>('GET', '/emulator/time')
  const to = new Date((Math.floor(Date.parse(body.now) / 60_000) + 1) * 60_000).toISOString()
  await line.request('POST', '/emulator/time', { to })
})
afterAll(() => line.close())

const get = (tenant?: string) => line.graph('GET', '/00000000-0000-4000-8000-000000000000', undefined, tenant)

it('takes so many requests of an app and tenant, then answers 429 as the page prints it until the window is over', async () => {
  for (let count = 0; count < 3; count += 1) expect((await get()).status).toBe(404)
  const refused = await get()
  expect(refused).toMatchObject({
    status: 429,
    body: {
      error: {
        code: 'TooManyRequests',
        message: 'Please retry again later.',
        innerError: { code: '429', message: 'Please retry after', status: '429' },
      },
    },
  })
  const seconds = Number(refused.headers.get('retry-after'))
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeLessThanOrEqual(15)
  expect((await get(otherTenantId)).status).toBe(404)
  await line.request('POST', '/emulator/time', { advanceMs: seconds * 1000 })
  expect((await get()).status).toBe(404)
})

it('counts every request of an app over all tenants', async () => {
  const statuses: number[] = []
  for (let window = 0; window < 2; window += 1) {
    for (const tenant of [undefined, otherTenantId]) {
      for (let count = 0; count < 3; count += 1) statuses.push((await get(tenant)).status)
    }
    if (window === 0) await line.request('POST', '/emulator/time', { advanceMs: 15_000 })
  }
  expect(statuses.filter((status) => status === 429)).toHaveLength(4)
})

it('counts nobody who is not known', async () => {
  for (let count = 0; count < 5; count += 1) {
    const reply = await line.request('POST', '/v1.0/communications/calls/x/answer', answer, {
      authorization: 'Bearer x',
    })
    expect(reply.status).toBe(401)
  }
  expect((await get()).status).toBe(404)
})
