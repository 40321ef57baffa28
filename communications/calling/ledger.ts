import { normalId } from '#ground/ids.ts'
import { keep } from '#ground/keep.ts'
import type { CommsOperation } from '../wire/types.ts'

/** How long to wait for the end of something before Graph is asked. Null: never. */
export type Patience = {
  ms: number | null
  /** While Graph says that it is still under way. */
  againMs: number | null
  /** How often Graph is asked at most. Null: as long as it is under way. */
  most: number | null
}

/** An operation that was begun and is not over. `wireId` is as Graph wrote it; null until it is known. */
export type Begun = {
  readonly context: string
  readonly wireId: string | null
  readonly patience: Patience
  readonly asked: number
}

/** An end as Graph told it, that may belong to one of ours that is not answered yet. */
type Early = { readonly id: string; readonly operation: CommsOperation }

/**
 * Which operations of a call are open, and which have ended. Plain data. The end may be heard before the answer that names the
 * operation, and some documented examples lack the id or the context, so either of the two is enough: `over` holds both. A call may
 * have many behind it, so no more than that is kept of them.
 */
export type Ledger = {
  readonly open: readonly Begun[]
  readonly over: readonly string[]
  readonly early: readonly Early[]
}

const none: readonly never[] = []

export const emptyLedger: Ledger = { open: none, over: none, early: none }

/** How many ended operations are remembered, to know their repeats and the answers that come after them. */
const mostRemembered = 100

/** Begins to wait for the end of an operation, before its request is sent. */
export function beginOperation(ledger: Ledger, context: string, patience: Patience): Ledger {
  const one: Begun = { context, wireId: null, patience, asked: 0 }
  return withOpen(ledger, without(ledger, context).concat(one))
}

/** The answer to the request: from now on its id counts too. `early` is the end, where that was told before the answer. */
export function nameOperation(
  ledger: Ledger,
  context: string,
  wireId: string | null | undefined,
): { ledger: Ledger; early: CommsOperation | null } {
  if (!wireId) return { ledger, early: null }
  const id = normalId(wireId)
  const early = ledger.early.findLast((one) => one.id === id)?.operation ?? null
  if (early) return { ledger: forgetOperation(ledger, context), early }
  return {
    ledger: changed(ledger, context, ({ patience, asked }) => ({ context, wireId, patience, asked })),
    early: null,
  }
}

/** Graph was asked about it once more. */
export function countQuestion(ledger: Ledger, { context, asked }: Begun): Ledger {
  return changed(ledger, context, (one) => ({ ...one, asked: asked + 1 }))
}

/** The end of an operation, heard or answered. `ours` is the open one that has ended; `isNew` is false for a repeat. */
export function endOperation(
  ledger: Ledger,
  operation: CommsOperation,
  operationId: string | null,
): { ledger: Ledger; ours: Begun | null; isNew: boolean } {
  const told = operation.clientContext ?? null
  const ours =
    (operationId === null ? undefined : ledger.open.find((one) => idOf(one) === operationId)) ??
    (told === null ? undefined : openOperation(ledger, told)) ??
    null
  const id = operationId ?? (ours && idOf(ours))
  const context = told ?? ours?.context ?? null
  const isOver = (name: string | null) => name !== null && ledger.over.includes(name)
  if (!ours && (isOver(id) || isOver(context))) return { ledger, ours, isNew: false }
  const open = ours ? without(ledger, ours.context) : ledger.open
  const over = ledger.over.slice(2 - 2 * mostRemembered).concat(id ?? none, context ?? none)
  const early = ours || id === null ? ledger.early : ledger.early.slice(1 - mostRemembered).concat({ id, operation })
  return { ledger: { open, over, early }, ours, isNew: true }
}

/** Nobody waits for it any more. */
export function forgetOperation(ledger: Ledger, context: string): Ledger {
  return withOpen(ledger, without(ledger, context))
}

export const openOperation = ({ open }: Ledger, context: string): Begun | undefined =>
  open.find((one) => one.context === context)

const idOf = ({ wireId }: Begun): string | null => wireId && normalId(wireId)

const without = ({ open }: Ledger, context: string): readonly Begun[] => keep(open, (one) => one.context !== context)

const withOpen = ({ over, early }: Ledger, open: readonly Begun[]): Ledger => ({ open, over, early })

const changed = (ledger: Ledger, context: string, change: (one: Begun) => Begun): Ledger =>
  withOpen(
    ledger,
    ledger.open.map((one) => (one.context === context ? change(one) : one)),
  )
