import { type Program as Compiled, compiling } from '#flow/compile.ts'
import { nobodyAnswers, nobodyId } from '#flow/nobodyAnswers.ts'
import { inSlices } from '#ground/slices.ts'
import { createSpeaker } from '#speech/speak.ts'
import type { Voice } from '#speech/voice.ts'
import type { Store } from '#store/database.ts'
import type { AudioCache } from './audio.ts'
import { type Program, type PromptAudio, promptUri } from './program.ts'

type Deps = {
  store: {
    versions: Pick<Store['versions'], 'get'>
    prompts: Pick<Store['prompts'], 'find' | 'save' | 'wav'>
    calendars: Pick<Store['calendars'], 'shared'>
    faces: Pick<Store['faces'], 'entered'>
  }
  voice: Voice
  audio: Pick<AudioCache, 'get'>
  publicUrl: string
}

const nobodysVersion = { id: nobodyId, flowId: nobodyId, flow: nobodyAnswers }

/**
 * Makes a version ready for calls, in slices: other callers do not wait for a large one. Its prompts were spoken when it was published;
 * what is missing is spoken now. Nobody waits for their sound: it comes into memory behind the first call, whatever happens to the
 * database later, and one that is asked for before is read by itself.
 */
export async function loadProgram(
  { store, voice, audio, publicUrl }: Deps,
  tenantId: string,
  versionId: string,
): Promise<Program> {
  const [version, { shared }] = await Promise.all([
    versionId === nobodyId ? nobodysVersion : store.versions.get(tenantId, versionId),
    store.calendars.shared(tenantId),
  ])
  const speaker = createSpeaker({
    voice,
    turn: versionId,
    find: (keys) => store.prompts.find(tenantId, keys),
    save: async (prompt) => ({ publicId: await store.prompts.save(tenantId, prompt) }),
  })
  const entered = await store.faces.entered(tenantId, version.flow)
  const compiled = await inSlices(compiling(version.flow, { shared, flows: entered }))
  const spoken = async (one: Compiled, flowId: string, versionId: string): Promise<Program> => {
    const addresses = new Map<string, PromptAudio>()
    const wanted = await speaker.keyed(one.prompts.map((text) => ({ text, language: one.language })))
    const kept = await speaker.prepare(wanted)
    for (const [key, prompt] of wanted) {
      const found = kept.get(key)
      if (found === undefined) continue
      const { publicId, durationMs } = found
      addresses.set(prompt.text, { uri: promptUri(publicUrl, publicId), resourceId: publicId, durationMs })
    }
    void remember([...addresses.values()], (id) => audio.get(id, store.prompts.wav))
    return { ...one, flowId, versionId, audio: addresses, flows: nothingEntered }
  }
  const flows = new Map<string, Program>()
  for (const [link, { key, flowId, versionId }] of entered) {
    const one = compiled.flows.get(key)
    const program = flows.get(key) ?? (one && (await spoken(one, flowId, versionId)))
    if (program) flows.set(link, program).set(key, program)
  }
  return { ...(await spoken(compiled, version.flowId, version.id)), flows }
}

const nothingEntered: ReadonlyMap<string, Program> = new Map()

/** One after the other, so that calls find the database free. */
async function remember(prompts: readonly PromptAudio[], get: (publicId: string) => Promise<unknown>): Promise<void> {
  for (const { resourceId } of prompts) await get(resourceId).catch(() => {})
}
