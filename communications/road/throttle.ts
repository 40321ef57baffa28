import { BoundedMap } from '#ground/boundedMap.ts'
import { type Cancel, type Clock, realClock, steadyTime } from '#ground/clock.ts'
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
  /** Of one in a hurry, since its caller rings. */
  timeoutMs?: number | undefined
  /** Either ends the waiting. */
  signal?: AbortSignal | undefined
  until?: AbortSignal | undefined
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

  /** Most requests are of one tenant, like the one before. */
  let last = { family: '', tenantId: '', bucket: overall }

  function bucketOf({ path, tenantId }: Pick<Throttled, 'path' | 'tenantId'>): Bucket {
    const family = familyOf(path)
    if (last.family === family && last.tenantId === tenantId) return last.bucket
    const key = `${family} ${tenantId.toLowerCase()}`
    const bucket = buckets.use(key) ?? createBucket(rates[family], mostWaiting, clock)
    buckets.set(key, bucket)
    last = { family, tenantId, bucket }
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
    /** True when nothing holds the request back: then it has passed. What nobody waits for costs no promise. */
    passesAtOnce(request: Pick<Throttled, 'path' | 'tenantId'>): boolean {
      const bucket = bucketOf(request)
      const now = clock.now()
      if (!isFree(bucket, now) || !isFree(overall, now)) return false
      return take(bucket, now, 1) && take(overall, now, 1)
    },
    /**
     * Graph answered 429: nothing of that tenant and kind passes for so long, but answers to ringing callers, a few a second, which
     * show whether it was meant for all.
     */
    close: (request: Pick<Throttled, 'path' | 'tenantId'>, forMs: number): void =>
      close(bucketOf(request), Math.min(forMs, mostObeyedMs)),
    /** Graph took what went out at that time: it was not closed for all, whatever it answered to another one before. */
    taken(request: Pick<Throttled, 'path' | 'tenantId'>, sentAt: number): void {
      open(bucketOf(request), sentAt)
    },
  }
}

const longAgo = Number.NEGATIVE_INFINITY

type Waiting = { request: Throttled; deadline: number; go(): void; fail(error: GraphError): void }

/** While a bucket is closed a ringing caller's request goes out once in such a time. */
const probeEveryMs = 100
/** So long after Graph took a request in spite of a 429, others are thought to be of their own request only. */
const doubtMs = 60_000
/** Unless so many come with nothing taken in between. */
const mostInARow = 16

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
    nextAt: longAgo,
    /** Graph closed it from then until then, as far as we believe. */
    closedAt: longAgo,
    closedUntil: longAgo,
    /** When a ringing caller may try all the same. */
    probeAt: longAgo,
    doubtUntil: longAgo,
    inARow: 0,
    /** The one timer for all that wait. */
    waking: null as { at: number; cancel: Cancel } | null,
  }
}

/** Undefined when it may go at once. Throws GraphError `throttled` when it cannot go in time. */
function pass(bucket: Bucket, request: Throttled, deadline: number): Promise<void> | undefined {
  const { queues, mostWaiting } = bucket
  const priority = priorityOf(request)
  let ahead = 0
  for (const earlier of queues.slice(0, priority + 1)) ahead += earlier.size
  const now = bucket.clock.now()
  if (ahead === 0 && take(bucket, now, priority)) return undefined

  const turn = turnOf(bucket, now, priority, ahead)
  if (turn > deadline || ahead >= mostWaiting) throw throttled(request, turn - now)
  return wait(bucket, queues[priority], request, deadline)
}

function wait(bucket: Bucket, queue: Set<Waiting>, request: Throttled, deadline: number): Promise<void> {
  const { operation, signal, until } = request
  const stops = [signal, until].filter((one) => one !== undefined)
  return new Promise((resolve, reject) => {
    const settled = () => {
      queue.delete(one)
      for (const stop of stops) stop.removeEventListener('abort', onAbort)
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
    const onAbort = () => {
      const cause = stops.find(({ aborted }) => aborted)?.reason
      one.fail(new GraphError({ code: 'aborted', operation, neverSent: true, cause }))
    }
    if (stops.some(({ aborted }) => aborted)) return onAbort()
    for (const stop of stops) stop.addEventListener('abort', onAbort)
    queue.add(one)
    wakeLater(bucket)
  })
}

const isProbe = (bucket: Bucket, now: number, priority: number) => priority === 0 && now < bucket.closedUntil

/** When one goes out before whom so many others do. */
function turnOf(bucket: Bucket, now: number, priority: number, ahead: number): number {
  if (isProbe(bucket, now, priority)) return Math.max(bucket.probeAt, now) + ahead * probeEveryMs
  return Math.max(bucket.nextAt, now) + ahead * bucket.interval
}

/** Nobody waits, and the next may go. */
function isFree({ nextAt, queues }: Bucket, now: number): boolean {
  return now >= nextAt && queues.every(({ size }) => size === 0)
}

/** Counts one out, if there may be one now. */
function take(bucket: Bucket, now: number, priority: number): boolean {
  const { burst, usual, perMs } = bucket
  if (isProbe(bucket, now, priority)) {
    if (now < bucket.probeAt) return false
    bucket.probeAt = now + probeEveryMs
    return true
  }
  if (now < bucket.nextAt) return false
  if (bucket.interval > usual && now > bucket.calmAt) {
    bucket.interval = Math.max(usual, bucket.interval / 2)
    bucket.calmAt = now + perMs
  }
  bucket.nextAt = Math.max(bucket.nextAt, now - (burst - 1) * bucket.interval) + bucket.interval
  return true
}

function wakeLater(bucket: Bucket): void {
  const heads = bucket.queues.flatMap((queue) => first(queue)?.deadline ?? [])
  if (heads.length === 0) return
  const now = bucket.clock.now()
  const next = turnOf(bucket, now, bucket.queues[0].size > 0 ? 0 : 1, 0)
  const at = Math.max(now + 1, Math.ceil(Math.min(next, ...heads)))
  if (bucket.waking && bucket.waking.at <= at) return
  bucket.waking?.cancel()
  const cancel = bucket.clock.after(at - now, () => {
    bucket.waking = null
    letGo(bucket)
    wakeLater(bucket)
  })
  bucket.waking = { at, cancel }
}

function letGo(bucket: Bucket): void {
  const now = bucket.clock.now()
  for (const [priority, queue] of bucket.queues.entries()) {
    for (const one of queue) {
      const late = now > one.deadline
      if (!late && !take(bucket, now, priority)) break
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
  bucket.inARow += 1
  if (now < bucket.doubtUntil && bucket.inARow < mostInARow) return
  // Many requests under way hear of one and the same end.
  if (bucket.nextAt <= now) bucket.interval = Math.min(bucket.interval * 2, usual * 1024)
  bucket.calmAt = now + forMs + perMs
  if (now >= bucket.closedUntil) bucket.closedAt = now
  if (now + forMs <= bucket.nextAt) return
  bucket.nextAt = now + forMs
  bucket.closedUntil = bucket.nextAt
  refuseLate(bucket, now)
}

/** A 429 was not for all: those who wait may go, and the next is not believed so soon. */
function open(bucket: Bucket, sentAt: number): void {
  bucket.inARow = 0
  if (bucket.closedUntil === longAgo) return
  const now = bucket.clock.now()
  if (sentAt <= bucket.closedAt || now >= bucket.closedUntil) return
  bucket.doubtUntil = now + doubtMs
  bucket.nextAt = now
  bucket.closedUntil = longAgo
  letGo(bucket)
  wakeLater(bucket)
}

/** Who cannot go in time any more is told now, not at the end of a vain wait. */
function refuseLate(bucket: Bucket, now: number): void {
  let turn = bucket.nextAt
  for (const queue of bucket.queues.slice(1)) {
    for (const one of queue) {
      if (turn > one.deadline) one.fail(throttled(one.request, turn - now))
      else turn += bucket.interval
    }
  }
}

/** 0 goes first. A ringing caller waits for 15 s only, and a call that cannot be ended costs others their turn. */
export function priorityOf({ method, path, timeoutMs }: Pick<Throttled, 'method' | 'path' | 'timeoutMs'>) {
  const [, , on, id, action, ...rest] = path.split(/[/?]/)
  if (on !== 'calls' || method === 'GET') return 3
  if (id && method === 'DELETE' && action === undefined) return timeoutMs === undefined ? 1 : 0
  return rest.length === 0 && ['answer', 'reject', 'redirect'].includes(action ?? '') ? 0 : 2
}

type Family = 'calls' | 'presence' | 'other'

/** The kinds of resources that have limits of their own. */
export function familyOf(path: string): Family {
  if (path.startsWith('/communications/calls/') || /^\/communications\/calls(?:\?|$)/.test(path)) return 'calls'
  return /\/(?:presences?|getPresencesByUserId)(?:\/|\?|$)/i.test(path) ? 'presence' : 'other'
}

const first = <T>(queue: Set<T>): T | undefined => queue.values().next().value

function throttled({ operation }: Throttled, waitMs: number): GraphError {
  return new GraphError({ code: 'throttled', operation, retryAfterMs: Math.max(0, Math.ceil(waitMs)) })
}
