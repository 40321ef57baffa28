import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Clock, sleep } from '#ground/clock.ts'
import type { Activity } from './activity.ts'
import type { Faults } from './faults.ts'
import { Refusal } from './refusal.ts'
import { requestRecord } from './requestRecords.ts'
import type { Traffic } from './traffic.ts'

type Deps = {
  faults: Faults
  clock: Clock
  traffic: Traffic
  activity: Activity
  /** The call of that id. */
  find: (id: string) => { readonly id: string } | undefined
}

/** Does what the control API asked to go wrong with requests, and tells `activity` which ones are being answered. */
export function letRequestsFail(server: FastifyInstance, { faults, clock, traffic, activity, find }: Deps): void {
  const underWay = new WeakMap<FastifyRequest, () => void>()
  /** Requests that will be done, and whose answer will be kept back. */
  const withoutAnswer = new WeakMap<FastifyRequest, 'hang' | 'cut'>()

  // The control API itself does not count: it is who moves the clock.
  server.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/emulator')) return
    const isOver = activity.begin()
    underWay.set(request, isOver)
    reply.raw.once('close', isOver)
  })

  server.addHook('preHandler', async (request, reply) => {
    const { operation } = request.routeOptions.config
    if (!operation) return
    const fault = faults.onRequest(operation, callOf(request, find))
    if (!fault) return
    if (fault.delayMs !== undefined) {
      underWay.get(request)?.()
      await sleep(clock, fault.delayMs, never)
      const isOver = activity.begin()
      underWay.set(request, isOver)
      reply.raw.once('close', isOver)
    }
    if (fault.status !== undefined) {
      const code = fault.code ?? (fault.status === 429 ? 'TooManyRequests' : String(fault.status))
      throw new Refusal(fault.status, code, 'The emulator was told to answer so.', {
        retryAfterSeconds: fault.retryAfterSeconds,
      })
    }
    if (fault.hangAfter || fault.cutAfter) withoutAnswer.set(request, fault.cutAfter ? 'cut' : 'hang')
    if (!fault.hang && !fault.cut) return
    traffic.add({ ...requestRecord(request, operation), status: null, response: null })
    reply.hijack()
    underWay.get(request)?.()
    if (fault.cut) reply.raw.destroy()
  })

  server.addHook('onSend', async (request, reply, payload) => {
    const how = withoutAnswer.get(request)
    const { operation } = request.routeOptions.config
    if (!how || !operation) return payload
    traffic.add({ ...requestRecord(request, operation, payload), status: null, response: null })
    underWay.get(request)?.()
    if (how === 'cut') reply.raw.destroy()
    // Fastify sends nothing before this settles.
    return new Promise(() => {})
  })
}

const never = new AbortController().signal

function callOf({ params }: FastifyRequest, find: Deps['find']) {
  const id = typeof params === 'object' && params !== null && 'id' in params ? params.id : null
  return typeof id === 'string' ? (find(id) ?? null) : null
}
