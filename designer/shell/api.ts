import type { Calendar } from '#flow/calendar.ts'
import type { Flow } from '#flow/flow.ts'
import type { Row, Table } from '#flow/table.ts'
import type {
  AnswerOf,
  CallQuery,
  ErrorBody,
  FlowListQuery,
  NamedSetting,
  NewFlow,
  ParamsOf,
  Route,
  Routes,
  WantedRoute,
} from '../wire.ts'
import { ApiError } from './error.ts'

/** Where server-sent events and audio come from; the browser opens these itself. */
export const addresses = {
  calls: '/api/calls/events',
  /** The calls as a table (CSV), with times as this machine tells them. */
  callExport: (query: CallQuery) =>
    `/api/calls/export?${new URLSearchParams({ ...query, zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}`,
  /** A flow as a file: its draft, or one of its versions; with the rows of its tables if they are wanted. */
  file: (flowId: string, { version, rows = false }: { version?: string; rows?: boolean } = {}) => {
    const query = new URLSearchParams({ ...(version !== undefined && { version }), ...(rows && { rows: '1' }) })
    return pathOf('/api/flows/[flowId]/file', { flowId }) + (query.size === 0 ? '' : `?${query}`)
  },
  /** The events of a phone call behind entry number `after`. */
  phone: (callId: string, after = 0) => `${pathOf('/api/phone/calls/[callId]/events', { callId })}?after=${after}`,
  /** What a caller has left, as sound. */
  message: (messageId: string) => pathOf('/api/messages/[messageId]/audio', { messageId }),
  media: (callId: string, media: number) => pathOf(`/api/phone/calls/[callId]/media/${media}`, { callId }),
}

/** The web API in words, one function a route. Every one rejects with ApiError, and takes a signal to be called off. */
export const api = {
  me: (signal?: AbortSignal) => ask('GET /api/me', { signal }),
  /** Also answers, with `ok` false, when something is not well. */
  health: async (signal?: AbortSignal): Promise<AnswerOf<'GET /api/health'>> =>
    (await fetch('/api/health', signal ? { signal } : {})).json(),

  flows: (query: FlowListQuery = {}, signal?: AbortSignal) => ask('GET /api/flows', { query, signal }),
  /** The name that a new flow, or this one, would get which is to be called so. */
  freeName: async (name: string, flowId: string | null, signal?: AbortSignal) =>
    (await ask('GET /api/flows/name', { query: { name, ...(flowId !== null && { flowId }) }, signal })).name,
  importFlow: (file: unknown) => ask('POST /api/flows/import', { body: file }),
  removedFlows: async (signal?: AbortSignal) => (await ask('GET /api/flows/removed', { signal })).flows,
  createFlow: (body: NewFlow) => ask('POST /api/flows', { body }),
  flow: (flowId: string, signal?: AbortSignal) => ask('GET /api/flows/[flowId]', { params: { flowId }, signal }),
  saveFlow: (flowId: string, flow: Flow, revision: number) =>
    ask('PUT /api/flows/[flowId]', {
      params: { flowId },
      body: { flow, revision },
      signal: AbortSignal.timeout(mostSaveMs),
    }),
  removeFlow: (flowId: string) => ask('DELETE /api/flows/[flowId]', { params: { flowId } }),
  restoreFlow: (flowId: string) => ask('POST /api/flows/[flowId]/restore', { params: { flowId } }),
  versions: (flowId: string, query: { before?: string } = {}, signal?: AbortSignal) =>
    ask('GET /api/flows/[flowId]/versions', { params: { flowId }, query, signal }),
  version: (flowId: string, version: string, signal?: AbortSignal) =>
    ask('GET /api/flows/[flowId]/versions/[version]', { params: { flowId, version }, signal }),
  restoreVersion: (flowId: string, version: string, revision: number) =>
    ask('POST /api/flows/[flowId]/versions/[version]/restore', { params: { flowId, version }, body: { revision } }),
  rollBack: (flowId: string, version: string) =>
    ask('POST /api/flows/[flowId]/versions/[version]/rollback', { params: { flowId, version }, body: { note: '' } }),
  publish: (flowId: string, revision: number, note: string) =>
    ask('POST /api/flows/[flowId]/publish', { params: { flowId }, body: { revision, note } }),
  publishing: async (flowId: string, signal?: AbortSignal) =>
    (await ask('GET /api/flows/[flowId]/publish', { params: { flowId }, signal })).publishing,
  allPublishing: async (signal?: AbortSignal) => (await ask('GET /api/publishing', { signal })).publishing,
  setAnswer: (flowId: string, called: string | null, on: boolean, take = false) =>
    ask('PUT /api/flows/[flowId]/answers', { params: { flowId }, body: { called, on, take } }),

  shared: (signal?: AbortSignal) => ask('GET /api/shared', { signal }),
  calendars: async (signal?: AbortSignal) => (await ask('GET /api/calendars', { signal })).calendars,
  createCalendar: async (calendar: Calendar) => (await ask('POST /api/calendars', { body: { calendar } })).id,
  calendar: (calendarId: string, signal?: AbortSignal) =>
    ask('GET /api/calendars/[calendarId]', { params: { calendarId }, signal }),
  saveCalendar: (calendarId: string, calendar: Calendar, revision: number) =>
    ask('PUT /api/calendars/[calendarId]', { params: { calendarId }, body: { calendar, revision } }),
  removeCalendar: (calendarId: string) => ask('DELETE /api/calendars/[calendarId]', { params: { calendarId } }),
  tables: async (signal?: AbortSignal) => (await ask('GET /api/tables', { signal })).tables,
  createTable: async (table: Table, rows: Row[]) => (await ask('POST /api/tables', { body: { table, rows } })).id,
  table: (tableId: string, signal?: AbortSignal) => ask('GET /api/tables/[tableId]', { params: { tableId }, signal }),
  saveTable: (tableId: string, table: Table, rows: Row[], revision: number) =>
    ask('PUT /api/tables/[tableId]', { params: { tableId }, body: { table, rows, revision } }),
  removeTable: (tableId: string) => ask('DELETE /api/tables/[tableId]', { params: { tableId } }),
  tableChanges: async (tableId: string, signal?: AbortSignal) =>
    (await ask('GET /api/tables/[tableId]/changes', { params: { tableId }, signal })).changes,
  tableRowsAt: async (tableId: string, at: string) =>
    (await ask('GET /api/tables/[tableId]/rows', { params: { tableId }, query: { at } })).rows,
  holidays: async (place: string, year: number) =>
    (await ask('GET /api/holidays', { query: { place, year: String(year) } })).days,
  holidayPlaces: async (within: string, signal?: AbortSignal) =>
    (await ask('GET /api/holidays/places', { query: { in: within }, signal })).places,
  daysInFile: (text: string, from: string) => ask('POST /api/holidays/file', { body: { text, from } }),

  routes: async (signal?: AbortSignal) => (await ask('GET /api/routes', { signal })).rules,
  addRoute: async (rule: WantedRoute) => (await ask('POST /api/routes', { body: rule })).id,
  changeRoute: (routeId: string, rule: WantedRoute) =>
    ask('PUT /api/routes/[routeId]', { params: { routeId }, body: rule }),
  removeRoute: (routeId: string) => ask('DELETE /api/routes/[routeId]', { params: { routeId } }),
  orderRoutes: (ids: string[]) => ask('PUT /api/routes/order', { body: { ids } }),

  /** A flow's file, or why there is none: `fileTooLarge`, for one that could not be brought in again. */
  flowFile: async (flowId: string, rows: boolean): Promise<Blob> =>
    (await send('GET', addresses.file(flowId, { rows }))).blob(),
  /** The audio (WAV) that callers hear for a text. `language` is the flow's. */
  speak: async (text: string, language?: string, signal?: AbortSignal): Promise<Blob> =>
    (await send('POST', '/api/speech', { text, language }, signal)).blob(),

  placeCall: (body: Routes['POST /api/phone/calls']['body']) => ask('POST /api/phone/calls', { body }),
  pressTones: (callId: string, tones: string) =>
    ask('POST /api/phone/calls/[callId]/tones', { params: { callId }, body: { tones } }),
  speakInto: (callId: string, seconds: number) =>
    ask('POST /api/phone/calls/[callId]/speech', { params: { callId }, body: { seconds } }),
  hangUp: (callId: string) => ask('POST /api/phone/calls/[callId]/hangUp', { params: { callId } }),
  decideTransfer: (callId: string, outcome: 'accept' | 'decline' | 'noAnswer') =>
    ask('POST /api/phone/calls/[callId]/transfer', { params: { callId }, body: { outcome } }),

  callbacks: (most: number, signal?: AbortSignal) => ask('GET /api/callbacks', { query: { most: `${most}` }, signal }),
  changeCallback: (callbackId: string, body: Routes['PATCH /api/callbacks/[callbackId]']['body']) =>
    ask('PATCH /api/callbacks/[callbackId]', { params: { callbackId }, body }),
  messages: (most: number, signal?: AbortSignal) => ask('GET /api/messages', { query: { most: `${most}` }, signal }),
  setMessageDone: (messageId: string, done: boolean) =>
    ask('PATCH /api/messages/[messageId]', { params: { messageId }, body: { done } }),
  removeMessage: (messageId: string) => ask('DELETE /api/messages/[messageId]', { params: { messageId } }),
  restoreMessage: (messageId: string) => ask('POST /api/messages/[messageId]/restore', { params: { messageId } }),
  keptMessages: (signal?: AbortSignal) => ask('GET /api/messages/setting', { signal }),
  keepMessages: (keeps: boolean, days: number) => ask('PUT /api/messages/setting', { body: { keeps, days } }),
  tryRequest: (body: Routes['POST /api/requests/try']['body'], signal?: AbortSignal) =>
    ask('POST /api/requests/try', { body, signal }),
  people: async (search: string, signal?: AbortSignal) =>
    (await ask('GET /api/people', { query: { search }, signal })).people,
  namedValues: (signal?: AbortSignal) => ask('GET /api/values', { signal }),
  setNamedValue: (name: string, body: NamedSetting) => ask('PUT /api/values/[name]', { params: { name }, body }),
  allowHost: (name: string, host: string) => ask('POST /api/values/[name]/hosts', { params: { name }, body: { host } }),
  removeNamedValue: (name: string) => ask('DELETE /api/values/[name]', { params: { name } }),

  calls: (query: Routes['GET /api/calls']['query'] = {}, signal?: AbortSignal) =>
    ask('GET /api/calls', { query, signal }),
  callOverview: (query: Routes['GET /api/calls/overview']['query'], signal?: AbortSignal) =>
    ask('GET /api/calls/overview', { query, signal }),
  callFlows: async (signal?: AbortSignal) => (await ask('GET /api/calls/flows', { signal })).flows,
  call: (callId: string, signal?: AbortSignal) => ask('GET /api/calls/[callId]', { params: { callId }, signal }),
}

/** A save without an answer for so long is tried again: the connection may have gone without a word. */
const mostSaveMs = 20_000

/** What a route must be given: its parts of the address, its body and its query, as far as it has them. */
type Given<R extends Route> = Omit<Routes[R], 'answer'> & {
  signal?: AbortSignal | undefined
} & (unknown extends ParamsOf<R> ? unknown : { params: ParamsOf<R> })

/** The answer is not parsed again: both ends are built from wire.ts, in one package. */
async function ask<R extends Route>(route: R, given: Given<R>): Promise<AnswerOf<R>> {
  const { params, query, body, signal }: Loose = given
  const [method = '', path = ''] = route.split(' ')
  const asked = query ? `?${new URLSearchParams(query)}` : ''
  const response = await send(method, pathOf(path, params ?? {}) + asked, body, signal)
  return response.status === 204 ? undefined : await response.json()
}

type Loose = {
  params?: Readonly<Record<string, string>>
  query?: Record<string, string>
  body?: unknown
  signal?: AbortSignal | undefined
}

const pathOf = (path: string, params: Readonly<Record<string, string>>): string =>
  path.replace(/\[(\w+)\]/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))

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
    if (signal?.aborted && !isNamed(cause, 'TimeoutError')) throw cause
    throw new ApiError(0, { code: 'offline', message: 'The server was not reached.' }, { cause })
  }
  if (response.ok) return response
  throw new ApiError(response.status, await errorOf(response))
}

const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name

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
