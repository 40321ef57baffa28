import { expect, it, vi } from 'vitest'
import { withTimeout } from './timeout.ts'

const never = new Promise<never>(() => {})

it('gives what the work comes to, and leaves no timer behind', async () => {
  const cancel = vi.fn()
  const clock = { after: () => cancel }
  expect(await withTimeout(Promise.resolve(1), 10, () => 2, clock)).toBe(1)
  expect(cancel).toHaveBeenCalledOnce()
})

it('gives what is said for late work, or throws it', async () => {
  expect(await withTimeout(never, 1, () => 'late')).toBe('late')
  await expect(
    withTimeout(never, 1, () => {
      throw new Error('too late')
    }),
  ).rejects.toThrow('too late')
})

it('fails as the work fails, and never minds work that fails after its time', async () => {
  await expect(withTimeout(Promise.reject(new Error('broken')), 10, () => {})).rejects.toThrow('broken')
  let fail = (_: Error) => {}
  const work = new Promise((_, reject) => {
    fail = reject
  })
  expect(await withTimeout(work, 1, () => 'late')).toBe('late')
  fail(new Error('nobody listens'))
})
