import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { SpeechError } from './error.ts'
import type { FliteAnswer, FliteJob } from './fliteWorker.ts'
import type { Speech, Voice } from './voice.ts'
import { assertTeamsPrompt, samplesOf, writeWav } from './wav.ts'

/** The clearest and loudest of the voices built into flite: https://github.com/festvox/flite#voices */
const builtInVoice = 'slt'
const mostCharacters = 2_000
const leadingSilenceMs = 50
const audible = 200 // of 32,767: flite's own silence stays below 100

/** A thread of Node 20 begins with JavaScript only, whatever loader the process itself has (tsx, Next, Vitest or none). */
const runTypeScript = `
  const { workerData: file } = require('node:worker_threads')
  import('tsx/esm/api').then(({ tsImport }) => tsImport(file, file))
`

type FliteOptions = {
  /** How many texts are spoken at the same time, each on a thread of its own. The threads begin with the first text. */
  workers?: number
  timeoutMs?: number
  /** The file that a thread runs; it is beside this one unless told otherwise. */
  workerFile?: string
}

export type Flite = Voice & { close(): Promise<void> }

type Job = { text: string; resolve(speech: Speech): void; reject(error: SpeechError): void }

/**
 * English speech, made on this machine: nothing is sent anywhere. At most 2,000 characters a text.
 * Letters of other languages lose their accents or are left out; a text of nothing else gives a short silence.
 */
export function openFlite({
  workers: mostWorkers = 1,
  timeoutMs = 20_000,
  workerFile = join(dirname(fileURLToPath(import.meta.url)), 'fliteWorker.ts'),
}: FliteOptions = {}): Flite {
  const threads: Threads = { waiting: [], idle: [], all: new Set(), closed: false }
  const deps: Deps = { mostWorkers, timeoutMs, workerFile }
  return {
    name: `flite-${builtInVoice}`,
    languages: ['en-US'],

    async speak(text) {
      if (threads.closed) throw new SpeechError('closed')
      if (text.length > mostCharacters) {
        throw new SpeechError('textTooLong', `${text.length} characters, at most ${mostCharacters}`)
      }
      if (text.trim() === '') throw new SpeechError('emptyText')
      return new Promise<Speech>((resolve, reject) => {
        threads.waiting.push({ text: inEnglishLetters(text), resolve, reject })
        next(threads, deps)
      })
    },

    /** Ends the threads. What has not been spoken is refused with `closed`. */
    async close() {
      threads.closed = true
      for (const { reject } of threads.waiting.splice(0)) reject(new SpeechError('closed'))
      await Promise.all([...threads.all].map((worker) => worker.terminate()))
    },
  }
}

/** The texts to speak, and who speaks them. */
type Threads = { waiting: Job[]; idle: Worker[]; all: Set<Worker>; closed: boolean }
type Deps = { mostWorkers: number; timeoutMs: number; workerFile: string }

function startWorker(threads: Threads, workerFile: string): Worker {
  const worker = new Worker(runTypeScript, { eval: true, execArgv: [], workerData: pathToFileURL(workerFile).href })
  threads.all.add(worker)
  worker.on('error', () => dismiss(threads, worker)) // also while it is idle, so that it never ends the process
  worker.on('exit', () => dismiss(threads, worker))
  return worker
}

function dismiss({ all, idle }: Threads, worker: Worker) {
  all.delete(worker)
  const place = idle.indexOf(worker)
  if (place >= 0) idle.splice(place, 1)
}

/** Gives the next text to a thread that is free, or to a new one. */
function next(threads: Threads, deps: Deps) {
  const job = threads.waiting[0]
  if (!job) return
  const worker =
    threads.idle.pop() ?? (threads.all.size < deps.mostWorkers ? startWorker(threads, deps.workerFile) : null)
  if (!worker) return
  threads.waiting.shift()
  give(threads, worker, job, deps)
}

function give(threads: Threads, worker: Worker, job: Job, deps: Deps) {
  const onMessage = (answer: FliteAnswer) => {
    done()
    worker.unref() // a thread that has nothing to do does not keep the program from ending
    threads.idle.push(worker)
    try {
      if ('failure' in answer) throw new SpeechError('voiceFailed', answer.failure)
      job.resolve(normalised(answer.wav))
    } catch (error) {
      job.reject(error instanceof SpeechError ? error : new SpeechError('voiceFailed', undefined, { cause: error }))
    }
    next(threads, deps)
  }
  const onGone = (reason: unknown) => {
    fail(new SpeechError('voiceFailed', 'its thread stopped', { cause: reason }))
  }
  const clock = setTimeout(() => {
    void worker.terminate()
    fail(new SpeechError('timedOut'))
  }, deps.timeoutMs)

  function done() {
    clearTimeout(clock)
    worker.off('message', onMessage).off('error', onGone).off('exit', onGone)
  }
  function fail(error: SpeechError) {
    done()
    dismiss(threads, worker)
    job.reject(threads.closed ? new SpeechError('closed') : error)
    next(threads, deps)
  }

  worker.ref()
  worker.on('message', onMessage).on('error', onGone).on('exit', onGone)
  worker.postMessage({ voice: builtInVoice, text: job.text } satisfies FliteJob)
}

/** flite reads ASCII. 'Müller' is better said as 'Muller' than as 'M ller'. */
export function inEnglishLetters(text: string): string {
  const letters = text
    .replace(/[‘’‛]/g, "'")
    .replace(/\s*[–—]\s*/g, ', ')
    .replace(/ß/g, 'ss')
    .replace(/æ/gi, 'ae')
    .replace(/œ/gi, 'oe')
    .replace(/ø/gi, 'o')
    .replace(/ł/gi, 'l')
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^\x21-\x7e]+/g, ' ')
    .trim()
  return letters || '.' // which is a pause
}

function normalised(wav: Uint8Array): Speech {
  const samples = withShortLead(samplesOf(wav, assertTeamsPrompt(wav)))
  const bytes = writeWav(samples)
  return { wav: bytes, durationMs: assertTeamsPrompt(bytes).durationMs }
}

/** flite is silent for about a quarter of a second before it speaks; a caller takes that for a bad line. */
function withShortLead(samples: Int16Array): Int16Array {
  const firstSound = samples.findIndex((sample) => Math.abs(sample) > audible)
  return samples.subarray(Math.max(0, firstSound - leadingSilenceMs * 16))
}
