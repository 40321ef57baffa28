import { afterAll, expect, it } from 'vitest'
import { startLine } from '../testing/testLine.ts'
import type { CallView } from '../world/views.ts'

const virtual = await startLine({ time: 'virtual', delays: {} })
const real = await startLine()
afterAll(() => Promise.all([virtual.close(), real.close()]))

type Time = { time: string; now: string; waiting?: number }
const move = (body: object, line = virtual) => line.request<Time>('POST', '/emulator/time', body)
const now = async () => Date.parse((await virtual.request<Time>('GET', '/emulator/time')).body.now)

it('moves time over HTTP, and the bot hears what happens meanwhile', async () => {
  const { body } = await virtual.request<CallView>('POST', '/emulator/calls', { from: { phone: '+14255550123' } })
  const before = await now()
  const moved = await move({ advanceMs: 15_000 })
  expect(moved.body).toMatchObject({ time: 'virtual', now: new Date(before + 15_000).toISOString() })
  const { state, endedAt } = await virtual.view(body.id)
  expect(state).toBe('terminated')
  expect(Date.parse(endedAt ?? '')).toBe(before + 15_000)
  const words = virtual.bot.heard.map(({ body: heard }) => /"state":"(\w+)"/.exec(JSON.stringify(heard))?.[1])
  expect(words).toEqual(['incoming', 'terminated'])
})

it('moves to a time, and never back', async () => {
  const to = new Date((await now()) + 3_600_000).toISOString()
  expect((await move({ to })).body.now).toBe(to)
  expect(await move({ to: '2001-01-01T00:00:00Z' })).toMatchObject({
    status: 400,
    body: { error: { code: 'badTime' } },
  })
  expect((await move({ advanceMs: -1 })).status).toBe(400)
  expect((await move({})).status).toBe(400)
  expect(await now()).toBe(Date.parse(to))
})

it('cannot move real time', async () => {
  expect((await real.request('GET', '/emulator/time')).body).toMatchObject({ time: 'real' })
  expect(await move({ advanceMs: 1 }, real)).toMatchObject({ status: 409, body: { error: { code: 'timeIsReal' } } })
})
