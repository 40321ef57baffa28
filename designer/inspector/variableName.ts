import { type Flow, VariableName } from '#flow/flow.ts'
import { designerMessages } from '../messages/designer.ts'

const { inspector: words } = designerMessages

/** Whether a new variable can be called so; if not, why and what to write instead, in words. Nothing written yet is no fault. */
export function judgeName(name: string, { variables }: Flow): { right: boolean; fault: string | undefined } {
  if (name === '') return { right: false, fault: undefined }
  if (Object.hasOwn(variables, name)) return { right: false, fault: words.variableTaken }
  const right = VariableName.safeParse(name).success
  return { right, fault: right ? undefined : words.variableNotRight(meant(name)) }
}

/** What somebody meant who wrote it with blanks and signs: `employeeNumber`. Empty if nothing can be made of it. */
function meant(name: string): string {
  const [first = '', ...others] = name.split(/[^A-Za-z0-9_]+/).filter(Boolean)
  const joined = first + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return VariableName.safeParse(joined).success ? joined : ''
}
