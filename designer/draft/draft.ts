import { type Change, edit } from '#flow/edit.ts'
import type { Flow } from '#flow/flow.ts'

/** A flow that is being drawn, with what was before and what was undone. What is selected is no part of it. */
export type Draft = {
  readonly flow: Flow
  readonly past: readonly Flow[]
  readonly future: readonly Flow[]
  /** What was done last, while it may still go on: the same again, soon after, is the same undo step. */
  readonly gesture: { readonly name: string; readonly at: number } | null
}

/** Undo steps that are kept. Flows share what did not change, so a step costs little. */
const historyLimit = 300

/** A burst of typing or a run of arrow keys is over when nothing came for this long. */
export const gestureMs = 1500

export const draftOf = (flow: Flow): Draft => ({ flow, past: [], future: [], gesture: null })

/**
 * Makes changes as one undo step, `at` a time in milliseconds.
 * @throws FlowError as `edit` does; the draft is then as it was.
 */
export function change(draft: Draft, changes: readonly Change[], at: number, gesture?: string): Draft {
  const next = replaced(draft, changes.reduce(edit, draft.flow))
  if (gesture === undefined) return next
  const goesOn = draft.gesture?.name === gesture && at - draft.gesture.at < gestureMs
  return { ...next, gesture: { name: gesture, at }, ...(goesOn && { past: draft.past }) }
}

/** Puts another flow in the place of the drawn one, as one undo step. */
export const replaced = (draft: Draft, flow: Flow): Draft => ({
  flow,
  past: [...draft.past, draft.flow].slice(-historyLimit),
  future: [],
  gesture: null,
})

export function undo(draft: Draft): Draft {
  const flow = draft.past.at(-1)
  if (!flow) return draft
  return { flow, past: draft.past.slice(0, -1), future: [draft.flow, ...draft.future], gesture: null }
}

export function redo(draft: Draft): Draft {
  const [flow, ...future] = draft.future
  if (!flow) return draft
  return { flow, past: [...draft.past, draft.flow], future, gesture: null }
}
