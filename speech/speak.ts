import { inSlices } from '#ground/slices.ts'
import type { SpeechError, SpeechErrorCode } from './error.ts'
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
  /** Who asks the voice: those who wait for it take turns. */
  turn?: string
}

export type Speaker = ReturnType<typeof createSpeaker>

type Wishes = {
  /** Aborted when nobody waits for them any more. */
  signal?: AbortSignal
  /** Hears how many of them there are, and how many have their audio; at first when the cache has answered. */
  told?(progress: { done: number; total: number }): void
}

/** What is to be said; by their keys where those are known already. */
type Prompts = readonly PromptText[] | Map<string, PromptText>

/** A text that the voice could not say, and why. */
export type Unspoken = { prompt: PromptText; error: SpeechError }

/** Texts of one speaking that are with the voice at once: enough for all its threads, and few enough that their audio is not much memory. */
const atOnce = 4

/** Speaks texts ahead of the calls in which they are heard. The cache is given: this room knows no database. */
export function createSpeaker({ voice, find, save, turn }: Deps) {
  const keyOf = (prompt: PromptText) => {
    const readOut = voice.readOut?.(prompt.text)
    return promptKey({ ...prompt, voice: voice.name, ...(readOut !== undefined && { readOut }) })
  }

  async function speakAndSave(key: string, { text, language }: PromptText, signal?: AbortSignal): Promise<KeptPrompt> {
    const asked = { ...(language && { language }), ...(turn && { turn }), ...(signal && { signal }) }
    const { wav, durationMs } = await voice.speak(text, asked)
    const { publicId } = await save({ key, text, voice: voice.name, wav, durationMs })
    return { publicId, durationMs }
  }

  /**
   * Sees to it that every text has its audio: asks the cache once for all, speaks only what is missing, each text once, a few at
   * a time. What the voice cannot say holds up no other. What was spoken stays saved, so that a second try goes on from there.
   * @throws whatever `find` and `save` throw, and SpeechError `calledOff` or `closed`, which are about all texts
   */
  async function speakAll(prompts: Prompts, { signal, told }: Wishes = {}) {
    const wanted = prompts instanceof Map ? prompts : await inSlices(byKey(prompts, keyOf))
    const kept = new Map(wanted.size === 0 ? [] : await find([...wanted.keys()]))
    const unspoken: Unspoken[] = []
    const tell = () => told?.({ done: kept.size, total: wanted.size })
    tell()
    const missing = [...wanted].filter(([key]) => !kept.has(key)).values()
    let broken = false
    async function speakMissing() {
      for (const [key, prompt] of missing) {
        if (broken) return
        try {
          kept.set(key, await speakAndSave(key, prompt, signal))
          tell()
        } catch (error) {
          if (!isOfOneText(error)) {
            broken = true
            throw error
          }
          unspoken.push({ prompt, error })
        }
      }
    }
    // All have ended before the first failure is told: nothing goes on behind the caller's back.
    const outcomes = await Promise.allSettled(Array.from({ length: atOnce }, speakMissing))
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    return { kept, unspoken }
  }

  return {
    /** The key under which `prepare` answers for a text. */
    keyOf,

    /** Texts by their keys, for whoever needs those too. Reading one out takes up to a millisecond: others have their turn meanwhile. */
    keyed: (prompts: readonly PromptText[]) => inSlices(byKey(prompts, keyOf)),

    speakAll,

    /** `speakAll` for whoever needs all of them. @throws SpeechError of the first that the voice could not say */
    async prepare(prompts: Prompts, wishes?: Wishes): Promise<Map<string, KeptPrompt>> {
      const { kept, unspoken } = await speakAll(prompts, wishes)
      const [first] = unspoken
      if (first) throw first.error
      return kept
    },
  }
}

/** Stops after each, so that a flow of a thousand prompts holds up nobody. */
function* byKey(prompts: readonly PromptText[], keyOf: (prompt: PromptText) => string) {
  const wanted = new Map<string, PromptText>()
  for (const prompt of prompts) {
    wanted.set(keyOf(prompt), prompt)
    yield
  }
  return wanted
}

/** By name: a bundler may have made several copies of the class. */
const isOfOneText = (error: unknown): error is SpeechError =>
  error instanceof Error && error.name === 'SpeechError' && !ofAllTexts.has((error as SpeechError).code)
const ofAllTexts = new Set<SpeechErrorCode>(['calledOff', 'closed', 'tooMany', 'busy'])
