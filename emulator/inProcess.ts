import type { FastifyInstance } from 'fastify'
import { firstValues, RoundTripError, type Transport } from '#communications/road/http.ts'
import { type Clock, realClock } from '#ground/clock.ts'
import type { Post } from './wire/delivery.ts'

/** Bot and emulator in one process without sockets: fast, and with a virtual clock the same run each time. */

/**
 * Leads a client's requests to this server, whatever host their addresses name: logins, Graph and keys of one emulator. Timeouts go
 * by `clock`. Throws RoundTripError as the transport over sockets does.
 */
export function transportTo(server: FastifyInstance, clock: Clock = realClock): Transport {
  return (url, { method, headers = {}, body, timeoutMs, maxBytes, signal, stream }) => {
    if (signal?.aborted) return Promise.reject(new RoundTripError('aborted', true, signal.reason))
    const { host, pathname, search } = new URL(url)
    return new Promise((resolve, reject) => {
      const settle = () => {
        cancel()
        signal?.removeEventListener('abort', onAbort)
      }
      const fail = (error: RoundTripError) => {
        settle()
        reject(error)
      }
      const onAbort = () => fail(new RoundTripError('aborted', false, signal?.reason))
      const cancel = clock.after(timeoutMs, () => fail(new RoundTripError('timeout', false)))
      signal?.addEventListener('abort', onAbort, { once: true })

      const payload = body === undefined ? {} : { payload: typeof body === 'string' ? body : Buffer.from(body) }
      server.inject({ method, url: pathname + search, headers: { ...headers, host }, ...payload }).then(
        ({ statusCode, headers: answered, rawPayload }) => {
          if (rawPayload.length > maxBytes) return fail(new RoundTripError('answerTooLarge', false))
          settle()
          const head = { status: statusCode, headers: firstValues(answered) }
          if (stream && statusCode < 300) resolve({ ...head, text: '', bytes: once(rawPayload) })
          else resolve({ ...head, text: rawPayload.toString('utf8') })
        },
        (error) => fail(new RoundTripError('unreachable', false, error)),
      )
    })
  }
}

async function* once(bytes: Uint8Array) {
  yield bytes
}

/** Carries notifications to a bot's own server. Their timeout is the emulator's. */
export function postTo(bot: FastifyInstance): Post {
  return async (url, { headers, body }) => {
    const { host, pathname, search } = new URL(url)
    const request = { url: pathname + search, headers: { ...headers, host }, payload: body }
    const answer = await bot.inject({ method: 'POST', ...request })
    return { status: answer.statusCode, location: firstValues(answer.headers).location ?? null, text: answer.payload }
  }
}
