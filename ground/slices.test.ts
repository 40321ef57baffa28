import { expect, it } from 'vitest'
import { inSlices } from './slices.ts'
import { turnsDuring } from './testing/turnsDuring.ts'

function* busy(times: number, ms: number) {
  for (let n = 0; n < times; n++) {
    for (const until = performance.now() + ms; performance.now() < until; );
    yield
  }
  return 'done'
}

it('lets others have their turn between slices, and none within one', async () => {
  expect(await turnsDuring(inSlices(busy(10, 6)))).toEqual({ came: 'done', turns: 9 })
  expect(await turnsDuring(inSlices(busy(3, 0)))).toEqual({ came: 'done', turns: 0 })
})

it('fails as the work does', async () => {
  // biome-ignore lint/correctness/useYield: it fails before.
  const failing = (function* (): Generator<undefined, never> {
    throw new Error('no')
  })()
  await expect(inSlices(failing)).rejects.toThrow('no')
})
