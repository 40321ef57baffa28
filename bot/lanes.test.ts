import { expect, it } from 'vitest'
import { createLanes } from './lanes.ts'

const soon = (ms: number) => new Promise((done) => setTimeout(done, ms))

it('does the work of one lane in order, and lets other lanes pass', async () => {
  const lanes = createLanes(() => {})
  const done: string[] = []
  void lanes.run('a', async () => {
    await soon(20)
    done.push('a1')
  })
  void lanes.run('a', () => void done.push('a2'))
  void lanes.run('b', () => void done.push('b1'))
  await lanes.empty()
  expect(done).toEqual(['b1', 'a1', 'a2'])
})

it('goes on after work that failed, and tells of it', async () => {
  const troubles: unknown[] = []
  const lanes = createLanes((problem) => troubles.push(problem))
  const done: string[] = []
  void lanes.run('a', () => {
    throw new Error('no')
  })
  void lanes.run('a', () => void done.push('after'))
  await lanes.empty()
  expect(done).toEqual(['after'])
  expect(troubles).toHaveLength(1)
})

it('keeps nothing of a lane that is empty', async () => {
  const lanes = createLanes(() => {})
  await Promise.all(Array.from({ length: 100 }, (_, n) => lanes.run(String(n), () => {})))
  await soon(0)
  expect(lanes.busy).toBe(0)
})
