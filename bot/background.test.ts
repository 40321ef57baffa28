import { expect, it, vi } from 'vitest'
import { GraphError } from '#communications/road/error.ts'
import { manualClock } from '#communications/testing/manualClock.ts'
import { workInBackground } from './background.ts'

function background(parts: Partial<Parameters<typeof workInBackground>[0]>) {
  const clock = manualClock()
  const stop = new AbortController()
  const done = async () => {}
  const onTrouble = vi.fn()
  const all = { warm: done, loadKeys: done, token: done, onTrouble, signal: stop.signal, clock, ...parts }
  return { clock, stop, onTrouble, ...workInBackground(all) }
}

const refused = () =>
  Promise.reject(new GraphError({ code: 'noToken', operation: 'token', status: 401, subcode: 7000215 }))
const away = () => Promise.reject(new GraphError({ code: 'noToken', operation: 'token' }))

it('knows whether the login service gives a token, refuses, or is away', async () => {
  let answer: () => Promise<unknown> = refused
  const { clock, token, onTrouble } = background({ token: () => answer() })
  expect(token()).toBe('asking')
  await clock.pass(0)
  expect(token()).toBe('refused')
  await clock.pass(60_000)
  expect(onTrouble).toHaveBeenCalledOnce()
  answer = away
  await clock.pass(5_000)
  expect(token()).toBe('away')
  answer = async () => 'token'
  await clock.pass(5_000)
  expect(token()).toBe('ok')
})

it('waits two seconds for the first token, and no longer', async () => {
  let give = (_token: unknown) => {}
  const { clock, token } = background({
    token: () =>
      new Promise((done) => {
        give = done
      }),
  })
  await clock.pass(1_900)
  expect(token()).toBe('asking')
  await clock.pass(200)
  expect(token()).toBe('away')
  give('token')
  await clock.pass(0)
  expect(token()).toBe('ok')
})

it('loads keys before any call asks for them, every 30 seconds until there are some (R15)', async () => {
  let isDown = true
  const loadKeys = vi.fn(() => (isDown ? Promise.reject(new Error('down')) : Promise.resolve()))
  const { clock } = background({ loadKeys })
  await clock.pass(60_000)
  expect(loadKeys.mock.calls.length).toBe(3)
  isDown = false
  await clock.pass(60_000)
  expect(loadKeys.mock.calls.length).toBe(4)
})

it('does nothing any more once it is stopped', async () => {
  const token = vi.fn(away)
  const { clock, stop } = background({ token })
  await clock.pass(1_000)
  stop.abort()
  await clock.pass(600_000)
  expect(token).toHaveBeenCalledOnce()
  expect(clock.waiting()).toBe(0)
})
