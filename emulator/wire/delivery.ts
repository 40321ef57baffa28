import { randomUUID } from 'node:crypto'
import { type Clock, realClock, sleep } from '#ground/clock.ts'
import type { Settings } from '../settings.ts'
import type { Activity } from './activity.ts'
import { localAddress } from './addresses.ts'
import type { Faults, NotificationFacts } from './faults.ts'
import type { KeySet } from './keys.ts'
import { createNotificationTokens, type Flaw, type NotificationTokens } from './notificationTokens.ts'
import type { Traffic } from './traffic.ts'

const retryAfterMs = 1000
/** A notification that is to come after the next one waits no longer for it. */
const heldAtMostMs = 1000

/** Carries a notification to the bot. Sockets unless the emulator is given another one. Rejects when there is no answer. */
export type Post = (
  url: string,
  request: { headers: Record<string, string>; body: string; signal: AbortSignal },
) => Promise<{ status: number; location?: string | null /** The body of the answer. */; text?: string }>

/** What notifications are about, as far as delivery has to know it: a call. */
export type Addressee = {
  readonly id: string
  readonly chainId: string
  readonly appId: string
  readonly tenantId: string
  /** Aborted when nothing more is to be said about it. */
  readonly forgotten: AbortController
  readonly outbox: Outbox
  /** Where it is written down that a notification could not be delivered. */
  readonly transcript: { add(happening: { kind: 'failed'; what: 'notification'; message: string }): void }
}

/** The notifications of one call that are on their way. */
export type Outbox = {
  /** Settles when the one that was put in line last is delivered. */
  last: Promise<void>
  /** Aborted, they let those go that wait for the next one to be put in line. */
  held: AbortController[]
}

export const newOutbox = (): Outbox => ({ last: Promise.resolve(), held: [] })

type Handling = {
  /** Given the body of the answer once the bot took it; of one notification only that matters (policyRecording.ts). */
  onAnswer?: ((text: string) => void) | undefined
  /** The old Skype form of it, for a fault that asks for it. */
  oldForm?: (() => unknown) | undefined
}

export type Delivery = ReturnType<typeof createDelivery>

type Deps = {
  settings: Settings
  clock: Clock
  keys: KeySet
  traffic: Traffic
  faults: Faults
  activity: Activity
  /** In place of sockets; then its timeouts go by `clock`. */
  post?: Post | undefined
}

type Road = Deps & { tokens: NotificationTokens }

/** One notification on its way. */
type Parcel = Handling & {
  about: Addressee
  url: string
  body: unknown
  fault: ReturnType<Faults['onNotification']>
  messageId: string
}

export function createDelivery(deps: Deps) {
  const { clock, traffic, faults } = deps
  const tokens = createNotificationTokens(deps)
  const road: Road = { ...deps, tokens }
  return {
    /** Sends a notification behind those that the call already has waiting. Resolves to the bot's status, null for none. */
    post(about: Addressee, url: string, body: unknown, how?: Handling): Promise<number | null> {
      const fault = faults.onNotification(about, factsOf(body))
      const parcel = { ...how, about, url, body, fault, messageId: randomUUID() }
      if (fault?.lose) {
        const error = 'The emulator was told to lose it.'
        traffic.add({ kind: 'notification', url, callId: about.id, attempt: 0, body, status: null, ms: 0, error })
        return Promise.resolve(null)
      }
      if (fault?.reorder) {
        return nextOne(about.outbox, clock).then(() => putInLine(about.outbox, () => deliverWith(road, parcel)))
      }
      const delivered = putInLine(about.outbox, () => deliverWith(road, parcel))
      if (fault?.duplicate) void delivered.then(() => sendCopies(road, parcel))
      for (const next of about.outbox.held.splice(0)) next.abort()
      return delivered
    },
    /** Makes new tokens from now on. */
    forgetTokens: tokens.forget,
  }
}

/** Behind all else that the call has to send. */
function putInLine<T>(outbox: Outbox, act: () => Promise<T>): Promise<T> {
  const done = outbox.last.then(act)
  outbox.last = done.then(() => undefined)
  return done
}

/** Resolves when the next notification of the call was put in line, or after a while. */
function nextOne(outbox: Outbox, clock: Clock): Promise<void> {
  const next = new AbortController()
  outbox.held.push(next)
  return sleep(clock, heldAtMostMs, next.signal)
}

/** As `deliver`, with what shall go wrong on the way. */
async function deliverWith(road: Road, parcel: Parcel): Promise<number | null> {
  const { about, fault, body, oldForm } = parcel
  if (fault?.delayMs !== undefined) await sleep(road.clock, fault.delayMs, about.forgotten.signal)
  if (!fault?.legacy) return deliver(road, parcel)
  const status = await deliver(road, { ...parcel, body: oldForm ? oldForm() : body })
  return status === 204 ? deliver(road, parcel) : status
}

async function sendCopies(road: Road, parcel: Parcel): Promise<void> {
  const { about, fault } = parcel
  for (let copy = 0; copy < (fault?.duplicate ?? 0); copy += 1) {
    await sleep(road.clock, fault?.gapMs ?? 0, about.forgotten.signal)
    await putInLine(about.outbox, () => deliver(road, parcel))
  }
}

/** Sends a notification until the bot takes it, or as often as the settings say. */
async function deliver(road: Road, parcel: Parcel): Promise<number | null> {
  const { settings, clock, traffic } = road
  const { about, url, body, fault } = parcel
  const { signal } = about.forgotten
  for (let attempt = 1; ; attempt += 1) {
    if (signal.aborted) return null
    const started = clock.now()
    // A flaw is that of the first attempt: what is sent again is right.
    const { status, error, text } = await send(road, parcel, attempt === 1 ? flawOf(fault) : null)
    if (fault?.slow !== undefined) await sleep(clock, fault.slow, signal)
    if (signal.aborted) return null
    const ms = clock.now() - started
    traffic.add({ kind: 'notification', url, callId: about.id, attempt, body, status, ms, error })
    if (status !== null && status < 300) {
      parcel.onAnswer?.(text)
      return status
    }
    if (attempt > settings.retries) {
      const message = `The bot did not take a notification: ${error ?? `it answered ${status}`}`
      about.transcript.add({ kind: 'failed', what: 'notification', message })
      return status
    }
    await sleep(clock, retryAfterMs, signal)
  }
}

/** Posts one notification, and once more where the bot says that it moved. Gives the bot's status, or why there is none. */
async function send(
  { settings, clock, activity, tokens, post }: Road,
  { about, url, body, messageId }: Parcel,
  flaw: Flaw | null,
): Promise<{ status: number | null; error: string | null; text: string }> {
  const isOver = activity.begin()
  const stop = new AbortController()
  // What a socket does cannot be hurried.
  const cancel = (post ? clock : realClock).after(settings.notificationTimeoutMs, () =>
    stop.abort(new Error('The bot did not answer in time.')),
  )
  const forgotten = about.forgotten.signal
  const onForgotten = () => stop.abort(forgotten.reason)
  forgotten.addEventListener('abort', onForgotten)
  try {
    const headers = headersOf(about, await tokens.tokenFor(about, flaw), messageId)
    const request = { headers, body: JSON.stringify(body), signal: stop.signal }
    const carryTo = (there: string) =>
      orAborted((post ?? postBySocket)(localAddress(settings.addresses, there).href, request), stop.signal)
    const { status, location, text = '' } = await carryTo(url)
    // Documented for incoming calls only: another deployment has this call (call-notifications page).
    if (status === 302 && location && factsOf(body).change === 'created') {
      return { status: (await carryTo(new URL(location, url).href)).status, error: null, text: '' }
    }
    return { status, error: null, text }
  } catch (error) {
    return { status: null, error: describe(error), text: '' }
  } finally {
    cancel()
    forgotten.removeEventListener('abort', onForgotten)
    isOver()
  }
}

/** The names are those of captured callbacks (contract: auth.json); the ids are random. */
const headersOf = ({ chainId }: Addressee, token: string, messageId: string) => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/json; charset=utf-8',
  accept: 'application/json',
  'user-agent': 'Microsoft-Skype/3.0,(Calling/1.0)',
  'x-microsoft-skype-chain-id': chainId,
  'x-microsoft-skype-message-id': randomUUID(),
  'x-microsoft-skype-original-message-id': messageId,
  'scenario-id': chainId,
})

async function postBySocket(url: string, request: Parameters<Post>[1]): ReturnType<Post> {
  const response = await fetch(url, { method: 'POST', redirect: 'manual', ...request })
  const text = await response.text()
  return { status: response.status, location: response.headers.get('location'), text }
}

function flawOf(fault: Parcel['fault']): Flaw | null {
  if (fault?.wrongKey) return 'key'
  return fault?.badToken === true ? 'signature' : (fault?.badToken ?? null)
}

/** What a rule can ask of a notification. The old Skype form has none of it and counts as `created call`. */
function factsOf(body: unknown): NotificationFacts {
  const [one] = (body as CommsBody).value ?? [] // what the emulator made; notifications.test.ts checks it against the contract
  const below = one?.resourceUrl?.split('/')[4] ?? 'call'
  const data = one?.resourceData
  return {
    change: one?.changeType ?? 'created',
    resource: below === 'operations' ? 'operation' : below,
    state: data?.state ?? null,
    status: data?.status ?? null,
  }
}
type CommsBody = {
  value?: { changeType?: string; resourceUrl?: string; resourceData?: { state?: string; status?: string } }[]
}

/** A webhook in this process may never answer, and does not see the signal. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    promise.then(resolve, reject)
  })
}

/** fetch hides why it failed in `cause`. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
