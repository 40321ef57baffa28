import { randomUUID } from 'node:crypto'
import { type Clock, realClock, sleep } from '#ground/clock.ts'
import type { Settings } from '../settings.ts'
import type { Call } from '../world/call.ts'
import { legacyIncomingCall } from '../world/notifications.ts'
import type { Activity } from './activity.ts'
import { localAddress } from './addresses.ts'
import type { Faults, NotificationFacts } from './faults.ts'
import { createKeySet, type KeySet } from './keys.ts'
import { Refusal } from './refusal.ts'
import type { Traffic } from './traffic.ts'

/** The life of a real notification token, as a public report has it (bot-docs 2242). */
const tokenLifeSeconds = 300
/** A token is used again until this long before its end. */
const tokenRestSeconds = 60
const retryAfterMs = 1000
/** A notification that is to come after the next one waits no longer for it. */
const heldAtMostMs = 1000

/** Claim `appid` of the service that sends notifications, as seen in the same report. */
const callingServiceAppId = '26a18ebc-cdf7-4a6a-91cb-beb352805e81'

/** Carries a notification to the bot. Sockets unless the emulator is given another one. Rejects when there is no answer. */
export type Post = (
  url: string,
  request: { headers: Record<string, string>; body: string; signal: AbortSignal },
) => Promise<{ status: number; location?: string | null /** The body of the answer. */; text?: string }>

export type Delivery = {
  /**
   * Sends a notification about a call behind those that the call already has waiting. Resolves to the bot's status, null for none.
   * `onAnswer` is given the body of the answer once the bot took it; of one notification only that matters (policyRecording.ts).
   */
  post(call: Call, url: string, body: unknown, onAnswer?: (text: string) => void): Promise<number | null>
  /** Makes new tokens from now on. */
  forgetTokens(): void
}

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

/** How a token is not right: a key that is not published, or one of the claims or the signature. */
type Flaw = 'key' | 'signature' | 'expired' | 'audience' | 'issuer'

/** One notification on its way. */
type Parcel = {
  call: Call
  url: string
  body: unknown
  fault: ReturnType<Faults['onNotification']>
  messageId: string
  onAnswer: ((text: string) => void) | undefined
}

export function createDelivery({ settings, clock, keys, traffic, faults, activity, post }: Deps): Delivery {
  const tokens = new Map<string, { token: Promise<string>; renewAt: number }>()
  const strangerKeys = createKeySet()
  const carry = post ?? postBySocket
  /** What a socket does cannot be hurried. */
  const patience = post ? clock : realClock

  /** Signing is the dearest thing the emulator does: one token serves all calls of an app for some minutes. */
  function tokenFor(appId: string, tenantId: string, flaw: Flaw | null): Promise<string> {
    const now = Math.floor(clock.now() / 1000)
    const key = `${appId} ${tenantId} ${flaw ?? ''}`
    const known = tokens.get(key)
    if (known && known.renewAt > now) return known.token
    const made = flaw === 'expired' ? now - 2 * tokenLifeSeconds : now
    const claims = {
      iss: flaw === 'issuer' ? 'https://issuer.invalid' : settings.issuer,
      aud: flaw === 'audience' ? randomUUID() : appId,
      appid: callingServiceAppId,
      tid: tenantId,
      iat: made,
      nbf: made,
      exp: made + tokenLifeSeconds,
    }
    const signed = (flaw === 'key' ? strangerKeys : keys).sign(claims, { cty: 'JWT' })
    const token = flaw === 'signature' ? signed.then(withBrokenSignature) : signed
    tokens.set(key, { token, renewAt: now + tokenLifeSeconds - tokenRestSeconds })
    return token
  }

  /** Posts one notification, and once more where the bot says that it moved. Gives the bot's status, or why there is none. */
  async function send(
    { call, url, body, messageId }: Parcel,
    flaw: Flaw | null,
  ): Promise<{ status: number | null; error: string | null; text: string }> {
    const isOver = activity.begin()
    const stop = new AbortController()
    const cancel = patience.after(settings.notificationTimeoutMs, () =>
      stop.abort(new Error('The bot did not answer in time.')),
    )
    const onForgotten = () => stop.abort(call.forgotten.signal.reason)
    call.forgotten.signal.addEventListener('abort', onForgotten)
    try {
      // The names are those of captured callbacks (contract: auth.json); the ids are random.
      const headers = {
        authorization: `Bearer ${await tokenFor(call.appId, call.tenantId, flaw)}`,
        'content-type': 'application/json; charset=utf-8',
        accept: 'application/json',
        'user-agent': 'Microsoft-Skype/3.0,(Calling/1.0)',
        'x-microsoft-skype-chain-id': call.chainId,
        'x-microsoft-skype-message-id': randomUUID(),
        'x-microsoft-skype-original-message-id': messageId,
        'scenario-id': call.chainId,
      }
      const request = { headers, body: JSON.stringify(body), signal: stop.signal }
      const carryTo = (there: string) =>
        orAborted(carry(localAddress(settings.addresses, there).href, request), stop.signal)
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
      call.forgotten.signal.removeEventListener('abort', onForgotten)
      isOver()
    }
  }

  /** Sends a notification until the bot takes it, or as often as the settings say. */
  async function deliver(parcel: Parcel): Promise<number | null> {
    const { call, url, body, fault } = parcel
    const { signal } = call.forgotten
    for (let attempt = 1; ; attempt += 1) {
      if (signal.aborted) return null
      const started = clock.now()
      // A flaw is that of the first attempt: what is sent again is right.
      const { status, error, text } = await send(parcel, attempt === 1 ? flawOf(fault) : null)
      if (fault?.slow !== undefined) await sleep(clock, fault.slow, signal)
      if (signal.aborted) return null
      const ms = clock.now() - started
      traffic.add({ kind: 'notification', url, callId: call.id, attempt, body, status, ms, error })
      if (status !== null && status < 300) {
        parcel.onAnswer?.(text)
        return status
      }
      if (attempt > settings.retries) {
        const message = `The bot did not take a notification: ${error ?? `it answered ${status}`}`
        call.transcript.add({ kind: 'failed', what: 'notification', message })
        return status
      }
      await sleep(clock, retryAfterMs, signal)
    }
  }

  /** Behind all else that the call has to send. */
  function enqueue<T>(call: Call, act: () => Promise<T>): Promise<T> {
    const done = call.outbox.then(act)
    call.outbox = done.then(() => undefined)
    return done
  }

  const held = new WeakMap<Call, (() => void)[]>()

  /** Resolves when the next notification of the call was put in line, or after a while. */
  function nextOne(call: Call): Promise<void> {
    return new Promise((resolve) => {
      const release = () => {
        cancel()
        resolve()
      }
      const cancel = clock.after(heldAtMostMs, release)
      const others = held.get(call)
      if (others) others.push(release)
      else held.set(call, [release])
    })
  }

  function releaseHeld(call: Call) {
    const waiting = held.get(call)
    held.delete(call)
    for (const release of waiting ?? []) release()
  }

  /** As `deliver`, with what shall go wrong on the way. */
  async function deliverWith(parcel: Parcel): Promise<number | null> {
    const { call, fault } = parcel
    if (fault?.delayMs !== undefined) await sleep(clock, fault.delayMs, call.forgotten.signal)
    if (!fault?.legacy) return deliver(parcel)
    const status = await deliver({ ...parcel, body: legacyIncomingCall(call) })
    return status === 204 ? deliver(parcel) : status
  }

  async function sendCopies(parcel: Parcel): Promise<void> {
    const { call, fault } = parcel
    for (let copy = 0; copy < (fault?.duplicate ?? 0); copy += 1) {
      await sleep(clock, fault?.gapMs ?? 0, call.forgotten.signal)
      await enqueue(call, () => deliver(parcel))
    }
  }

  return {
    post(call, url, body, onAnswer) {
      const facts = factsOf(body)
      const fault = faults.onNotification(call, facts)
      const parcel = { call, url, body, fault, messageId: randomUUID(), onAnswer }
      if (fault?.lose) {
        const error = 'The emulator was told to lose it.'
        traffic.add({ kind: 'notification', url, callId: call.id, attempt: 0, body, status: null, ms: 0, error })
        return Promise.resolve(null)
      }
      if (fault?.reorder) return nextOne(call).then(() => enqueue(call, () => deliverWith(parcel)))
      const delivered = enqueue(call, () => deliverWith(parcel))
      if (fault?.duplicate) void delivered.then(() => sendCopies(parcel))
      releaseHeld(call)
      return delivered
    },
    forgetTokens: () => tokens.clear(),
  }
}

async function postBySocket(url: string, request: Parameters<Post>[1]): ReturnType<Post> {
  const response = await fetch(url, { method: 'POST', redirect: 'manual', ...request })
  const text = await response.text()
  return { status: response.status, location: response.headers.get('location'), text }
}

function flawOf(fault: Parcel['fault']): Flaw | null {
  if (fault?.wrongKey) return 'key'
  return fault?.badToken === true ? 'signature' : (fault?.badToken ?? null)
}

/** Another letter in the midst of the signature; the last one may hold bits that do not count. */
function withBrokenSignature(token: string): string {
  const place = token.length - 20
  return token.slice(0, place) + (token[place] === 'A' ? 'B' : 'A') + token.slice(place + 1)
}

/** What a rule can ask of a notification. The old Skype form has none of it and counts as `created call`. */
export function factsOf(body: unknown): NotificationFacts {
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
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/** fetch hides why it failed in `cause`; a Refusal says where nothing may be sent to. */
function describe(error: unknown): string {
  if (error instanceof Refusal || !(error instanceof Error))
    return error instanceof Error ? error.message : String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
