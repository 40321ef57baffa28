import type { Problem } from '#flow/check.ts'
import type { Flow } from '#flow/flow.ts'

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
  'GET /api/flows': { answer: { flows: FlowListItem[] } }
  'POST /api/flows': { body: { name: string; from: 'empty' | 'sample' }; answer: { id: string } }
  'GET /api/flows/[flowId]': { answer: OpenedFlow }
  /** Refused with `changedMeanwhile` if something else was saved since `revision`; the same again is no conflict. */
  'PUT /api/flows/[flowId]': { body: { flow: Flow; revision: number }; answer: Saved }
  'DELETE /api/flows/[flowId]': { answer: undefined }
  'POST /api/flows/[flowId]/restore': { answer: undefined }
  /** Refused with `problems` or `changedMeanwhile`. */
  'POST /api/flows/[flowId]/publish': {
    body: { revision: number; note: string }
    answer: { number: number; at: string }
  }
  'GET /api/flows/[flowId]/versions': { answer: { versions: VersionItem[] } }
  /**
   * Lets a flow answer an account or number, or no longer; `called` null is the default. Refused with `taken` if another flow has it,
   * unless `take`; with `notPublished` before the first version.
   */
  'PUT /api/flows/[flowId]/answers': { body: { called: string | null; on: boolean; take: boolean }; answer: undefined }
  'GET /api/calls': { query: { flowId?: string; before?: string }; answer: { calls: CallItem[] } }
  'GET /api/calls/[callId]': { answer: OpenedCall }
  /** Dials the draft as it stands on the screen. */
  'POST /api/phone/calls': {
    body: { flowId: string; flow: Flow; caller: { name: string; phone?: string } }
    answer: { callId: string; tenantId: string }
  }
  'POST /api/phone/calls/[callId]/tones': { body: { tones: string }; answer: undefined }
  'POST /api/phone/calls/[callId]/hangUp': { answer: undefined }
  'POST /api/phone/calls/[callId]/transfer': { body: { outcome: 'accept' | 'decline' | 'noAnswer' }; answer: undefined }
}

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
}

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
  /** The accounts and numbers that this flow answers; null stands for the default. */
  answers: (string | null)[]
}

export type Saved = { revision: number; updatedAt: string }
type VersionItem = { id: string; number: number; note: string; at: string; by: string }

export type CallItem = {
  id: string
  graphCallId: string
  flowId: string
  flowName: string
  /** The number of the version; null for a test of the draft. */
  version: number | null
  test: boolean
  state: 'live' | 'ended'
  caller: { name: string | null; id: string | null }
  called: string | null
  startedAt: string
  endedAt: string | null
  outcome: string | null
  endCode: number | null
  endSubcode: number | null
  /** The block that the call is in, or was in last. */
  lastBlock: { id: string; name: string } | null
}

export type CallStep = {
  seq: number
  at: string
  block: string
  /** The words of `flow/step.ts`: `entered`, `again`, `left` or `failed`. */
  event: string
  exit: string | null
  detail: unknown
}

/** A call with the document that it ran on. */
export type OpenedCall = { call: CallItem; steps: CallStep[]; flow: Flow; version: { number: number | null } }

export type Health = {
  name: 'designer'
  ok: boolean
  version: string
  /** `emulator` is asked only in local mode. */
  checks: { database: boolean; emulator?: boolean }
}
