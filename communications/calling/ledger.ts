import { normalId } from '#ground/ids.ts'
import type { CommsOperation } from '../wire/types.ts'

/** How long to wait for the end of something before Graph is asked. Null: never. */
export type Patience = {
  ms: number | null
  /** While Graph says that it is still under way. */
  againMs: number | null
  /** How often Graph is asked at most. Null: as long as it is under way. */
  most: number | null
}

/** An operation that was begun and is not over. `wireId` is as Graph wrote it, `id` what is compared; null until they are known. */
export type Begun = {
  readonly context: string
  readonly id: string | null
  readonly wireId: string | null
  readonly patience: Patience
  readonly asked: number
}

/** One that is over. `early`: its end as Graph told it, kept where it may belong to one of ours that is not answered yet. */
type Over = { readonly id: string | null; readonly context: string | null; readonly early: CommsOperation | null }

/**
 * Which operations of a call are open, and which have ended. Plain data. The end may be heard before the answer that names the
 * operation, and some documented examples lack the id or the context, so either of the two is enough.
 */
export type Ledger = { readonly open: readonly Begun[]; readonly over: readonly Over[] }

const none: readonly Begun[] = []

export const emptyLedger: Ledger = { open: none, over: [] }

/** How many ended operations are remembered, to know their repeats and the answers that come after them. */
const mostRemembered = 100

/** Begins to wait for the end of an operation, before its request is sent. */
export function beginOperation(ledger: Ledger, context: string, patience: Patience): Ledger {
  const one: Begun = { context, id: null, wireId: null, patience, asked: 0 }
  return { open: without(ledger, context).concat(one), over: ledger.over }
}

/** The answer to the request: from now on its id counts too. `early` is the end, where that was told before the answer. */
export function nameOperation(
  ledger: Ledger,
  context: string,
  wireId: string | null | undefined,
): { ledger: Ledger; early: CommsOperation | null } {
  if (!wireId) return { ledger, early: null }
  const id = normalId(wireId)
  const early = ledger.over.findLast((one) => one.id === id)?.early ?? null
  if (early) return { ledger: forgetOperation(ledger, context), early }
  return { ledger: changed(ledger, context, { id, wireId }), early: null }
}

/** Graph was asked about it once more. */
export function countQuestion(ledger: Ledger, { context, asked }: Begun): Ledger {
  return changed(ledger, context, { asked: asked + 1 })
}

/** The end of an operation, heard or answered. `ours` is the open one that has ended; `isNew` is false for a repeat. */
export function endOperation(
  ledger: Ledger,
  operation: CommsOperation,
  operationId: string | null,
): { ledger: Ledger; ours: Begun | null; isNew: boolean } {
  const told = operation.clientContext ?? null
  const ours =
    (operationId === null ? undefined : ledger.open.find(({ id }) => id === operationId)) ??
    (told === null ? undefined : openOperation(ledger, told)) ??
    null
  const id = operationId ?? ours?.id ?? null
  const context = told ?? ours?.context ?? null
  const isRepeat = ledger.over.some(
    (one) => (id !== null && one.id === id) || (context !== null && one.context === context),
  )
  if (isRepeat && !ours) return { ledger, ours, isNew: false }
  const over = ledger.over.slice(1 - mostRemembered).concat({ id, context, early: ours ? null : operation })
  return { ledger: { open: ours ? without(ledger, ours.context) : ledger.open, over }, ours, isNew: true }
}

/** Nobody waits for it any more. */
export function forgetOperation(ledger: Ledger, context: string): Ledger {
  return { open: without(ledger, context), over: ledger.over }
}

export const openOperation = ({ open }: Ledger, context: string): Begun | undefined =>
  open.find((one) => one.context === context)

/** What is kept is made by `concat`, `map` or `slice`: after `filter` and spread V8 keeps room for sixteen more, 128 bytes. */
const without = ({ open }: Ledger, context: string): readonly Begun[] => {
  const rest = open.filter((one) => one.context !== context)
  return rest.length === 0 ? none : rest.slice()
}

const changed = ({ open, over }: Ledger, context: string, change: Partial<Begun>): Ledger => ({
  open: open.map((one) => (one.context === context ? { ...one, ...change } : one)),
  over,
})
