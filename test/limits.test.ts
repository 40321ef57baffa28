import { afterAll, expect, it } from 'vitest'
import { createCalls } from '#communications/requests/calls.ts'
import type { SentRequest } from '#communications/road/graph.ts'
import { createThrottle } from '#communications/road/throttle.ts'
import { createTokens } from '#communications/road/tokens.ts'
import { openInProcess } from '#emulator/testing/testInProcess.ts'
import { appId, publicUrl, secret, tenantId } from '#emulator/testing/testLine.ts'

/** O6: twice as much as the service takes, with limits small enough for a test; client and emulator in one process. */

const limit = { requests: 50, perSeconds: 10 }
/** For half a minute. */
const asked = 300
const line = openInProcess(async () => ({ status: 202 }), { limits: { calls: limit } })
afterAll(() => line.server.close())

async function twiceTheLimit(known: boolean) {
  const sent: SentRequest[] = []
  const { transport, clock } = line
  const tokens = createTokens({ appId, credential: { secret }, transport, clock })
  const rate = { requests: limit.requests, perMs: limit.perSeconds * 1000 }
  const throttle = createThrottle({ clock, ...(known && { limits: { calls: rate } }) })
  const calls = createCalls({ tokens, transport, clock, throttle, onRequest: (one) => sent.push(one) })
  // Half a minute, so that whatever went before no longer counts.
  await clock.advance(30_000)
  const call = { tenantId, callbackUri: `${publicUrl}/api/calls`, targets: [{ user: { id: 'u' } }] }
  const outcomes: string[] = []
  let open = asked
  for (let n = 0; n < asked; n += 1) {
    clock.after(n * 100, () => {
      void calls
        .create(call)
        .then(
          () => outcomes.push('done'),
          (error: { code: string }) => outcomes.push(error.code),
        )
        .finally(() => {
          open -= 1
        })
    })
  }
  await clock.runUntil(() => open === 0, 600_000)
  await calls.close()
  await tokens.close()
  return { outcomes, refused: sent.filter(({ status }) => status === 429).length, sent: sent.length }
}

it('a client that knows the limit is never told 429: it sends in time or refuses politely', async () => {
  const { outcomes, refused } = await twiceTheLimit(true)
  expect(refused).toBe(0)
  expect(outcomes).toHaveLength(asked)
  expect(new Set(outcomes)).toEqual(new Set(['done', 'throttled']))
  // Thirty seconds at 50 in 10 s, and what waited behind them.
  expect(outcomes.filter((outcome) => outcome === 'done').length).toBeGreaterThan(150)
})

it('one that does not know it obeys Retry-After and makes no storm', async () => {
  const { outcomes, refused, sent } = await twiceTheLimit(false)
  expect(refused).toBeGreaterThan(0)
  expect(refused).toBeLessThan(sent / 3)
  expect(outcomes).toHaveLength(asked)
  expect(outcomes.filter((outcome) => outcome === 'done').length).toBeGreaterThan(100)
})
