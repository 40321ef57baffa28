import { BoundedMap } from '#ground/boundedMap.ts'
import { type Clock, realClock, steadyTime } from '#ground/clock.ts'
import { GraphError } from './error.ts'
import type { RoundTrip } from './http.ts'
import { mostObeyedMs } from './retry.ts'

/** So many requests in any span of that length. */
export type Rate = { requests: number; perMs: number }

export type ThrottleSettings = {
  /** Graph's limits for an app. Those left out are the newest published ones; older pages name lower ones. */
  limits?: { calls?: Rate; presence?: Rate; all?: Rate }
  /** So many requests wait before another one in one bucket at most; more are refused. */
  mostWaiting?: number
  clock?: Clock
}

type Throttled = {
  operation: string
  method: RoundTrip['method']
  path: string
  tenantId: string
  signal?: AbortSignal | undefined
}

export type Throttle = ReturnType<typeof createThrottle>

/** limits.json of the contract: throttle.calls and throttle.presence (an app and tenant), throttle.global (an app). */
const published = {
  calls: { requests: 50_000, perMs: 15_000 },
  presence: { requests: 10_000, perMs: 30_000 },
  all: { requests: 130_000, perMs: 10_000 },
}

/**
 * Keeps the app below Graph's limits instead of running into 429: a bucket for each tenant and kind of resource, then one over
 * all tenants. Where requests have to wait, answers to ringing callers go first, then hang-ups.
 */
export function createThrottle({ limits = {}, mostWaiting = 10_000, clock: given = realClock }: ThrottleSettings = {}) {
  // All buckets reckon by one time, which a clock that is set back does not stop.
  const clock: Clock = { now: steadyTime(given), after: (ms, act) => given.after(ms, act) }
  const { calls, presence, all } = { ...published, ...limits }
  // For other resources only the limit over all is known.
  const rates: Record<Family, Rate> = { calls, presence, other: all }
  const buckets = new BoundedMap<string, Bucket>(10_000)
  const overall = createBucket(all, mostWaiting, clock)

  function bucketOf({ path, tenantId }: Pick<Throttled, 'path' | 'tenantId'>): Bucket {
    const family = familyOf(path)
    const key = `${family} ${tenantId.toLowerCase()}`
    let bucket = buckets.use(key)
    if (!bucket) {
      bucket = createBucket(rates[family], mostWaiting, clock)
      buckets.set(key, bucket)
    }
    return bucket
  }

  return {
    /**
     * Resolves when the request may go out. Throws GraphError: `throttled`, as soon as it is clear that its turn does not come
     * `withinMs`, with the time until it would in `retryAfterMs`; `aborted` when its signal is.
     */
    async pass(request: Throttled, withinMs: number): Promise<void> {
      const deadline = clock.now() + withinMs
      await pass(bucketOf(request), request, deadline)
      await pass(overall, request, deadline)
    },
    /** Graph answered 429: nothing of that tenant and kind passes for so long. */
    close: (request: Pick<Throttled, 'path' | 'tenantId'>, forMs: number): void =>
      close(bucketOf(request), Math.min(forMs, mostObeyedMs)),
  }
}

type Waiting = { request: Throttled; deadline: number; go(): void; fail(error: GraphError): void }

/**
 * One limit, and who waits for it. A tenth of the limit may go out in one burst, the rest evenly: together never more than the
 * limit in any span. A 429 shows that the true limit is lower, so each halves the pace, and each span without one doubles it
 * again. Constant work for a request, and one timer for all that wait.
 */
type Bucket = ReturnType<typeof createBucket>

function createBucket({ requests, perMs }: Rate, mostWaiting: number, clock: Clock) {
  const burst = Math.max(1, Math.floor(requests / 10))
  const usual = perMs / Math.max(1, requests - burst)
  return {
    burst,
    usual,
    perMs,
    mostWaiting,
    clock,
    /** One for each priority. A Set keeps the order of arrival, and who leaves early costs nothing. */
    queues: [new Set<Waiting>(), new Set<Waiting>(), new Set<Waiting>(), new Set<Waiting>()] as const,
    interval: usual,
    calmAt: 0,
    /** When the next one may go out; the time before it is what is left of the burst. */
    nextAt: Number.NEGATIVE_INFINITY,
    waking: false,
  }
}

/** Undefined when it may go at once. Throws GraphError `throttled` when it cannot go in time. */
function pass(bucket: Bucket, request: Throttled, deadline: number): Promise<void> | undefined {
  const { queues, mostWaiting } = bucket
  const priority = priorityOf(request)
  let ahead = 0
  for (const earlier of queues.slice(0, priority + 1)) ahead += earlier.size
  const now = bucket.clock.now()
  if (ahead === 0 && take(bucket, now)) return undefined

  const turn = Math.max(bucket.nextAt, now) + ahead * bucket.interval
  if (turn > deadline || ahead >= mostWaiting) throw throttled(request, turn - now)
  return wait(bucket, queues[priority], request, deadline)
}

function wait(bucket: Bucket, queue: Set<Waiting>, request: Throttled, deadline: number): Promise<void> {
  const { operation, signal } = request
  return new Promise((resolve, reject) => {
    const settled = () => {
      queue.delete(one)
      signal?.removeEventListener('abort', onAbort)
    }
    const one: Waiting = {
      request,
      deadline,
      go() {
        settled()
        resolve()
      },
      fail(error) {
        settled()
        reject(error)
      },
    }
    const onAbort = () =>
      one.fail(new GraphError({ code: 'aborted', operation, neverSent: true, cause: signal?.reason }))
    if (signal?.aborted) return onAbort()
    signal?.addEventListener('abort', onAbort)
    queue.add(one)
    wakeLater(bucket)
  })
}

/** Counts one out, if there may be one now. */
function take(bucket: Bucket, now: number): boolean {
  const { burst, usual, perMs } = bucket
  if (now < bucket.nextAt) return false
  if (bucket.interval > usual && now > bucket.calmAt) {
    bucket.interval = Math.max(usual, bucket.interval / 2)
    bucket.calmAt = now + perMs
  }
  bucket.nextAt = Math.max(bucket.nextAt, now - (burst - 1) * bucket.interval) + bucket.interval
  return true
}

function wakeLater(bucket: Bucket): void {
  if (bucket.waking) return
  const heads = bucket.queues.flatMap((queue) => first(queue)?.deadline ?? [])
  if (heads.length === 0) return
  bucket.waking = true
  const ms = Math.ceil(Math.min(bucket.nextAt, ...heads) - bucket.clock.now())
  bucket.clock.after(Math.max(1, ms), () => {
    bucket.waking = false
    letGo(bucket)
    wakeLater(bucket)
  })
}

function letGo(bucket: Bucket): void {
  const now = bucket.clock.now()
  for (const queue of bucket.queues) {
    for (const one of queue) {
      const late = now > one.deadline
      if (!late && !take(bucket, now)) break
      queue.delete(one)
      if (late) one.fail(throttled(one.request, bucket.nextAt - now))
      else one.go()
    }
  }
}

/** Opens without a burst, so that the end of Graph's wait is not the beginning of the next. */
function close(bucket: Bucket, forMs: number): void {
  const { usual, perMs } = bucket
  const now = bucket.clock.now()
  // Many requests under way hear of one and the same end.
  if (bucket.nextAt <= now) bucket.interval = Math.min(bucket.interval * 2, usual * 1024)
  bucket.calmAt = now + forMs + perMs
  if (now + forMs <= bucket.nextAt) return
  bucket.nextAt = now + forMs
  refuseLate(bucket, now)
}

/** Who cannot go in time any more is told now, not at the end of a vain wait. */
function refuseLate(bucket: Bucket, now: number): void {
  let turn = bucket.nextAt
  for (const queue of bucket.queues) {
    for (const one of queue) {
      if (turn > one.deadline) one.fail(throttled(one.request, turn - now))
      else turn += bucket.interval
    }
  }
}

/** 0 goes first. A ringing caller waits for 15 s only, and a call that cannot be ended costs others their turn. */
export function priorityOf({ method, path }: Pick<Throttled, 'method' | 'path'>): 0 | 1 | 2 | 3 {
  const [, , on, id, action, ...rest] = path.split(/[/?]/)
  if (on !== 'calls' || method === 'GET') return 3
  if (id && method === 'DELETE' && action === undefined) return 1
  return rest.length === 0 && ['answer', 'reject', 'redirect'].includes(action ?? '') ? 0 : 2
}

type Family = 'calls' | 'presence' | 'other'

/** The kinds of resources that have limits of their own. */
export function familyOf(path: string): Family {
  if (/^\/communications\/calls(?:\/|\?|$)/.test(path)) return 'calls'
  return /\/(?:presences?|getPresencesByUserId)(?:\/|\?|$)/i.test(path) ? 'presence' : 'other'
}

const first = <T>(queue: Set<T>): T | undefined => queue.values().next().value

function throttled({ operation }: Throttled, waitMs: number): GraphError {
  return new GraphError({ code: 'throttled', operation, retryAfterMs: Math.max(0, Math.ceil(waitMs)) })
}
