import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseNotifications } from '#communications/inbound/notifications.ts'
import { type Proof, ProofError } from '#communications/inbound/proof.ts'
import { type Soon, whenThere } from '#ground/soon.ts'
import { authorizationOf, type RefusalCode, Refused, refuse } from './http.ts'
import type { LiveCalls } from './liveCalls.ts'
import type { Log } from './log.ts'
import { tallied } from './tally.ts'

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
 * request of the bot comes through here, and a framework would cost as much as all the rest that is done for one. Nor is there a
 * promise on the way: a token that was checked before is good at once.
 */
export function createDoor({ callsProof, liveCalls, log }: Deps) {
  let closing = false
  const noteRefusal = tallied(log, 'Call notifications were refused')
  const arriving = { bytes: 0 }

  function take(text: string, tenantId: string, response: ServerResponse): void {
    const parsed = notificationsIn(text)
    // Graph sends the old form first; 204 asks for its own (Teams platform page on call notifications).
    if (parsed.kind === 'legacy') return void response.writeHead(204).end()
    response.writeHead(202, noBody).end()
    for (const notification of parsed.notifications) liveCalls.take(notification, tenantId)
  }

  function codeOf(error: unknown): RefusalCode {
    if (error instanceof Refused) return error.code
    if (error instanceof ProofError) {
      noteRefusal(error.code)
      return error.code === 'keysUnavailable' ? 'noKeys' : 'notProven'
    }
    log.error({ err: error }, 'A notification could not be taken')
    return 'internal'
  }

  return {
    /** Whether a request is the door's to answer. */
    isFor: ({ method, url = '' }: IncomingMessage): boolean =>
      method === 'POST' && (url === '/api/calls' || url.startsWith('/api/calls?')),
    answer(request: IncomingMessage, response: ServerResponse): void {
      const failed = (error: unknown) => {
        const code = codeOf(error)
        if (!response.headersSent) refuse(response, code)
      }
      attempt(() => {
        if (closing) throw new Refused('closing')
        // Before anything of the body is read: a stranger can make us check a token and nothing else.
        return whenThere(callsProof.verify(authorizationOf(request)), ({ tenantId }) =>
          collect(request, arriving, (text) => take(text, tenantId, response), failed),
        )
      }, failed)
    },
    /** From now on everybody is sent away: the calls are being ended. */
    close() {
      closing = true
    },
  }
}

/** Does it, now or soon. What it throws or rejects with goes to `failed`. */
function attempt(act: () => Soon<void>, failed: (error: unknown) => void): void {
  try {
    const done = act()
    if (done instanceof Promise) done.catch(failed)
  } catch (error) {
    failed(error)
  }
}

const noBody = { 'content-length': '0' }

/**
 * Hands over the body, which must be JSON, when all of it is there; never when whoever sent it has gone before. Throws Refused.
 * `arriving` counts what is held for all.
 */
function collect(
  request: IncomingMessage,
  arriving: { bytes: number },
  arrived: (text: string) => void,
  failed: (error: unknown) => void,
): void {
  const { 'content-type': type, 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers
  if (type === undefined && encoding === undefined && length === '0') throw new Refused('notANotification')
  if (type === undefined || !/^application\/json\s*(?:;|$)/i.test(type)) throw new Refused('wrongType')
  if (Number(length) > mostBytes) throw new Refused('tooLarge')
  let chunks: Buffer[] | null = []
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    arriving.bytes += chunk.length
    const tooMuch = bytes > mostBytes ? 'tooLarge' : arriving.bytes > mostArrivingBytes ? 'busy' : null
    if (tooMuch === null) return void chunks?.push(chunk)
    if (chunks) failed(new Refused(tooMuch))
    chunks = null
  })
  // After the end, and after an end that came too early: so this one listener does for all.
  request.on('close', () => {
    arriving.bytes -= bytes
    const all = chunks
    if (all && request.readableEnded) attempt(() => arrived(textOf(all)), failed)
  })
}

function textOf(chunks: readonly Buffer[]): string {
  const [first] = chunks
  return (first && chunks.length === 1 ? first : Buffer.concat(chunks)).toString()
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
