import type { Named } from '#flow/bundlePlan.ts'
import type { Calendar, Holiday } from '#flow/calendar.ts'
import type { Problem } from '#flow/check.ts'
import type { Block, Flow } from '#flow/flow.ts'
import type { KnownNames } from '#flow/named.ts'
import type { RouteRule } from '#flow/routing.ts'
import type { Shared } from '#flow/shared.ts'
import type { Cells, Row, Table } from '#flow/table.ts'
import type { TemplateId } from '#flow/templates/index.ts'
import type { Person } from '#ground/people.ts'

/**
 * What these pages and the routes of `app/` agree on. Both sides are built from these very types, so a change on one side does not
 * compile until the other has followed. Dates are ISO 8601 texts.
 */

/**
 * Every route that answers with JSON: what it is sent, and what it answers; `undefined` is 204. The path is that of its folder under `app/`,
 * and what stands in brackets is a part of the address.
 */
export type Routes = {
  'GET /api/me': { answer: Me }
  /** Also answers, with `ok` false, when something is not well. */
  'GET /api/health': { answer: Health }
  /** A page: those that have every word of `search`. `next` is `after` of the next page; null behind the last. */
  'GET /api/flows': { query: FlowListQuery; answer: FlowList }
  /**
   * `name` is the one that it got: with a number, if another flow has the one that was asked for. A template brings the calendars, tables
   * and values that it speaks of, as far as they are not here.
   */
  'POST /api/flows': { body: NewFlow; answer: { id: string; name: string } }
  /** The body is a flow's file. */
  'POST /api/flows/import': { body: unknown; answer: Imported }
  /** The name that a flow would get which is to be called so. */
  'GET /api/flows/name': { query: { name: string; flowId?: string }; answer: { name: string } }
  /** Deleted flows that can be restored, the latest first. */
  'GET /api/flows/removed': { answer: { flows: RemovedItem[] } }
  /** Refused with `removed` if it was deleted and can be restored. */
  'GET /api/flows/[flowId]': { answer: OpenedFlow }
  /** Refused with `changedMeanwhile` if something else was saved since `revision`; the same again is no conflict. With `flowNameTaken` if another flow is called so. */
  'PUT /api/flows/[flowId]': { body: { flow: Flow; revision: number }; answer: Saved }
  'DELETE /api/flows/[flowId]': { answer: undefined }
  'POST /api/flows/[flowId]/restore': { answer: Restored }
  /**
   * Begins to publish, and goes on by itself. What is being published already is what it answers. Refused with `problems`,
   * `changedMeanwhile`, or `publishing` while another state of the flow is on its way.
   */
  'POST /api/flows/[flowId]/publish': { body: { revision: number; note: string }; answer: Publishing }
  /** The latest publishing, under way or over. */
  'GET /api/flows/[flowId]/publish': { answer: { publishing: Publishing | null } }
  /** All that are under way. */
  'GET /api/publishing': { answer: { publishing: Publishing[] } }
  /** `before`: the number of the last version of the page before. */
  'GET /api/flows/[flowId]/versions': { query: { before?: string }; answer: FlowVersions }
  /** `version` is its number, or its id if it has none. */
  'GET /api/flows/[flowId]/versions/[version]': { answer: OpenedVersion }
  /** Puts it in the place of the draft; `before` is the id of the version that keeps what stood there. Refused with `changedMeanwhile`. */
  'POST /api/flows/[flowId]/versions/[version]/restore': {
    body: { revision: number }
    answer: Saved & { before: string }
  }
  /** Makes a new version that is equal to it, and that callers hear. Refused with `problems`. */
  'POST /api/flows/[flowId]/versions/[version]/rollback': {
    body: { note: string }
    answer: { number: number; at: string }
  }
  /**
   * Lets a flow answer an account or number, or no longer; `called` null is the default. Refused with `taken` if another flow has it,
   * unless `take`; with `notPublished` before the first version.
   */
  'PUT /api/flows/[flowId]/answers': { body: { called: string | null; on: boolean; take: boolean }; answer: undefined }
  /** Who answers what, in the order in which calls go through it; what has no condition is last. */
  'GET /api/routes': { answer: { rules: RouteItem[] } }
  /** Behind all others. Refused with `taken` if a flow answers under the same conditions; with `notPublished`. */
  'POST /api/routes': { body: WantedRoute; answer: { id: string } }
  /** In its place. Refused as above. */
  'PUT /api/routes/[routeId]': { body: WantedRoute; answer: undefined }
  'DELETE /api/routes/[routeId]': { answer: undefined }
  /** All rules but the one without conditions, in their new order. Refused with `changedMeanwhile` if there are others now. */
  'PUT /api/routes/order': { body: { ids: string[] }; answer: undefined }
  /** One page, the latest first. `more`: there are older ones, to be asked for with `before`, made by `placeOf` from the last one. */
  /** Secrets and values that flows name. A secret itself is never told. */
  'GET /api/values': { answer: NamedValues }
  /** Sets one, or replaces it. Refused with `noDataKey` for a secret where nothing can be sealed. */
  'PUT /api/values/[name]': { body: NamedSetting; answer: undefined }
  'DELETE /api/values/[name]': { answer: undefined }
  /** Lets a secret go to one more host. */
  'POST /api/values/[name]/hosts': { body: { host: string }; answer: undefined }
  /** Sends the request of a block for real, with example values as what its variables begin with. */
  'POST /api/requests/try': {
    body: { settings: Block['settings']; variables: Flow['variables'] }
    answer: Tried
  }
  /**
   * Starts a test call of the draft (decisions/executions.md). `data` is held against the payload that the flow declares; the header
   * Idempotency-Key keeps a request that is sent again from starting another. Refused with `payload`, `badKey`, `keyReused`, `stillBeginning`, `tokenNeeded`.
   */
  'POST /api/v1/flows/[flowId]/executions': {
    body: { data?: Block['settings']; caller?: { name: string; phone?: string } }
    answer: { id: string }
  }
  /** Whom a name or an address may mean. Refused with `peopleNotGranted`, `peopleAway`. */
  'GET /api/people': { query: { search: string }; answer: { people: Person[] } }
  'GET /api/calls': { query: CallQuery & { before?: string }; answer: { calls: CallItem[]; more: boolean } }
  /** How many there are of each group, and why callers were not reached today: since midnight of whoever asks. */
  'GET /api/calls/overview': { query: CallQuery & { since: string; today: string }; answer: CallOverview }
  /** The flows that calls can be of, by name. */
  'GET /api/calls/flows': { answer: { flows: { id: string; name: string }[] } }
  'GET /api/calls/[callId]': { answer: OpenedCall }
  /** What is known where a flow is drawn or checked; `mark` is another when any of it is. */
  'GET /api/shared': { answer: { shared: Shared; names: KnownNames; mark: string } }
  'GET /api/calendars': { answer: { calendars: CalendarItem[] } }
  /** Refused with `nameTaken` if another one is called so. */
  'POST /api/calendars': { body: { calendar: Calendar }; answer: { id: string } }
  'GET /api/calendars/[calendarId]': { answer: CalendarItem & { uses: CalendarUse[] } }
  /** Refused with `changedMeanwhile` if something else was saved since `revision`, or with `nameTaken`. */
  'PUT /api/calendars/[calendarId]': { body: { calendar: Calendar; revision: number }; answer: { revision: number } }
  /** Refused with `inUse` as long as flows speak of it. */
  'DELETE /api/calendars/[calendarId]': { answer: undefined }
  'GET /api/tables': { answer: { tables: TableItem[] } }
  /** Refused with `nameTaken` if another one is called so. */
  'POST /api/tables': { body: { table: Table; rows: Row[] }; answer: { id: string } }
  'GET /api/tables/[tableId]': { answer: TableItem & { rows: Row[]; uses: TableUse[] } }
  /** Refused with `changedMeanwhile`, `nameTaken`, or `inUse` where flows speak of a column that is gone or of another type. */
  'PUT /api/tables/[tableId]': { body: { table: Table; rows: Row[]; revision: number }; answer: { revision: number } }
  /** Refused with `inUse` as long as flows speak of it. */
  'DELETE /api/tables/[tableId]': { answer: undefined }
  /** The latest first. */
  'GET /api/tables/[tableId]/changes': { answer: { changes: RowChange[] } }
  /** As it was at a moment. */
  'GET /api/tables/[tableId]/rows': { query: { at: string }; answer: { rows: Row[] } }
  /** The public holidays of a place, of a year and the two after it. */
  'GET /api/holidays': { query: { place: string; year: string }; answer: { days: Holiday[] } }
  /** Countries, or the parts of a place. */
  'GET /api/holidays/places': { query: { in: string }; answer: { places: { id: string; name: string }[] } }
  /** The whole days of a calendar file from a day on; `left`: events that are none. */
  'POST /api/holidays/file': { body: { text: string; from: string }; answer: { days: Holiday[]; left: number } }
  /** The latest first, `most` at the most. What is heard of a message (WAV, also in pieces) is at `/audio` behind its address. */
  'GET /api/messages': { query: { most?: string }; answer: MessageList }
  'PATCH /api/messages/[messageId]': { body: { done: boolean }; answer: undefined }
  /** It can be taken back for a day. */
  'DELETE /api/messages/[messageId]': { answer: undefined }
  'POST /api/messages/[messageId]/restore': { answer: undefined }
  'GET /api/messages/setting': { answer: KeptMessages }
  /** Refused with `noDataKey` where nothing could be sealed. */
  'PUT /api/messages/setting': { body: { keeps: boolean; days: number }; answer: undefined }
  /** Who waits first, the most urgent before; then who was called back last. `most` at the most. */
  'GET /api/callbacks': { query: { most?: string }; answer: CallbackList }
  /** `owner` null: nobody's. Refused with `changedMeanwhile` if it is of somebody else than was `seen`; the same again is no conflict. */
  'PATCH /api/callbacks/[callbackId]': {
    body: { done: boolean } | { owner: string | null; seen: string | null }
    answer: undefined
  }
  /** Dials the draft as it stands on the screen. `at` (ISO 8601): the flow takes it for this time when the call begins. */
  'POST /api/phone/calls': {
    body: { flowId: string; flow: Flow; caller: TestCaller; at?: string }
    answer: { callId: string; tenantId: string }
  }
  'POST /api/phone/calls/[callId]/tones': { body: { tones: string }; answer: undefined }
  /** The caller speaks for so long, for what records. */
  'POST /api/phone/calls/[callId]/speech': { body: { seconds: number }; answer: undefined }
  'POST /api/phone/calls/[callId]/hangUp': { answer: undefined }
  'POST /api/phone/calls/[callId]/transfer': { body: { outcome: 'accept' | 'decline' | 'noAnswer' }; answer: undefined }
}

/** Under which conditions a flow answers; null for any. */
export type WantedRoute = Omit<RouteRule, 'position'> & { flowId: string }
export type RouteItem = RouteRule & { id: string; flowId: string; flow: string; version: number }

export type Route = keyof Routes
export type AnswerOf<R extends Route> = Routes[R]['answer']

/** What the address of a route holds, by the names in its brackets. */
export type ParamsOf<Path extends string> = Path extends `${string}[${infer Name}]${infer Rest}`
  ? { [Key in Name]: string } & ParamsOf<Rest>
  : unknown

/** What `detail` of an error holds, by its code. */
export type ErrorDetails = {
  /** The flow that answers. */
  taken: { name: string }
  /** `hash`, told of a save, is that of the document which is there: SHA-256 of `writeFlow`, as hex. */
  changedMeanwhile: { revision: number; updatedAt: string; updatedBy: string; hash?: string }
  problems: { problems: Problem[] }
  removed: { name: string; deletedAt: string; deletedBy: string; until: string }
}

/** Who makes a test call: somebody of the organisation by name, or a number in E.164. */
export type TestCaller = { name: string; phone?: string }

export type Me = { name: string; initials: string; tenantId: string; local: boolean }

/** `next` says what to do; `detail` holds what code needs. */
export type ErrorBody = { error: { code: string; message: string; next?: string; detail?: unknown } }

export type Published = { versionId: string; number: number; at: string; by: string; hash: string }

export type FlowListItem = {
  id: string
  name: string
  revision: number
  updatedAt: string
  updatedBy: string
  published: Published | null
  lastCall: { startedAt: string; outcome: string | null; state: 'live' | 'ended' } | null
  liveCalls: number
  /** Account ids, numbers, and 'default'. */
  answers: string[]
  problems: { errors: number; warnings: number }
  /** The draft differs from what callers hear. */
  changed: boolean
}

export type OpenedFlow = {
  id: string
  flow: Flow
  revision: number
  updatedAt: string
  updatedBy: string
  published: Published | null
  /** The draft differs from what callers hear. */
  changed: boolean
  /** What this flow answers, and when. */
  answers: RouteRule[]
  /** No flow answers by default, so this one will when it is published. */
  defaultIsFree: boolean
}

/** A flow on its way to callers. They hear it when all its prompts are spoken, all at once. */
export type Publishing = {
  id: string
  flowId: string
  state: 'waiting' | 'running' | 'done' | 'failed'
  by: string
  note: string
  /** Prompts that are spoken, and all of them; 0 of 0 until that is known. */
  done: number
  total: number
  /** Its number, once it is published. */
  version: number | null
  /** With the blocks that could not be spoken; `id` null is the apology of the flow. */
  failure: { code: string; message: string; blocks: { id: string | null; name: string; message: string }[] } | null
}

export type CalendarItem = { id: string; calendar: Calendar; revision: number; updatedAt: string; updatedBy: string }

/** A flow that speaks of a calendar: in what callers hear, in its draft, or both. */
export type CalendarUse = { flowId: string; name: string; live: boolean; draft: boolean }

export type TableItem = {
  id: string
  table: Table
  /** How many rows it has. */
  size: number
  revision: number
  updatedAt: string
  updatedBy: string
}

/** `writes`: the flow changes its rows. */
export type TableUse = CalendarUse & { writes: boolean }

/** Without `old` a row was added, without `now` removed. `callId`: a flow did it, on that call. */
export type RowChange = {
  rowId: string
  at: string
  by: string
  callId: string | null
  old: Cells | null
  now: Cells | null
}

/** What a flow begins as. `timeZone`: that of hours which a template brings, as IANA calls it; UTC if it is not told. */
export type NewFlow = { name: string; from: 'empty' | 'sample' | TemplateId; timeZone?: string }

export type Saved = { revision: number; updatedAt: string }

/** What came of a request that was tried: `values` as JSON, or why a variable would get none; or why there is no answer. */
export type Tried =
  | {
      status: number
      ms: number
      exit: string
      type: string
      body: string
      isCut: boolean
      values: ({ variable: string; value: string } | { variable: string; problem: string })[]
    }
  | { failed: 'timeout' | 'network' | 'badBody' | 'error' | 'settings'; problem: string; ms: number }

/** `plain`: null for a secret. `fixed`: the process's environment sets it, and this page cannot. `usedIn`: drafts that name it. */
export type NamedItem = {
  name: string
  kind: 'secret' | 'value'
  plain: string | null
  /** Where a secret may be sent to. */
  hosts: readonly string[]
  fixed: boolean
  updatedAt: string | null
  updatedBy: string | null
  usedIn: { id: string; name: string }[]
}

/** What one is set to. A secret without a text stays what it is, and only its hosts change. */
export type NamedSetting =
  | { kind: 'value'; text: string }
  | { kind: 'secret'; text: string | null; hosts: readonly string[] }

/** `missing`: what drafts name and nobody has set. `seals`: secrets can be kept here. */
export type NamedValues = {
  items: NamedItem[]
  missing: Pick<NamedItem, 'name' | 'kind' | 'usedIn'>[]
  seals: boolean
}

export type FlowListQuery = { search?: string; sort?: 'changed' | 'name'; after?: string }
export type FlowList = { flows: FlowListItem[]; total: number; next: string | null }

/**
 * `unknown`: the names of blocks that this program does not know; they are kept as they are. `unresolved`: secrets and values that the
 * flow names and that are not here. Of hours, tables and flows: `made` from the file, `matched` by their names with what was here and stays as
 * it is, `missing` in both.
 */
export type Imported = {
  id: string
  name: string
  blocks: number
  unknown: string[]
  unresolved: string[]
  made: Named[]
  matched: Named[]
  missing: Named[]
}

export type RemovedItem = {
  id: string
  name: string
  deletedAt: string
  deletedBy: string
  /** From then on it cannot be restored. */
  until: string
  /** The version that callers heard; null if there was none. */
  version: number | null
  /** What it answered: account ids, numbers, and 'default'. */
  answered: string[]
}

/** `taken`: what it answered before and another flow answers now, 'default' for whatever nothing else answers. */
export type Restored = { name: string; taken: { called: string; by: string }[] }

export type VersionItem = {
  id: string
  number: number
  note: string
  at: string
  by: string
  /** Calls that are in it now. */
  liveCalls: number
}

export type FlowVersions = {
  name: string
  draft: {
    revision: number
    updatedAt: string
    updatedBy: string
    /** It differs from what callers hear. */
    changed: boolean
  }
  /** What the version leads to that callers hear, the latest one: account ids, numbers, and 'default'. */
  answers: string[]
  versions: VersionItem[]
  /** True if there are earlier ones. */
  more: boolean
  /** Drafts that something else was put in the place of. */
  kept: { id: string; at: string; by: string }[]
}

export type OpenedVersion = {
  version: { id: string; number: number | null; note: string; at: string; by: string }
  flow: Flow
  name: string
  /** The version that callers hear. */
  heard: number | null
  /** Of the draft, as it is when this one is to be put in its place. */
  revision: number
}

/** How a call came out for its caller. `notReached`: something failed, or the connection was lost. `left`: the caller hung up. */
export type CallResult = 'live' | 'transferred' | 'finished' | 'left' | 'notReached'

/** The parts of the list. `earlier` is all that the others are not: of those not reached, the ones before `since`. */
export type CallGroup = 'notReached' | 'now' | 'earlier'

/** Which calls are wanted, as it stands in addresses. What is left out does not matter; times are ISO 8601. */
export type CallQuery = {
  flowId?: string
  result?: CallResult
  from?: string
  until?: string
  /** A part of a name or number, of a block's name, or of what a call came out as. */
  text?: string
  /** Callers who were not reached for one reason: what failed, and the block where it did; none if no block failed. */
  problem?: string
  block?: string
  group?: CallGroup
  /** From when on callers who were not reached are a group of their own. */
  since?: string
}

/** Where the next page of calls begins. */
export const placeOf = ({ startedAt, id }: Pick<CallItem, 'startedAt' | 'id'>): string => `${startedAt}~${id}`

/** Callers who were not reached for one reason. */
export type Incident = {
  flowId: string
  block: BlockOfCall | null
  problem: string
  calls: number
  since: string
}

/** Counts end at `most`: one more than that means "more". */
export type CallOverview = {
  counts: Record<CallGroup, number>
  callers: number
  incidents: Incident[]
  most: { counted: number; callers: number }
}

/** A block that a call came to, as its version names it; `type` is undefined for one that no one drew. */
export type BlockOfCall = { id: string; name: string; type?: string; kind?: KindOfBlock }

/** What is told of a call by the kind of a block; that of a block itself would bring all that blocks are made of. */
export type KindOfBlock = { handsOver: boolean; permissions: readonly string[] }

export type CallItem = {
  id: string
  flowId: string
  flowName: string
  /** The number of the version; null for a test of the draft. */
  version: number | null
  test: boolean
  state: 'live' | 'ended'
  result: CallResult
  caller: { name: string | null; id: string | null }
  startedAt: string
  endedAt: string | null
  /** The bot's word for how it ended. */
  outcome: string | null
  endCode: number | null
  endSubcode: number | null
  /** The block that the call is in, or was in last. */
  lastBlock: BlockOfCall | null
  /** The block that failed last, and why: a code of the platform or a word of the bot. */
  failedBlock: BlockOfCall | null
  problem: string | null
}

export type CallStep = {
  seq: number
  at: string
  block: string
  /** The words of `flow/step.ts`: `entered`, `again`, `left` or `failed`. */
  event: string
  exit: string | null
  detail: unknown
  /** Of a step in a flow that was entered from another one: its version among `entered`. */
  versionId: string | null
}

/** A call with the document that it ran on. */
export type OpenedCall = {
  call: CallItem & { graphCallId: string }
  steps: CallStep[]
  flow: Flow
  version: { number: number | null }
  /** The versions that it came to by entering them, by id. */
  entered: Readonly<Record<string, { flow: Flow; number: number | null }>>
}

/** `keeps`: what callers say into recordings is kept, for `days` days. `canKeep` is false where nothing could be sealed. */
export type KeptMessages = { keeps: boolean; days: number; canKeep: boolean }

/** What a caller has left to be heard. */
export type MessageItem = {
  id: string
  callId: string
  flowId: string
  /** Null when the flow is gone. */
  flowName: string | null
  test: boolean
  caller: { name: string | null; id: string | null }
  at: string
  /** How long something is to be heard in it. */
  durationMs: number
  done: { at: string; by: string } | null
  /** Who listened, the latest first, and no more than the last ones. */
  listens: { by: string; at: string }[]
}

/** `open`: how many are not done. `more`: there are older ones. */
export type MessageList = { messages: MessageItem[]; open: number; more: boolean }

/** Somebody who wants to be called back. */
export type CallbackItem = {
  id: string
  /** The call in which they asked last. */
  callId: string
  flowId: string
  /** Null when the flow is gone. */
  flowName: string | null
  test: boolean
  name: string
  /** What is dialled: E.164, a number as people of one country write it, or a user's object id. */
  number: string
  reason: string
  due: string
  owner: string | null
  /** How often they have asked, and when for the first time. */
  times: number
  at: string
  done: { at: string; by: string } | null
}

/** `open`: how many wait; of them so many are `overdue`. `more`: there are others. */
export type CallbackList = { callbacks: CallbackItem[]; open: number; overdue: number; more: boolean }

export type Health = {
  name: 'designer'
  ok: boolean
  version: string
  /** `emulator` is asked only in local mode. */
  checks: { database: boolean; emulator?: boolean }
}
