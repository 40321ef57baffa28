import type { Job, JobFailure, Work, WorkerOptions } from './jobs.ts'

/** Who holds which job, wherever that is kept. Tokens are new with each hold, and one that is no longer valid changes nothing. */
export type Leases = {
  /** Takes up to `most` jobs that are due and nobody's: `suspects` under which two workers have died, or only others. */
  take(kinds: string[], most: number, leaseMs: number, suspects: boolean): Promise<Held[]>
  /** In how many milliseconds the next may be taken; null for none. Without `suspects` those are left out. */
  nextInMs(kinds: string[], suspects: boolean): Promise<number | null>
  /** Holds them for longer, and keeps their progress. @returns the tokens that are still valid */
  renew(held: { token: string; progress: unknown }[], leaseMs: number): Promise<Set<string>>
  finish(token: string, progress: unknown, failure: JobFailure | null): Promise<void>
  /** Gives one back, to be taken at a time or in some milliseconds; `tries` is added to its count. */
  release(token: string, when: { inMs?: number; at?: Date; tries: number }): Promise<void>
}

type Held = Job & { token: string }

/** Progress is written, and leases are renewed, so often. */
const beatMs = 500
/** News may be lost with a connection; so long may a job wait then. */
const longestSleepMs = 15_000
/** What is due and was not taken is in another's hands this very moment. */
const shortestSleepMs = 20
const awayMs = 500
const longestRetryMs = 5 * 60_000

/** A job under way. */
type Running = { job: Held; leaving: AbortController; progress: unknown; heldUntil: number; done: Promise<void> }

type Worker = Required<Omit<WorkerOptions, 'onNews'>> & {
  leases: Leases
  kinds: Record<string, Work>
  running: Set<Running>
  /** A suspect is under way, and nothing beside it: should it end the process, it ends no other job's run. */
  alone: boolean
  closing: AbortController
  /** Ends the sleep of the loop. */
  wake: () => void
  news: boolean
}

/** Takes jobs as they come due and does them, several at once, until closed. The database may be away for any time. */
export function workOn(leases: Leases, kinds: Record<string, Work>, options: WorkerOptions = {}) {
  const worker: Worker = {
    most: 4,
    mostTries: 5,
    leaseMs: 10_000,
    retryMs: 1_000,
    onTrouble: () => {},
    ...options,
    leases,
    kinds,
    running: new Set(),
    alone: false,
    closing: new AbortController(),
    wake: () => {},
    news: false,
  }
  const look = () => {
    worker.news = true
    worker.wake()
  }
  const deaf = options.onNews?.(look)
  const looping = loop(worker)
  const beat = setInterval(() => void renew(worker), Math.min(beatMs, worker.leaseMs / 3))
  return {
    /** Takes no more, calls off what is under way, and gives it back for another to go on. */
    async close() {
      deaf?.()
      worker.closing.abort()
      for (const { leaving } of worker.running) leaving.abort()
      worker.wake()
      await looping
      await Promise.all([...worker.running].map(({ done }) => done))
      clearInterval(beat)
    },
  }
}

async function loop(worker: Worker) {
  while (!worker.closing.signal.aborted) {
    worker.news = false
    const ms = await fill(worker).catch((error: unknown) => {
      worker.onTrouble(error)
      return awayMs
    })
    if (!worker.news && !worker.closing.signal.aborted) await sleep(worker, ms)
  }
}

const sleep = (worker: Worker, ms: number) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, Math.min(Math.max(ms, shortestSleepMs), longestSleepMs))
    worker.wake = () => {
      clearTimeout(timer)
      resolve()
    }
  })

/** Takes as much as there is room for. @returns when to look again, in milliseconds */
async function fill(worker: Worker): Promise<number> {
  const { leases, running, leaseMs } = worker
  const kinds = Object.keys(worker.kinds)
  if (running.size === 0) worker.alone = false
  const free = worker.alone ? 0 : worker.most - running.size
  if (free <= 0) return longestSleepMs
  const heldUntil = performance.now() + leaseMs
  const taken = await leases.take(kinds, free, leaseMs, false)
  if (taken.length === 0 && running.size === 0) {
    taken.push(...(await leases.take(kinds, 1, leaseMs, true)))
    worker.alone = taken.length > 0
  }
  for (const job of taken) begin(worker, job, heldUntil)
  if (worker.alone || taken.length === free) return longestSleepMs
  return (await leases.nextInMs(kinds, running.size === 0)) ?? longestSleepMs
}

function begin(worker: Worker, job: Held, heldUntil: number) {
  const run: Running = {
    job,
    leaving: new AbortController(),
    progress: undefined,
    heldUntil,
    done: Promise.resolve(),
  }
  worker.running.add(run)
  if (worker.closing.signal.aborted) run.leaving.abort()
  run.done = carryOut(worker, run).finally(() => {
    worker.running.delete(run)
    worker.news = true
    worker.wake()
  })
}

/** Does a job and says how it came out. Never rejects. */
async function carryOut(worker: Worker, run: Running): Promise<void> {
  const { leases, onTrouble, mostTries, retryMs, kinds } = worker
  const { job, leaving } = run
  const settle = (write: () => Promise<void>) => insist(worker, run, write)
  if (job.tries > mostTries) return settle(() => leases.finish(job.token, undefined, gaveUp))
  try {
    const report = (progress: unknown) => {
      run.progress = progress
    }
    const result = await kinds[job.kind]?.({ ...job }, { signal: leaving.signal, report })
    const again = result?.again
    if (again) return await settle(() => leases.release(job.token, { at: again, tries: -job.tries }))
    return await settle(() => leases.finish(job.token, run.progress, null))
  } catch (error) {
    if (leaving.signal.aborted) return settle(() => leases.release(job.token, { tries: -1 }))
    const failure = failureIn(error)
    if (failure) return settle(() => leases.finish(job.token, run.progress, failure))
    onTrouble(error)
    if (job.tries >= mostTries) return settle(() => leases.finish(job.token, run.progress, gaveUp))
    const inMs = Math.min(retryMs * 2 ** (job.tries - 1), longestRetryMs)
    return settle(() => leases.release(job.token, { inMs, tries: 0 }))
  }
}

const gaveUp: JobFailure = {
  code: 'gaveUp',
  message: 'This was tried several times and did not come to an end. The log says why; try it again.',
}

/** By name: a bundler may have made several copies of the class. */
const failureIn = (error: unknown): JobFailure | null =>
  error instanceof Error && error.name === 'JobFailed' && 'failure' in error ? (error.failure as JobFailure) : null

/** Writes an outcome, for as long as the job is this worker's: a database that is away for a moment makes nothing be done twice. */
async function insist(worker: Worker, run: Running, write: () => Promise<void>) {
  for (;;) {
    try {
      return await write()
    } catch (error) {
      worker.onTrouble(error)
      // Its lease ends by itself, and then it is somebody else's.
      if (worker.closing.signal.aborted || performance.now() > run.heldUntil) return
      await new Promise((resolve) => setTimeout(resolve, awayMs))
    }
  }
}

/** Holds on to what is under way, and lets go of what another has taken or may have taken meanwhile. */
async function renew({ running, leases, leaseMs, onTrouble }: Worker) {
  const runs = [...running]
  if (runs.length === 0) return
  const heldUntil = performance.now() + leaseMs
  try {
    const held = await leases.renew(
      runs.map(({ job, progress }) => ({ token: job.token, progress })),
      leaseMs,
    )
    for (const run of runs)
      if (held.has(run.job.token)) run.heldUntil = Math.max(run.heldUntil, heldUntil)
      else if (running.has(run)) run.leaving.abort()
  } catch (error) {
    onTrouble(error)
    for (const run of runs) if (performance.now() > run.heldUntil) run.leaving.abort()
  }
}
