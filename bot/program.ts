import { compile } from '#flow/compile.ts'
import type { Flow } from '#flow/flow.ts'

/** `resourceId` is what Graph knows the audio by: as random as the address, and the same as long as the sound is. */
export type PromptAudio = { readonly uri: string; readonly resourceId: string; readonly durationMs: number }

/** A published version made ready for calls: its flow compiled and its prompts at their addresses. */
export type Program = ReturnType<typeof compile> & {
  readonly flowId: string
  readonly versionId: string
  /** From a text to where Graph fetches its audio, and how long it sounds. */
  readonly audio: ReadonlyMap<string, PromptAudio>
}

/** Where the audio of a prompt is found from outside. The id is random and long: who does not know it finds nothing. */
export const promptUri = (publicUrl: string, publicId: string) => `${publicUrl}/prompts/${publicId}.wav`

export function makeProgram(version: { id: string; flowId: string; flow: Flow }, audio: Program['audio']): Program {
  return {
    ...compile(version.flow),
    flowId: version.flowId,
    versionId: version.id,
    audio,
  }
}

/** Something of it is spoken only during calls. */
export const saysValues = ({ nodes }: Pick<Program, 'nodes'>): boolean =>
  [...nodes.values()].some(({ block }) => block.sayings.size > 0)
