import { describe, expect, it } from 'vitest'
import { describeResult } from '#communications/wire/results.ts'
import { endWords, explain } from '#designer/calls/outcomes.ts'
import { kinds } from '#flow/kinds.ts'
import { contract, contractIsHere } from './contract.ts'

type Codes = Record<'callEnd' | 'transfer' | 'media' | 'requestErrors' | 'incoming' | 'invite', Row[]>
type Row = { code: number | null; subcode: number | null }

/** L7: the calls page and the client each say in plain words why a call ended; neither room looks into the other. */
describe.skipIf(!contractIsHere)('every documented end of a call', () => {
  const { callEnd, transfer } = contract('result-codes.json') as { callEnd: Row[]; transfer: Row[] } // its README says so
  const ends = [...callEnd, ...transfer.filter(({ code }) => code === 0)]

  it.each(ends.map(({ code, subcode }) => [`${code}/${subcode}`, code, subcode] as const))(
    '%s is told in words',
    (pair, code, subcode) => {
      expect(endWords(code, subcode)).not.toContain(pair)
      expect(describeResult({ code: code ?? 0, subcode: subcode ?? 0 }, 'call').words).not.toContain(pair)
    },
  )

  it('an unknown one is shown as it is', () => {
    expect(endWords(499, 12_345)).toContain('499/12345')
    expect(describeResult({ code: 499, subcode: 12_345 }, 'call').words).toContain('499/12345')
  })
})

/** D2: whatever fails, its step says what it means and what to do. */
describe.skipIf(!contractIsHere)('every documented failure', () => {
  const { callEnd, transfer, media, requestErrors, incoming, invite } = contract('result-codes.json') as Codes
  const failures = [...callEnd, ...transfer, ...media, ...requestErrors, ...incoming, ...invite].filter(
    ({ code, subcode }) => (code ?? 400) >= 400 && (code ?? subcode) !== null,
  )
  const unknown = explain('418/1')

  it.each(failures.map(({ code, subcode }) => `${code ?? ''}/${subcode ?? ''}`))(
    '%s is told in words, with its remedy',
    (pair) => {
      for (const kind of kinds) {
        const { title, cause, todo, said } = explain(pair, kind)
        expect(title).not.toBe(unknown.title)
        expect(`${title} ${cause}`).not.toContain(pair)
        expect(todo.join()).toMatch(/\w{4}.*[.]/)
        expect(said).toBe(pair)
      }
    },
  )

  it('7504 names the permissions of the block', () => {
    for (const kind of kinds) {
      for (const permission of kind.permissions) expect(explain('403/7504', kind).todo.join()).toContain(permission)
    }
  })
})
