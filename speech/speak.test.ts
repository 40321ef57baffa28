import { describe, expect, it } from 'vitest'
import { SpeechError } from './error.ts'
import { promptKey } from './prompts.ts'
import { createSpeaker, type KeptPrompt, type NewPrompt } from './speak.ts'
import type { Voice } from './voice.ts'
import { writeWav } from './wav.ts'

/** A speaker whose voice and cache remember what they were asked. */
function setUp(other: Partial<Voice> = {}, save?: (prompt: NewPrompt) => Promise<{ publicId: string }>) {
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
    ...other,
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
      if (save) return save(prompt)
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

describe('many texts', () => {
  const texts = Array.from({ length: 30 }, (_, n) => ({ text: `t${n}` }))

  it('are spoken a few at a time, and how far they are is told', async () => {
    let [now, most] = [0, 0]
    const { speaker } = setUp({
      async speak() {
        now += 1
        most = Math.max(most, now)
        await new Promise((resolve) => setTimeout(resolve, 2))
        now -= 1
        return { wav: writeWav(new Int16Array(160)), durationMs: 10 }
      },
    })
    await speaker.prepare([{ text: 't3' }])
    const told: unknown[] = []
    await speaker.speakAll(texts, { told: (progress) => told.push(progress) })
    expect(most).toBe(4)
    expect(told[0]).toEqual({ done: 1, total: 30 })
    expect(told.at(-1)).toEqual({ done: 30, total: 30 })
    expect(told).toHaveLength(30)
  })

  it('are all tried, and those that cannot be said are named', async () => {
    const { speaker, saved } = setUp({
      async speak(text) {
        if (text === 't3' || text === 't7') throw new SpeechError('voiceFailed')
        return { wav: writeWav(new Int16Array(160)), durationMs: 10 }
      },
    })
    const { unspoken } = await speaker.speakAll(texts)
    expect(unspoken.map(({ prompt, error }) => [prompt.text, error.code])).toEqual([
      ['t3', 'voiceFailed'],
      ['t7', 'voiceFailed'],
    ])
    expect(saved.size).toBe(28)
  })

  it('are left when nobody waits for them any more, or they cannot be kept', async () => {
    const leaving = new AbortController()
    const signals: (AbortSignal | undefined)[] = []
    const { speaker, spoken } = setUp({
      async speak(text, { signal }) {
        spoken.push(text)
        signals.push(signal)
        if (spoken.length === 6) leaving.abort()
        if (signal?.aborted) throw new SpeechError('calledOff')
        return { wav: writeWav(new Int16Array(160)), durationMs: 10 }
      },
    })
    await expect(speaker.speakAll(texts, { signal: leaving.signal })).rejects.toMatchObject({ code: 'calledOff' })
    expect(signals[0]).toBe(leaving.signal)
    expect(spoken.length).toBeLessThan(12)

    const away = setUp({}, async () => {
      throw new Error('The database is away.')
    })
    await expect(away.speaker.speakAll(texts)).rejects.toThrow('away')
    expect(away.spoken.length).toBeLessThanOrEqual(4)
  })
})

describe('the key of a prompt', () => {
  const prompt = { text: 'Hello', voice: 'flite-slt', language: 'en-US' }

  it('is the same for the same words, and shows nothing of them', () => {
    expect(promptKey({ ...prompt, language: 'en-us' })).toBe(promptKey(prompt))
    expect(promptKey(prompt)).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is another where the voice has come to read the text in another way, and only there', () => {
    expect(promptKey({ ...prompt, readOut: 'Hello' })).toBe(promptKey(prompt))
    const dial = { ...prompt, text: 'Dial 911' }
    const keys = [dial, { ...dial, readOut: 'Dial nine one one' }, { ...dial, text: 'Dial nine one one' }].map(
      promptKey,
    )
    expect(new Set(keys).size).toBe(3)
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
