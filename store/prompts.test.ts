import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { specStore } from '#test/store.ts'

const spec = specStore()
const prompt = {
  key: 'a'.repeat(64),
  text: 'Good morning.',
  voice: 'amy',
  wav: new Uint8Array([82, 73, 70, 70, 0, 255]),
  durationMs: 1_200,
}

it('keeps a prompt once, under one address', async () => {
  const { store } = spec
  const tenantId = randomUUID()
  const [first, second] = await Promise.all([
    store.prompts.save(tenantId, prompt),
    store.prompts.save(tenantId, { ...prompt, wav: new Uint8Array([1]) }),
  ])
  expect(second).toBe(first)
  expect(await store.prompts.find(tenantId, [prompt.key, 'unknown'])).toEqual(
    new Map([[prompt.key, { publicId: first, durationMs: 1_200, text: 'Good morning.' }]]),
  )
})

it('gives the sound back, byte for byte, to whoever knows the address', async () => {
  const { store } = spec
  const tenantId = randomUUID()
  const publicId = await store.prompts.save(tenantId, prompt)
  const found = await store.prompts.wav(publicId)
  expect(found).toMatchObject({ tenantId, text: prompt.text, durationMs: 1_200 })
  expect([...(found?.wav ?? [])]).toEqual([...prompt.wav])
})

it('knows no prompt at an address that nobody was given', async () => {
  expect(await spec.store.prompts.wav(randomUUID())).toBeNull()
  expect(await spec.store.prompts.wav('../../etc/passwd')).toBeNull()
})
