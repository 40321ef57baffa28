import { compile } from '#flow/compile.ts'
import type { Flow } from '#flow/flow.ts'
import type { Speaker } from '#speech/speak.ts'

/** All that a flow may say, as the voice is asked for it. */
export const promptsOf = (flow: Flow) => compile(flow).prompts.map((text) => ({ text, language: flow.language }))

/** Sees to it that all a flow may say has been spoken and kept, as long as somebody waits for it. @throws SpeechError */
export async function speakPrompts(speaker: Speaker, flow: Flow, signal: AbortSignal): Promise<void> {
  await speaker.prepare(promptsOf(flow), { signal })
}
