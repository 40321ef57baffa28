import { describe, expect, it, vi } from 'vitest'
import type { Flow } from '#flow/flow.ts'
import { nothingShared } from '#flow/shared.ts'
import { attacks } from '#flow/testing/attacks.ts'
import { block, draw, say } from '#flow/testing/draw.ts'
import { turnsDuring } from '#ground/testing/turnsDuring.ts'
import { readOut } from '#speech/english/readOut.ts'
import type { Voice } from '#speech/voice.ts'
import { StoreError } from '#store/error.ts'
import { type AudioCache, createAudioCache } from './audio.ts'
import { loadProgram } from './prompts.ts'

const voice: Voice = {
  name: 'mute',
  languages: ['en-US'],
  readOut,
  speak: async () => ({ wav: new Uint8Array(), durationMs: 1 }),
}

const found = { publicId: '', durationMs: 1, text: '' }
const wav = async () => ({ tenantId: 't', wav: new Uint8Array(), ...found })

/** Loads a version of this flow whose prompts are all there. */
async function load(
  flow: Flow,
  { audio = createAudioCache(wav), reads = readOut }: { audio?: Pick<AudioCache, 'get'>; reads?: typeof readOut } = {},
) {
  const version = { id: 'v', flowId: 'f', flow, number: 1, hash: '', note: '', at: new Date(0), by: '' }
  const store = {
    versions: { get: async () => version },
    faces: { entered: async () => new Map() },
    calendars: { shared: async () => ({ shared: nothingShared, revision: 0 }) },
    prompts: {
      find: async (_: string, keys: Iterable<string>) => new Map([...keys].map((key) => [key, found])),
      save: async () => '',
      wav,
    },
  }
  const deps = { store, voice: { ...voice, readOut: reads }, audio, publicUrl: 'https://bot' }
  const program = await loadProgram(deps, 't', 'v')
  expect([...program.audio.keys()]).toEqual(program.prompts)
}

// A slice is 5 ms, and each of these is several on any machine of today. In one piece there is no turn at all.
describe('while a flow is made ready, other callers have their turn', () => {
  it('between its blocks', async () => {
    const conditions = attacks['conditions, each as long as may be']
    expect((await turnsDuring(load(conditions?.flow ?? draw({})))).turns).toBeGreaterThan(0)
  })

  it('between its prompts', async () => {
    const long = '$1,234.56 24/7 911 12/11/2026 '.repeat(49)
    const blocks = [...Array(300).keys()].map((n) => [`say${n}`, say(`${long}${n}`, { done: `say${n + 1}` })])
    expect((await turnsDuring(load(draw(Object.fromEntries(blocks))))).turns).toBeGreaterThan(3)
  })
})

it('is ready before the sound of its prompts is in memory, which comes behind it even if some of it cannot be read', async () => {
  const read: string[] = []
  let answer = () => {}
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  const get = async (publicId: string) => {
    read.push(publicId)
    await answered
    throw new StoreError('unavailable')
  }
  await load(draw({ hello: say('Hello.', { done: 'bye' }), bye: say('Bye.') }), { audio: { get } })
  expect(read).toHaveLength(1)
  answer()
  await vi.waitFor(() => expect(read).toHaveLength(3)) // with the apology
})

it('does not wait behind strangers, who may ask for any prompt', async () => {
  const audio = createAudioCache(() => new Promise(() => {}))
  void audio.get('of a stranger')
  await load(draw({ hello: say('Hello.') }), { audio })
})

it('reads each of very many texts out once, and none of them where others have no turn', async () => {
  const blocks = Array.from({ length: 60 }, (_, n) => [
    `say${n}`,
    block('play', { prompts: Array.from({ length: 100 }, (_, m) => `Number ${n}, ${m}.`) }, { done: `say${n + 1}` }),
  ])
  let readings = 0
  await load(draw(Object.fromEntries(blocks)), {
    reads: (text) => {
      readings += 1
      return text
    },
  })
  expect(readings).toBe(6_001) // with the apology
})
