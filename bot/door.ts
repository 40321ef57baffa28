import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseNotifications } from '#communications/inbound/notifications.ts'
import type { Proof, Proven } from '#communications/inbound/proof.ts'
import { authorizationOf, Refused, refuse } from './http.ts'
import type { LiveCalls } from './liveCalls.ts'
import type { Log } from './log.ts'

type Deps = {
  callsProof: Pick<Proof, 'verify'>
  liveCalls: Pick<LiveCalls, 'take'>
  log: Pick<Log, 'warn' | 'error'>
}

/** Largest notification, in bytes: the roster of a meeting of 1,000 people, with about 1.2 kB for each. */
const mostBytes = 2 * 1_048_576
/** Of all that is arriving, in bytes. Only Microsoft gets so far, but many large meetings must not fill the memory. */
const mostArrivingBytes = 32 * 1_048_576

/**
 * Where Teams posts what happens to calls: on node:http itself, in front of the server that has the other addresses. Nearly every
 * request of the bot comes through here, and a framework would cost as much as all the rest that is done for one.
 */
export function createDoor({ callsProof, liveCalls, log }: Deps) {
  let closing = false
  const arriving = { bytes: 0 }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (closing) throw new Refused('closing')
    // Before anything of the body is read: a stranger can make us check a token and nothing else.
    const { tenantId } = await prove(request)
    const parsed = notificationsIn(await textOf(request, arriving))
    // Graph sends the old form first; 204 asks for its own (Teams platform page on call notifications).
    if (parsed.kind === 'legacy') return void response.writeHead(204).end()
    response.writeHead(202, noBody).end()
    for (const notification of parsed.notifications) liveCalls.take(notification, tenantId)
  }

  async function prove(request: IncomingMessage): Promise<Proven> {
    try {
      return await callsProof.verify(authorizationOf(request))
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : 'unknown'
      log.warn({ code }, 'A call notification was refused')
      throw new Refused(code === 'keysUnavailable' ? 'noKeys' : 'notProven')
    }
  }

  return {
    /** Whether a request is the door's to answer. */
    isFor: ({ method, url = '' }: IncomingMessage): boolean =>
      method === 'POST' && (url === '/api/calls' || url.startsWith('/api/calls?')),
    answer(request: IncomingMessage, response: ServerResponse): void {
      receive(request, response).catch((error) => {
        if (error instanceof Refused) return refuse(response, error.code)
        if (request.errored) return // whoever sent it has gone
        log.error({ err: error }, 'A notification could not be taken')
        if (!response.headersSent) refuse(response, 'internal')
      })
    },
    /** From now on everybody is sent away: the calls are being ended. */
    close() {
      closing = true
    },
  }
}

const noBody = { 'content-length': '0' }

/** The body, which must be JSON. Throws Refused, and whatever cuts the request off. `arriving` counts what is held for all. */
function textOf(request: IncomingMessage, arriving: { bytes: number }): Promise<string> {
  const { 'content-type': type, 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers
  if (type === undefined && encoding === undefined && length === '0') throw new Refused('notANotification')
  if (type === undefined || !/^application\/json\s*(?:;|$)/i.test(type)) throw new Refused('wrongType')
  if (Number(length) > mostBytes) throw new Refused('tooLarge')
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const refuse = (code: 'tooLarge' | 'busy') => {
      chunks.length = 0
      reject(new Refused(code))
    }
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      arriving.bytes += chunk.length
      if (bytes > mostBytes) refuse('tooLarge')
      else if (arriving.bytes > mostArrivingBytes) refuse('busy')
      else chunks.push(chunk)
    })
    request.on('end', () => resolve((chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)).toString()))
    request.on('error', reject)
    request.on('close', () => {
      arriving.bytes -= bytes
    })
  })
}

function notificationsIn(text: string): ReturnType<typeof parseNotifications> {
  if (text === '') throw new Refused('emptyBody')
  let body: unknown
  try {
    body = JSON.parse(text, poison.test(text) ? refusePoison : undefined)
  } catch {
    throw new Refused('notJson')
  }
  try {
    return parseNotifications(body)
  } catch {
    throw new Refused('notANotification')
  }
}

/** What may stand in a body that reaches for the prototype of whoever copies it, written out or escaped. */
const poison = /__proto__|constructor|\\u00/

function refusePoison(name: string, value: unknown): unknown {
  const isPoison = name === '__proto__' || (name === 'constructor' && Object.hasOwn(Object(value), 'prototype'))
  if (isPoison) throw new SyntaxError('The body changes a prototype.')
  return value
}
