import type { Problem } from '#flow/check.ts'
import type { Flow } from '#flow/flow.ts'

/**
 * What travels between these pages and the routes of `app/`, in both directions. The routes answer with these very types,
 * so a change on one side does not compile until the other has followed. Dates are ISO 8601 texts.
 */

export type Me = { name: string; initials: string; tenantId: string; local: boolean }

/** `next` says what to do; `detail` holds what code needs. */
export type ErrorBody = { error: { code: string; message: string; next?: string; detail?: unknown } }

export type Published = { versionId: string; number: number; at: string; by: string; hash: string }

/** What `taken` tells: the flow that answers. */
export type AnswerTaken = { name: string }

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
/** `detail` of the error `changedMeanwhile`. */
export type ChangedMeanwhile = { revision: number; updatedAt: string; updatedBy: string }
/** `detail` of the error `problems`. */
export type PublishProblems = { problems: Problem[] }
export type VersionItem = { id: string; number: number; note: string; at: string; by: string }

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
