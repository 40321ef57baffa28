import type { LookupFunction } from 'node:net'
import { Agent, buildConnector, type Dispatcher, request } from 'undici'
import { type Clock, realClock, sleep } from '#ground/clock.ts'
import { isLoopbackAddress, isPublicAddress, literalOf, readTarget } from './address.ts'
import { readBody } from './body.ts'
import { OutboundError } from './error.ts'
import { type Address, addressesOf } from './resolve.ts'

export type Outgoing = {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  /** Names in lower case. Those that are about the connection, and cookies, are left out. */
  headers: Readonly<Record<string, string>>
  /** What signs in, over `headers`: it goes to the request's own host and to no other, whatever it is called. */
  secretHeaders: Readonly<Record<string, string>>
  body: string | null
  /** For everything: name, connection, redirects, tries, the last byte. At most 30,000. */
  timeoutMs: number
  /** Further tries after a broken connection or a 502, 503 or 504; only of methods that may be repeated. */
  retries: number
  /** Hosts besides its own that a redirect may lead to. Nothing of `headers` but what the body is goes there. */
  redirectsTo: readonly string[]
}

/** Header names are in lower case. */
type Answer = { status: number; headers: Record<string, string>; body: Buffer }

type Connector = ReturnType<typeof buildConnector>

type Deps = {
  /** Hosts of this machine, with port, that may be spoken to: only while everything runs on it. */
  localServices?: readonly string[]
  /** All addresses of a name. */
  resolve?: (name: string) => Promise<readonly Address[]>
  /** Connects to one of these addresses and no other. */
  connectTo?: (addresses: readonly Address[]) => Connector
  clock?: Clock
}

const longestTimeoutMs = 30_000
const mostRedirects = 5
const mostHeaderBytes = 16_384
/** Before the second try; each further one waits twice as long. */
const firstPauseMs = 250

/** Doing these twice is doing them once (RFC 9110, 9.2.2). */
const mayRepeat: ReadonlySet<Outgoing['method']> = new Set(['GET', 'HEAD', 'PUT', 'DELETE'])
const passing = new Set([502, 503, 504])

/** Of the connection (RFC 9110, 7.6.1) or of a session, and so not an author's to write. */
const isOwnHeader = (name: string): boolean =>
  !/^(host|connection|content-length|transfer-encoding|keep-alive|te|trailer|upgrade|expect|cookie|accept-encoding|proxy-.*)$/i.test(
    name,
  )

/**
 * Sends what users have written to where it may go. Each connection goes to an address that was looked at: a name is resolved once for
 * it, every one of its addresses is judged, and no other is connected to, so that a name that changes its answer changes nothing.
 * No cookies are kept, and no connection is used for two hosts.
 */
export function openRequester({
  localServices = [],
  resolve = addressesOf,
  connectTo = connectorTo,
  clock = realClock,
}: Deps = {}) {
  const guarded =
    (isAllowed: (address: string) => boolean): Connector =>
    (options, callback) => {
      const literal = literalOf(options.hostname)
      const found =
        literal === null
          ? resolve(options.hostname)
          : Promise.resolve([{ address: literal, family: literal.includes(':') ? 6 : 4 }])
      found
        .then((addresses) => {
          const isFine = addresses.length > 0 && addresses.every(({ address }) => isAllowed(address))
          if (!isFine) throw new OutboundError('blocked', 'address')
          connectTo(addresses)(options, callback)
        })
        .catch((error: Error) => callback(error, null))
    }
  const options = {
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: mostHeaderBytes,
    keepAliveTimeout: 4_000,
    connections: 20,
  }
  const agents = {
    outside: new Agent({ ...options, connect: guarded(isPublicAddress) }),
    local: new Agent({ ...options, connect: guarded(isLoopbackAddress) }),
  }
  const road: Road = {
    clock,
    localServices,
    agentFor: (isLocal) => (isLocal ? agents.local : agents.outside),
  }
  return {
    /** @throws OutboundError */
    send: (outgoing: Outgoing, signal?: AbortSignal) => sendInTime(road, outgoing, signal),
    close: async () => {
      await Promise.all([agents.outside.destroy(), agents.local.destroy()])
    },
  }
}

type Road = { clock: Clock; localServices: readonly string[]; agentFor(isLocal: boolean): Dispatcher }

/** The name stays that of the certificate; Node asks for its address here, and tries one after the other (happy eyeballs). */
function connectorTo(addresses: readonly Address[]): Connector {
  const lookup: LookupFunction = (_name, { all }, callback) => {
    const [first] = addresses
    if (all) callback(null, [...addresses])
    else callback(null, first?.address ?? '', first?.family)
  }
  return buildConnector({ lookup, timeout: longestTimeoutMs } as buildConnector.BuildOptions)
}

async function sendInTime(road: Road, outgoing: Outgoing, signal: AbortSignal | undefined): Promise<Answer> {
  if (signal?.aborted) throw new OutboundError('aborted', 'before')
  const stop = new AbortController()
  let isLate = false
  const cancel = road.clock.after(Math.min(outgoing.timeoutMs, longestTimeoutMs), () => {
    isLate = true
    stop.abort()
  })
  const onAbort = () => stop.abort()
  signal?.addEventListener('abort', onAbort)
  try {
    return await sendTrying(road, outgoing, stop.signal)
  } catch (error) {
    if (isLate) throw new OutboundError('timeout', 'time', { cause: error })
    if (stop.signal.aborted) throw new OutboundError('aborted', 'under way', { cause: error })
    throw error instanceof OutboundError ? error : new OutboundError('network', reasonOf(error), { cause: error })
  } finally {
    cancel()
    signal?.removeEventListener('abort', onAbort)
  }
}

async function sendTrying(road: Road, outgoing: Outgoing, stop: AbortSignal): Promise<Answer> {
  let left = mayRepeat.has(outgoing.method) ? outgoing.retries : 0
  for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
    try {
      const answer = await follow(road, outgoing, stop)
      if (left === 0 || !passing.has(answer.status)) return answer
    } catch (error) {
      if (left === 0 || error instanceof OutboundError || stop.aborted) throw error
    }
    left -= 1
    await sleep(road.clock, pauseMs, stop)
  }
}

/** One request and where it is sent on to. */
async function follow(road: Road, outgoing: Outgoing, stop: AbortSignal): Promise<Answer> {
  let { method, body } = outgoing
  let headers = ownHeaders(outgoing.headers)
  let secretHeaders = ownHeaders(outgoing.secretHeaders)
  let target = readTarget(outgoing.url, road.localServices)
  const home = target.url
  for (let hops = 0; ; hops += 1) {
    const { url, isLocal } = target
    const dispatcher = road.agentFor(isLocal)
    const sent = {
      method,
      headers: { ...headers, ...secretHeaders, 'accept-encoding': 'gzip, deflate, br' },
      body,
      dispatcher,
      signal: stop,
    }
    const response = await request(url, sent)
    const told = plainHeaders(response.headers)
    const { statusCode: status } = response
    const to = isRedirect(status) ? told.location : undefined
    if (to === undefined) {
      return { status, headers: told, body: await readBody(response.body, told['content-encoding'] ?? '') }
    }
    await response.body.dump({ limit: 65_536 }).catch(() => {})
    if (hops === mostRedirects) throw new OutboundError('blocked', 'redirects')
    target = onward(road, url, to)
    const isHome =
      target.url.host === home.host && (target.url.protocol === home.protocol || target.url.protocol === 'https:')
    if (!isHome && !outgoing.redirectsTo.includes(target.url.host)) throw new OutboundError('blocked', 'otherHost')
    if (!isHome && target.url.protocol !== home.protocol && target.url.protocol !== 'https:')
      throw new OutboundError('blocked', 'scheme')
    if (!isHome) [headers, secretHeaders] = [pick(headers, ['accept', 'content-type']), {}]
    if (status < 307 && method !== 'GET' && method !== 'HEAD') {
      ;[method, body] = ['GET', null]
      headers = without(headers, 'content-type')
    }
  }
}

function onward({ localServices }: Road, from: URL, to: string): ReturnType<typeof readTarget> {
  if (!URL.canParse(to, from)) throw new OutboundError('network', 'redirectUnreadable')
  return readTarget(new URL(to, from).href, localServices)
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)

const ownHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => isOwnHeader(name)))

const pick = (headers: Record<string, string>, names: readonly string[]) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name.toLowerCase())))

const without = (headers: Record<string, string>, left: string) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== left))

/** One text for each header; what would keep a session is not told. */
function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const plain: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && name !== 'set-cookie') plain[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return plain
}

/** A failed attempt at several addresses of one name is an AggregateError whose parts carry the code. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0])
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
