import { randomUUID } from 'node:crypto'
import { type Clock, sleep } from '#communications/clock.ts'
import { localAddress } from './addresses.ts'
import type { Call } from './call.ts'
import type { KeySet } from './keys.ts'
import type { Settings } from './settings.ts'
import type { Traffic } from './traffic.ts'

/** The life of a real notification token, as a public report has it (bot-docs 2242). */
const tokenLifeSeconds = 300
/** A token is used again until this long before its end. */
const tokenRestSeconds = 60
const retryAfterMs = 1000

/** Claim `appid` of the service that sends notifications, as seen in the same report. */
const callingServiceAppId = '26a18ebc-cdf7-4a6a-91cb-beb352805e81'

export type Delivery = {
  /** Sends a notification about a call behind those that the call already has waiting. Resolves to the bot's status, null for none. */
  post(call: Call, url: string, body: unknown): Promise<number | null>
  /** Makes new tokens from now on. */
  forgetTokens(): void
}

type Deps = { settings: Settings; clock: Clock; keys: KeySet; traffic: Traffic }

export function createDelivery({ settings, clock, keys, traffic }: Deps): Delivery {
  const tokens = new Map<string, { token: Promise<string>; renewAt: number }>()

  /** Signing is the dearest thing the emulator does: one token serves all calls of an app for some minutes. */
  function tokenFor(appId: string, tenantId: string): Promise<string> {
    const now = Math.floor(clock.now() / 1000)
    const key = `${appId} ${tenantId}`
    const known = tokens.get(key)
    if (known && known.renewAt > now) return known.token
    const token = keys.sign(
      {
        iss: settings.issuer,
        aud: appId,
        appid: callingServiceAppId,
        tid: tenantId,
        iat: now,
        nbf: now,
        exp: now + tokenLifeSeconds,
      },
      { cty: 'JWT' },
    )
    tokens.set(key, { token, renewAt: now + tokenLifeSeconds - tokenRestSeconds })
    return token
  }

  /** Posts one notification. Gives the bot's status, or why there is none. */
  async function send(
    call: Call,
    url: string,
    body: unknown,
  ): Promise<{ status: number | null; error: string | null }> {
    const messageId = randomUUID()
    try {
      const response = await fetch(localAddress(settings.addresses, url), {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.any([call.forgotten.signal, AbortSignal.timeout(settings.notificationTimeoutMs)]),
        // The names are those of captured callbacks (contract: auth.json); the ids are random.
        headers: {
          authorization: `Bearer ${await tokenFor(call.appId, call.tenantId)}`,
          'content-type': 'application/json; charset=utf-8',
          accept: 'application/json',
          'user-agent': 'Microsoft-Skype/3.0,(Calling/1.0)',
          'x-microsoft-skype-chain-id': call.chainId,
          'x-microsoft-skype-message-id': messageId,
          'x-microsoft-skype-original-message-id': messageId,
          'scenario-id': call.chainId,
        },
        body: JSON.stringify(body),
      })
      await response.arrayBuffer()
      return { status: response.status, error: null }
    } catch (error) {
      return { status: null, error: describe(error) }
    }
  }

  /** Sends a notification until the bot takes it, or as often as the settings say. */
  async function deliver(call: Call, url: string, body: unknown): Promise<number | null> {
    for (let attempt = 1; ; attempt += 1) {
      const started = clock.now()
      const { status, error } = await send(call, url, body)
      if (call.forgotten.signal.aborted) return null
      const ms = clock.now() - started
      traffic.add({ kind: 'notification', url, callId: call.id, attempt, body, status, ms, error })
      if (status !== null && status < 300) return status
      if (attempt > settings.retries) {
        const message = `The bot did not take a notification: ${error ?? `it answered ${status}`}`
        call.transcript.add({ kind: 'failed', what: 'notification', message })
        return status
      }
      await sleep(clock, retryAfterMs, call.forgotten.signal)
    }
  }

  return {
    post(call, url, body) {
      const delivered = call.outbox.then(() => deliver(call, url, body))
      call.outbox = delivered.then(() => undefined)
      return delivered
    },
    forgetTokens: () => tokens.clear(),
  }
}

/** fetch hides why it failed in `cause`. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
