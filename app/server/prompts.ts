import { compile } from '#flow/compile.ts'
import type { Flow } from '#flow/flow.ts'
import type { Speaker } from '#speech/speak.ts'

/** Sees to it that all a flow may say has been spoken and kept. @throws SpeechError */
export async function speakPrompts(speaker: Speaker, flow: Flow): Promise<void> {
  await speaker.prepare(compile(flow).prompts.map((text) => ({ text, language: flow.language })))
}
