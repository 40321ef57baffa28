import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { readOut } from './english/readOut.ts'
import { SpeechError } from './error.ts'
import type { FliteAnswer, FliteJob } from './fliteWorker.ts'
import { createTurns } from './turns.ts'
import type { Speech, Voice } from './voice.ts'
import { assertTeamsPrompt } from './wav.ts'

/** The clearest and loudest of the voices built into flite: https://github.com/festvox/flite#voices */
const builtInVoice = 'slt'
const mostCharacters = 2_000
/** When figures are read out a text grows: 2,000 digits would be a quarter of an hour of speech. */
const mostSpoken = 3_000
/** Spoken in about a tenth of a second, for which anybody can wait. */
const short = 80
/** Texts of one who asks, and of all together. Whoever has more of them (a publishing) asks for a few at a time. */
const mostWaitingOfOne = 50
const mostWaiting = 500

/** A thread of Node 20 begins with JavaScript only, whatever loader the process itself has (tsx, Next, Vitest or none). */
const runTypeScript = `
  const { workerData: file } = require('node:worker_threads')
  import('tsx/esm/api').then(({ tsImport }) => tsImport(file, file))
`

type FliteOptions = {
  /** How many texts are spoken at the same time, each on a thread of its own. The threads begin with the first text. */
  workers?: number
  timeoutMs?: number
  /** A thread that has had nothing to do for so long ends, and its memory is free again. */
  idleMs?: number
  /** The file that a thread runs; it is beside this one unless told otherwise. */
  workerFile?: string
}

export type Flite = Voice & { close(): Promise<void> }

/** `turn` is who asks. */
type Job = { text: string; turn: string; resolve(speech: Speech): void; reject(error: SpeechError): void }

/**
 * English speech, made on this machine: nothing is sent anywhere. At most 2,000 characters a text, and no more than 3,000 when its
 * figures are read out. Letters of other languages lose their accents or are left out; a text of nothing else gives a short
 * silence. Whoever asks has at most all threads but one, so that one is there for somebody else; for short texts all of them.
 */
export function openFlite({
  workers: mostWorkers = 1,
  timeoutMs = 20_000,
  idleMs = 60_000,
  workerFile = join(dirname(fileURLToPath(import.meta.url)), 'fliteWorker.ts'),
}: FliteOptions = {}): Flite {
  const threads: Threads = { waiting: createTurns(), idle: new Map(), busy: new Map(), all: new Set(), closed: false }
  const deps: Deps = { mostWorkers, timeoutMs, idleMs, workerFile }
  return {
    name: `flite-${builtInVoice}`,
    languages: ['en-US'],
    readOut: (text) => (text.length > mostCharacters ? text : readOut(text)),

    async speak(text, { turn = '', signal } = {}) {
      if (threads.closed) throw new SpeechError('closed')
      if (signal?.aborted) throw new SpeechError('calledOff')
      const letters = lettersOf(text)
      if (threads.waiting.lengthOf(turn) >= mostWaitingOfOne) throw new SpeechError('tooMany')
      if (threads.waiting.size >= mostWaiting) throw new SpeechError('busy')
      let callOff = () => {}
      const spoken = new Promise<Speech>((resolve, reject) => {
        const job: Job = { text: letters, turn, resolve, reject }
        callOff = () => leave(threads, deps, job)
        signal?.addEventListener('abort', callOff)
        threads.waiting.add(turn, job)
        next(threads, deps)
      })
      return spoken.finally(() => signal?.removeEventListener('abort', callOff))
    },

    /** Ends the threads. What has not been spoken is refused with `closed`. */
    async close() {
      threads.closed = true
      for (const { reject } of threads.waiting.empty()) reject(new SpeechError('closed'))
      await Promise.all([...threads.all].map((worker) => worker.terminate()))
    },
  }
}

/** What a thread is given to read. @throws SpeechError `emptyText`, `textTooLong` */
function lettersOf(text: string): string {
  const tooLong = (length: number, most: number) =>
    new SpeechError('textTooLong', `${length} characters, at most ${most}`)
  if (text.length > mostCharacters) throw tooLong(text.length, mostCharacters)
  if (text.trim() === '') throw new SpeechError('emptyText')
  const letters = inEnglishLetters(readOut(text))
  if (letters.length > mostSpoken) throw tooLong(letters.length, mostSpoken)
  return letters
}

/** The texts to speak, and who speaks them. */
type Threads = {
  waiting: ReturnType<typeof createTurns<Job>>
  /** Each with what ends it when it stays idle. */
  idle: Map<Worker, NodeJS.Timeout>
  /** Who is speaking what; for each, what ends it. */
  busy: Map<Job, (error: SpeechError) => void>
  all: Set<Worker>
  closed: boolean
}
type Deps = { mostWorkers: number; timeoutMs: number; idleMs: number; workerFile: string }

function startWorker(threads: Threads, workerFile: string): Worker {
  const worker = new Worker(runTypeScript, { eval: true, execArgv: [], workerData: pathToFileURL(workerFile).href })
  threads.all.add(worker)
  worker.on('error', () => dismiss(threads, worker)) // also while it is idle, so that it never ends the process
  worker.on('exit', () => dismiss(threads, worker))
  return worker
}

function dismiss({ all, idle }: Threads, worker: Worker) {
  all.delete(worker)
  clearTimeout(idle.get(worker))
  idle.delete(worker)
}

/** Nobody waits for it any more: it goes from its line, or its thread ends. */
function leave(threads: Threads, deps: Deps, job: Job) {
  const error = new SpeechError('calledOff')
  if (threads.waiting.remove(job.turn, job)) job.reject(error)
  else threads.busy.get(job)?.(error)
  next(threads, deps)
}

/** Gives the next text to a thread that is free, or to a new one. */
function next(threads: Threads, deps: Deps) {
  const { idle, all, busy, waiting } = threads
  if (threads.closed || (idle.size === 0 && all.size >= deps.mostWorkers)) return
  const mayGoOn = (turn: string, { text }: Job) => {
    const mostOfOne = text.length <= short ? deps.mostWorkers : Math.max(1, deps.mostWorkers - 1)
    return [...busy.keys()].filter((other) => other.turn === turn).length < mostOfOne
  }
  const job = waiting.take(mayGoOn)
  if (!job) return
  give(threads, awake(idle) ?? startWorker(threads, deps.workerFile), job, deps)
  next(threads, deps)
}

function give(threads: Threads, worker: Worker, job: Job, deps: Deps) {
  const onMessage = (answer: FliteAnswer) => {
    done()
    rest(threads, worker, deps.idleMs)
    try {
      if ('failure' in answer) throw new SpeechError('voiceFailed', answer.failure)
      job.resolve({ wav: answer.wav, durationMs: assertTeamsPrompt(answer.wav).durationMs })
    } catch (error) {
      job.reject(error instanceof SpeechError ? error : new SpeechError('voiceFailed', undefined, { cause: error }))
    }
    next(threads, deps)
  }
  const onGone = (reason: unknown) => {
    fail(new SpeechError('voiceFailed', 'its thread stopped', { cause: reason }))
  }
  const stop = (error: SpeechError) => {
    void worker.terminate()
    fail(error)
  }
  const clock = setTimeout(() => stop(new SpeechError('timedOut')), deps.timeoutMs)

  function done() {
    clearTimeout(clock)
    threads.busy.delete(job)
    worker.off('message', onMessage).off('error', onGone).off('exit', onGone)
  }
  function fail(error: SpeechError) {
    done()
    dismiss(threads, worker)
    job.reject(threads.closed ? new SpeechError('closed') : error)
    next(threads, deps)
  }

  threads.busy.set(job, stop)
  worker.ref()
  worker.on('message', onMessage).on('error', onGone).on('exit', onGone)
  worker.postMessage({ voice: builtInVoice, text: job.text } satisfies FliteJob)
}

/** A thread that has nothing to do does not keep the program from ending, and ends itself after a while. */
function rest(threads: Threads, worker: Worker, idleMs: number) {
  worker.unref()
  const end = () => {
    dismiss(threads, worker)
    void worker.terminate()
  }
  threads.idle.set(worker, setTimeout(end, idleMs).unref())
}

/** The thread that came to rest last, so that those that are not needed come to their end. */
function awake(idle: Threads['idle']): Worker | undefined {
  const last = [...idle.keys()].at(-1)
  if (last) {
    clearTimeout(idle.get(last))
    idle.delete(last)
  }
  return last
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
