import { describe, expect, it } from 'vitest'
import { SpeechError } from './error.ts'
import { promptKey } from './prompts.ts'
import { createSpeaker, type KeptPrompt, type NewPrompt } from './speak.ts'
import type { Voice } from './voice.ts'
import { writeWav } from './wav.ts'

/** A speaker whose voice and cache remember what they were asked. */
function setUp() {
  const spoken: string[] = []
  const lookUps: string[][] = []
  const saved = new Map<string, NewPrompt & { publicId: string }>()
  const voice: Voice = {
    name: 'test',
    languages: ['en-US'],
    async speak(text) {
      spoken.push(text)
      if (text === '') throw new SpeechError('emptyText')
      await new Promise((resolve) => setTimeout(resolve, text.length))
      return { wav: writeWav(new Int16Array(160)), durationMs: text.length }
    },
  }
  const speaker = createSpeaker({
    voice,
    async find(keys) {
      lookUps.push(keys)
      const found = new Map<string, KeptPrompt>()
      for (const key of keys) {
        const prompt = saved.get(key)
        if (prompt) found.set(key, { publicId: prompt.publicId, durationMs: prompt.durationMs })
      }
      return found
    },
    async save(prompt) {
      const publicId = crypto.randomUUID()
      saved.set(prompt.key, { ...prompt, publicId })
      return { publicId }
    },
  })
  return { speaker, spoken, lookUps, saved }
}

describe('preparing the prompts of a flow', () => {
  it('speaks each text once, however often it occurs', async () => {
    const { speaker, spoken, saved } = setUp()
    const ready = await speaker.prepare([{ text: 'Hello' }, { text: 'Goodbye' }, { text: 'Hello' }])
    expect(spoken).toEqual(['Hello', 'Goodbye'])
    const hello = saved.get(speaker.keyOf({ text: 'Hello' }))
    expect(hello).toMatchObject({ text: 'Hello', voice: 'test', durationMs: 5 })
    expect(ready.get(speaker.keyOf({ text: 'Hello' }))).toEqual({ publicId: hello?.publicId, durationMs: 5 })
    expect(ready.size).toBe(2)
  })

  it('speaks nothing that is kept already', async () => {
    const { speaker, spoken } = setUp()
    const first = await speaker.prepare([{ text: 'Hello' }])
    const second = await speaker.prepare([{ text: 'Hello' }, { text: 'Goodbye' }])
    expect(spoken).toEqual(['Hello', 'Goodbye'])
    expect(second.get(speaker.keyOf({ text: 'Hello' }))).toEqual(first.get(speaker.keyOf({ text: 'Hello' })))
  })

  it('asks the cache once for all texts, and not at all for none', async () => {
    const { speaker, lookUps } = setUp()
    await speaker.prepare([{ text: 'Hello' }, { text: 'Goodbye' }])
    expect(lookUps).toEqual([[speaker.keyOf({ text: 'Hello' }), speaker.keyOf({ text: 'Goodbye' })]])
    expect(await speaker.prepare([])).toEqual(new Map())
    expect(lookUps.length).toBe(1)
  })

  it('keeps what it could speak when one text fails', async () => {
    const { speaker, saved } = setUp()
    await expect(speaker.prepare([{ text: '' }, { text: 'Hello' }])).rejects.toMatchObject({ code: 'emptyText' })
    expect([...saved.values()].map(({ text }) => text)).toEqual(['Hello'])
  })
})

describe('the key of a prompt', () => {
  const prompt = { text: 'Hello', voice: 'flite-slt', language: 'en-US' }

  it('is the same for the same words, and shows nothing of them', () => {
    expect(promptKey({ ...prompt, language: 'en-us' })).toBe(promptKey(prompt))
    expect(promptKey(prompt)).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is another for another text, voice or language, however the parts are cut', () => {
    const keys = [
      promptKey(prompt),
      promptKey({ ...prompt, text: 'hello' }),
      promptKey({ ...prompt, voice: 'flite-rms' }),
      promptKey({ ...prompt, language: 'en-GB' }),
      promptKey({ text: 'Hello', voice: 'flite-slt' }),
      promptKey({ ...prompt, text: 'a","b', voice: 'c' }),
      promptKey({ ...prompt, text: 'b', voice: 'c","a' }),
    ]
    expect(new Set(keys).size).toBe(keys.length)
  })
})
