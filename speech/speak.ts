import { type PromptText, promptKey } from './prompts.ts'
import type { Speech, Voice } from './voice.ts'

/** Where a prompt is kept: `publicId` is the unguessable last part of its public address. */
export type KeptPrompt = { publicId: string; durationMs: number }

export type NewPrompt = Speech & { key: string; text: string; voice: string }

type Deps = {
  voice: Voice
  /** The prompts among `keys` that are kept already, by key. */
  find(keys: string[]): Promise<Map<string, KeptPrompt>>
  save(prompt: NewPrompt): Promise<{ publicId: string }>
}

export type Speaker = ReturnType<typeof createSpeaker>

/** Speaks texts ahead of the calls in which they are heard. The cache is given: this room knows no database. */
export function createSpeaker({ voice, find, save }: Deps) {
  const keyOf = (prompt: PromptText) => promptKey({ ...prompt, voice: voice.name })

  async function speakAndSave(key: string, { text, language }: PromptText): Promise<KeptPrompt> {
    const { wav, durationMs } = await voice.speak(text, { language })
    const { publicId } = await save({ key, text, voice: voice.name, wav, durationMs })
    return { publicId, durationMs }
  }

  return {
    /** The key under which `prepare` answers for a text. */
    keyOf,

    /**
     * Sees to it that every text has its audio: asks the cache once for all, speaks only what is missing, each text once.
     * What was spoken before an error stays saved, so that a second try goes on from there.
     * @throws SpeechError of the voice, and whatever `find` and `save` throw
     */
    async prepare(prompts: PromptText[]): Promise<Map<string, KeptPrompt>> {
      const wanted = new Map(prompts.map((prompt) => [keyOf(prompt), prompt]))
      if (wanted.size === 0) return new Map()

      const kept = new Map(await find([...wanted.keys()]))
      const missing = [...wanted].filter(([key]) => !kept.has(key))
      const spoken = await Promise.allSettled(
        missing.map(async ([key, prompt]) => kept.set(key, await speakAndSave(key, prompt))),
      )
      // All have ended before the first failure is told: nothing goes on behind the caller's back.
      for (const outcome of spoken) if (outcome.status === 'rejected') throw outcome.reason
      return kept
    },
  }
}
