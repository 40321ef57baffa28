import type * as z from 'zod'
import type { Kind } from '../blocks/index.ts'
import type { ProblemCode } from '../check.ts'

/** What people read of one setting; `choices` has a word for each of its values. */
type FieldWords = { title: string; hint?: string; example?: string; choices?: Readonly<Record<string, string>> }

export type BlockWords = { label: string; describe: string; fields: Readonly<Record<string, FieldWords>> }

/** The words of every kind: a block, a setting or a choice without a word does not compile. */
export type KindWords = {
  readonly [K in Kind as K['type']]: Omit<BlockWords, 'fields'> & { fields: FieldsOf<z.output<K['settings']>> }
}

type FieldsOf<Settings> = { readonly [Name in keyof Settings]: FieldWords & ChoicesOf<Settings[Name]> }
type ChoicesOf<Value> = [Value] extends [string]
  ? string extends Value
    ? unknown
    : { choices: Readonly<Record<Value, string>> }
  : unknown

/** What a sentence about a problem may name: what people call the exit, the setting and the block, and the problem's own details. */
export type ProblemNames = { exit: string; field: string; type: string; detail: string; reason: string }

type Sentence = string | ((names: ProblemNames) => string)
export type ProblemSentences = { what: Sentence; why: Sentence }

/** A sentence for every problem; some have one for each cause. */
export type ProblemWords = Readonly<
  Record<
    | Exclude<ProblemCode, 'setting' | 'handlerMissing'>
    | 'onErrorMissing'
    | 'onHangUpMissing'
    | 'linkToStart'
    | 'linkToKeys',
    ProblemSentences
  >
>
