import { describe, expect, it } from 'vitest'
import { describeResult } from '#communications/wire/results.ts'
import { endWords } from '#designer/calls/callWords.ts'
import { contract, contractIsHere } from './contract.ts'

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
