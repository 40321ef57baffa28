import { chooseMessages } from '#ground/language.ts'
import type { Problem } from '../check.ts'
import { en } from './en.ts'
import type { BlockWords, ProblemNames, ProblemSentences } from './forms.ts'

// One more language is one file of the form `Translation<typeof en>`, and its name between these braces: `{ fr }`.
const chosen = chooseMessages(en, {})

// What is looked up by names that come from a flow or a call may not be there.
type ByName<Words> = Readonly<Record<string, Words>>
const exits: ByName<string> = chosen.exits
const blocks: ByName<BlockWords> = chosen.blocks
const faults: ByName<string | ((names: ProblemNames) => string)> = chosen.settingFaults
const types: ByName<string> = chosen.valueTypes
const help: ByName<string | ((names: ProblemNames) => string)> = chosen.settingHelp

/** What a problem is and why it matters. `names` says what people call the exit, the setting and the kind of block. */
function problem(
  found: Omit<Problem, 'severity'> & { severity?: string },
  names: Pick<ProblemNames, 'exit' | 'field' | 'type'>,
): { what: string; why: string } {
  const { detail = '', reason = '' } = found
  const all = { ...names, detail, reason: found.code === 'wrongType' ? (types[reason] ?? reason) : reason }
  const said = ({ what, why }: ProblemSentences) => ({ what: inWords(what, all), why: inWords(why, all) })
  switch (found.code) {
    case 'setting':
      return said({
        what: faults[detail] ?? chosen.settingFaults.other,
        why: helpFor(detail, reason),
      })
    case 'handlerMissing':
      return said(found.field === 'onError' ? chosen.problems.onErrorMissing : chosen.problems.onHangUpMissing)
    case 'linkBroken':
      return said(chosen.problems[({ start: 'linkToStart', keys: 'linkToKeys' } as const)[detail] ?? 'linkBroken'])
    default:
      return said(chosen.problems[found.code])
  }
}

const inWords = (sentence: ProblemSentences['what'], names: ProblemNames): string =>
  typeof sentence === 'string' ? sentence : sentence(names)

/** A limit that is not known cannot be told. */
const helpFor = (detail: string, reason: string) =>
  (reason === '' && detail.startsWith('too_') ? undefined : help[detail]) ?? chosen.settingHelp.other

/** The words of the flow language, in the language that is wanted. */
export const flowMessages = { ...chosen, blocks, exits, problem }
