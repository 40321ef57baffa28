import { compiling } from '#flow/compile.ts'
import type { Flow } from '#flow/flow.ts'
import { inSlices } from '#ground/slices.ts'
import type { PromptText } from '#speech/prompts.ts'
import type { Speaker } from '#speech/speak.ts'

/** All that a flow may say, as the voice is asked for it. */
export async function promptsOf(flow: Flow): Promise<PromptText[]> {
  const { prompts } = await inSlices(compiling(flow))
  return prompts.map((text) => ({ text, language: flow.language }))
}

/** Sees to it that all a flow may say has been spoken and kept, as long as somebody waits for it. @throws SpeechError */
export async function speakPrompts(speaker: Speaker, flow: Flow, signal: AbortSignal): Promise<void> {
  await speaker.prepare(await promptsOf(flow), { signal })
}
