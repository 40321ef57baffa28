import { createContext, use } from 'react'
import type { Change } from '#flow/edit.ts'
import type { Block } from '#flow/flow.ts'
import type { Value } from '#flow/values.ts'
import type { Edit } from '../canvas/canvasProps.ts'
import type { Drawing } from '../drawing.ts'
import { designerMessages } from '../messages/designer.ts'
import type { Finding } from '../problems/finding.ts'
import { problemWords } from '../problems/problemWords.ts'
import type { Field } from './fields.ts'

/** What the controls of one block's settings work on. */
export type Editing = {
  drawing: Drawing
  problems: readonly Finding[]
  id: string
  block: Block
  onChange: Edit
  /** Asks anew what is there of secrets and values, after one was changed from here. */
  reloadNames(): void
}

export const EditingContext = createContext<Editing | null>(null)

/** The block that is being edited. Only inside the inspector. */
export function useEditing(): Editing {
  const editing = use(EditingContext)
  if (!editing) throw new Error('useEditing needs an inspector around it.')
  return editing
}

/** What belongs to a change of a setting and is one undo step with it. */
export type Together = {
  /** Exits that changed their names; their links stay. */
  renamed?: Readonly<Record<string, string>>
  /** Changes that come first: a variable declared, the link of an exit that goes. */
  before?: readonly Change[]
}

/** What every control is given. */
export type ControlProps = {
  field: Field
  title: string
  hint: string | undefined
  example: string | undefined
  choices: Readonly<Record<string, string>>
  value: unknown
  /** What is wrong with it, in words. */
  problem: string | undefined
  onChange(value: Value, and?: Together): void
}

/** What is wrong with a field or exit of the block, in words; undefined when nothing is. */
export function faultOf({ drawing, problems, id }: Editing, where: { field?: string; exit?: string }) {
  const found = problems.find(
    (problem) =>
      problem.block === id &&
      problem.severity !== 'todo' &&
      (where.field === undefined
        ? problem.exit === where.exit && problem.code !== 'linkUnknown'
        : problem.field === where.field || problem.field?.startsWith(`${where.field}.`) === true),
  )
  if (!found) return undefined
  const { what, why } = problemWords(drawing, found)
  return found.exit === undefined ? `${what}. ${why}` : why
}

export const texts = designerMessages.inspector
