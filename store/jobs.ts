/** Something to be done beside requests, at `due` or at once. `data` is kept as JSON and says all that its work needs to know. */
export type NewJob = { tenantId: string; kind: string; key: string; data: unknown; due?: Date }

/** A job in the hands of a worker. `tries` counts this one. */
export type Job = Omit<NewJob, 'due'> & { id: string; tries: number }

/** Why a job was given up. `code` is for code, `message` for people; `detail` is what its kind says more. */
export type JobFailure = { code: string; message: string; detail?: unknown }

export type JobState = Omit<NewJob, 'due'> & {
  id: string
  /** `waiting` is also what is tried again later. */
  state: 'waiting' | 'running' | 'done' | 'failed'
  /** What its work has told last; null before. */
  progress: unknown
  failure: JobFailure | null
  createdAt: Date
  doneAt: Date | null
}

/** What a run of a job may use. */
export type Run = {
  /** Aborted when the job is no longer this worker's, or the worker closes. What is thrown then is no failure. */
  signal: AbortSignal
  /** Tells how far it is; written about twice a second, and for the last time with the end. */
  report(progress: unknown): void
}

/**
 * Does a job of one kind. It may be done more than once: whoever is killed in the middle leaves it to the next, so what it does
 * a second time must do no harm. Resolve with `again` to have the same job once more at that time. Throw JobFailed to give it
 * up at once; after any other error it is tried again later, a few times.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: most have nothing to say in the end.
export type Work = (job: Job, run: Run) => Promise<{ again: Date } | void>

/** Trying again would not help. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed'
  readonly failure: JobFailure

  constructor(failure: JobFailure) {
    super(failure.message)
    this.failure = failure
  }
}

export type WorkerOptions = {
  /** Jobs at once; 4 unless said otherwise. */
  most?: number
  /** Runs of a job before it is given up. One that ends the process each time would else do so for ever. */
  mostTries?: number
  /** A job whose worker has died is free again after so long. Renewed far more often. */
  leaseMs?: number
  /** The pause before the second try; twice as long before each further one. */
  retryMs?: number
  /** Tells of new jobs (changes.ts, `jobs`); without it they are found when the worker looks again. */
  onNews?(look: () => void): () => void
  /** Hears of what failed and is tried again. */
  onTrouble?(error: unknown): void
}

/** Durable jobs. Their table is the one backend now; store/jobs.test.ts says what another must do as well (decisions/durable-jobs.md). */
export type Jobs = {
  /**
   * Adds a job, and wakes the workers. While an unfinished job of this kind has the key already, that one stays as it is.
   * @returns the job that is to be done: `data` shows whether it is this one
   */
  add(job: NewJob): Promise<{ id: string; data: unknown }>
  /** The latest job of a key, done or not. */
  find(tenantId: string, kind: string, key: string): Promise<JobState | null>
  /** What is not done yet, the oldest first. */
  unfinished(tenantId: string, kind: string): Promise<JobState[]>
  /** Forgets jobs that ended before that moment. @returns how many */
  forget(tenantId: string, before: Date): Promise<number>
  /** Works on jobs of these kinds until closed. Any number of processes may; each job is one's at a time. */
  work(kinds: Record<string, Work>, options?: WorkerOptions): { close(): Promise<void> }
}
