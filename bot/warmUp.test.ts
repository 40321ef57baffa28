import { expect, it } from 'vitest'
import { warmUp } from './warmUp.ts'

it('carries whole calls, within its time, and leaves nothing running', async () => {
  const before = process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length
  const begun = performance.now()
  expect(await warmUp(100)).toBeGreaterThan(0)
  expect(performance.now() - begun).toBeLessThan(5_000)
  await new Promise((done) => setTimeout(done, 50))
  expect(process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length).toBeLessThanOrEqual(before)
})
