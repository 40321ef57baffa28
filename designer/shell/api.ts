import type { Flow } from '#flow/flow.ts'
import { ApiError } from './error.ts'
import type {
  CallItem,
  ErrorBody,
  FlowListItem,
  Health,
  Me,
  OpenedCall,
  OpenedFlow,
  Saved,
  VersionItem,
} from './wire.ts'

export { ApiError } from './error.ts'
export type * from './wire.ts'

/** Where server-sent events and audio come from; the browser opens these itself. */
export const addresses = {
  calls: '/api/calls/events',
  /** The events of a phone call behind entry number `after`. */
  phone: (callId: string, after = 0) => `/api/phone/calls/${encodeURIComponent(callId)}/events?after=${after}`,
  media: (callId: string, media: number) => `/api/phone/calls/${encodeURIComponent(callId)}/media/${media}`,
}

/** The web API in words, one function a route. Every one rejects with ApiError, and takes a signal to be called off. */
export const api = {
  me: (signal?: AbortSignal) => read<Me>('/api/me', signal),
  /** Also answers, with `ok` false, when something is not well. */
  health: async (signal?: AbortSignal): Promise<Health> => {
    const response = await fetch('/api/health', signal ? { signal } : {})
    return (await response.json()) as Health
  },

  flows: async (signal?: AbortSignal) => (await read<{ flows: FlowListItem[] }>('/api/flows', signal)).flows,
  createFlow: (name: string, from: 'empty' | 'sample') => write<{ id: string }>('POST', '/api/flows', { name, from }),
  flow: (id: string, signal?: AbortSignal) => read<OpenedFlow>(flowPath(id), signal),
  /** Rejects with `changedMeanwhile` (detail: ChangedMeanwhile) if somebody else saved since `revision`. */
  saveFlow: (id: string, flow: Flow, revision: number) => write<Saved>('PUT', flowPath(id), { flow, revision }),
  removeFlow: (id: string) => write<void>('DELETE', flowPath(id)),
  restoreFlow: (id: string) => write<void>('POST', `${flowPath(id)}/restore`),
  /** Rejects with `problems` (detail: PublishProblems) or `changedMeanwhile`. */
  publish: (id: string, revision: number, note: string) =>
    write<{ number: number; at: string }>('POST', `${flowPath(id)}/publish`, { revision, note }),
  versions: async (id: string, signal?: AbortSignal) =>
    (await read<{ versions: VersionItem[] }>(`${flowPath(id)}/versions`, signal)).versions,
  /** Lets a flow answer an account or number, or no longer; `called` null is the default. */
  /** Rejects with `taken` (detail: AnswerTaken) if another flow has it, unless `take`; with `notPublished` before the first version. */
  setAnswer: (id: string, called: string | null, on: boolean, take = false) =>
    write<void>('PUT', `${flowPath(id)}/answers`, { called, on, take }),

  /** The audio (WAV) that callers hear for a text. `language` is the flow's. */
  speak: async (text: string, language?: string, signal?: AbortSignal): Promise<Blob> =>
    (await send('POST', '/api/speech', { text, language }, signal)).blob(),

  /** Dials the draft as it stands on the screen. */
  placeCall: (body: { flowId: string; flow: Flow; caller: { name: string; phone?: string } }) =>
    write<{ callId: string; tenantId: string }>('POST', '/api/phone/calls', body),
  pressTones: (callId: string, tones: string) => write<void>('POST', `${phonePath(callId)}/tones`, { tones }),
  hangUp: (callId: string) => write<void>('POST', `${phonePath(callId)}/hangUp`),
  decideTransfer: (callId: string, outcome: 'accept' | 'decline' | 'noAnswer') =>
    write<void>('POST', `${phonePath(callId)}/transfer`, { outcome }),

  calls: async (page: { flowId?: string; before?: string } = {}, signal?: AbortSignal) =>
    (await read<{ calls: CallItem[] }>(`/api/calls?${new URLSearchParams(page)}`, signal)).calls,
  call: (id: string, signal?: AbortSignal) => read<OpenedCall>(`/api/calls/${encodeURIComponent(id)}`, signal),
}

const flowPath = (id: string) => `/api/flows/${encodeURIComponent(id)}`
const phonePath = (callId: string) => `/api/phone/calls/${encodeURIComponent(callId)}`

// The answers are not parsed again: both ends are built from wire.ts, in one package.
const read = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  (await (await send('GET', path, undefined, signal)).json()) as T

async function write<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const response = await send(method, path, body)
  return (response.status === 204 ? undefined : await response.json()) as T
}

async function send(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  let response: Response
  try {
    response = await fetch(path, {
      method,
      keepalive: method !== 'GET' && isSmall(json.body),
      ...json,
      ...(signal && { signal }),
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError(0, { code: 'offline', message: 'The server was not reached.' }, { cause })
  }
  if (response.ok) return response
  throw new ApiError(response.status, await errorOf(response))
}

/**
 * What is small is sent to the end also when its page is left. Browsers let at most 64 kB do so, of all requests together:
 * https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
 */
const isSmall = (body = ''): boolean => new Blob([body]).size < 30_000

/** Between us and the server there may be others, which answer in other shapes. */
async function errorOf(response: Response): Promise<ErrorBody['error']> {
  const body: Partial<ErrorBody> | null = await response.json().catch(() => null)
  return body?.error ?? { code: 'unknown', message: `The server answered ${response.status}.` }
}
